#include "perf/generator/flows.hpp"

#include <gtest/gtest.h>
#include <map>
#include <set>
#include <tuple>

#include "tests/support/packet_builder.hpp"

namespace gate41::generator {
namespace {

using testing::ip4;

FlowSpace behind_a_relay() {
  FlowSpace space;
  space.lan_prefix = *Ipv6Prefix::parse("2002:b00:2:1::/64");
  space.wan_prefix = *Ipv6Prefix::parse("2600:42::/32");
  space.relay = ip4("192.88.99.1");
  return space;
}

FlowSpace sites(uint32_t count) {
  FlowSpace space = behind_a_relay();
  space.wan_is_sites = true;
  space.site_block = *Ipv4Prefix::parse("12.0.0.0/8");
  space.wan_hosts = count;
  return space;
}

TEST(Flows, of_one_number_are_always_the_same) {
  EXPECT_EQ(flow_of(behind_a_relay(), 41), flow_of(behind_a_relay(), 41));
}

TEST(Flows, have_no_two_pairs_of_ports_alike_also_between_the_same_hosts) {
  std::set<std::pair<uint16_t, uint16_t>> pairs;
  for (uint64_t i = 0; i < 2 * kLanPorts + 100; ++i) {
    const Flow flow = flow_of(behind_a_relay(), i);
    pairs.emplace(flow.lan_port, flow.wan_port);
  }
  EXPECT_EQ(pairs.size(), 2 * kLanPorts + 100);
}

TEST(Flows, keep_to_the_ports_of_rfc4814) {
  for (const uint64_t i : {uint64_t{0}, kLanPorts - 1, kLanPorts, kMostFlows - 1}) {
    const Flow flow = flow_of(behind_a_relay(), i);
    EXPECT_GE(flow.lan_port, 1024) << i;
    EXPECT_GE(flow.wan_port, 1) << i;
    EXPECT_LE(flow.wan_port, 49151) << i;
  }
}

TEST(Flows, have_their_ends_in_the_prefixes_of_their_sides) {
  const FlowSpace space = behind_a_relay();
  for (uint64_t i = 0; i < 100; ++i) {
    const Flow flow = flow_of(space, i);
    EXPECT_TRUE(space.lan_prefix.contains(flow.lan)) << flow.lan.to_string();
    EXPECT_TRUE(space.wan_prefix.contains(flow.wan)) << flow.wan.to_string();
    EXPECT_EQ(flow.peer, space.relay);
  }
}

TEST(Flows, use_as_many_hosts_as_there_are) {
  FlowSpace space = behind_a_relay();
  space.lan_hosts = 7;
  space.wan_hosts = 5;
  std::set<Ipv6Address> lan;
  std::set<Ipv6Address> wan;
  for (uint64_t i = 0; i < 1000; ++i) {
    lan.insert(flow_of(space, i).lan);
    wan.insert(flow_of(space, i).wan);
  }
  EXPECT_EQ(lan.size(), 7U);
  EXPECT_EQ(wan.size(), 5U);
}

TEST(Flows, begin_at_hosts_that_can_be_named_one_by_one) {
  FlowSpace space = behind_a_relay();
  space.lan_hosts = 3;
  const std::set<Ipv6Address> hosts = {lan_host(space, 0), lan_host(space, 1), lan_host(space, 2)};
  ASSERT_EQ(hosts.size(), 3U);
  for (uint64_t i = 0; i < 50; ++i) EXPECT_TRUE(hosts.contains(flow_of(space, i).lan)) << i;
}

TEST(Flows, of_6to4_sites_embed_the_ipv4_address_of_their_site) {
  const FlowSpace space = sites(300);
  for (uint64_t i = 0; i < 100; ++i) {
    const Flow flow = flow_of(space, i);
    EXPECT_TRUE(space.site_block.contains(flow.peer)) << flow.peer.to_string();
    EXPECT_TRUE(six_to_four_prefix(flow.peer).contains(flow.wan)) << flow.wan.to_string();
  }
}

TEST(Flows, of_6rd_sites_have_the_bits_that_the_domain_does_not_share) {
  FlowSpace space = sites(10);
  space.domain = {*Ipv6Prefix::parse("2600:41:8000::/36"), *Ipv4Prefix::parse("12.0.0.0/8")};
  const Flow flow = flow_of(space, 3);
  EXPECT_TRUE(space.domain.contains(flow.wan));
  EXPECT_EQ(space.domain.v4_of(flow.wan), flow.peer);
}

TEST(Flows, have_a_site_for_each_host_of_the_wan) {
  const FlowSpace space = sites(256);
  std::map<Ipv4Address, std::set<Ipv6Address>> hosts;
  for (uint64_t i = 0; i < 10'000; ++i) hosts[flow_of(space, i).peer].insert(flow_of(space, i).wan);
  EXPECT_EQ(hosts.size(), 256U);
  for (const auto& [site, addresses] : hosts) EXPECT_EQ(addresses.size(), 1U) << site.to_string();
}

TEST(FlowOrder, in_turn_begins_again_after_the_last) {
  EXPECT_EQ(flow_index(FlowOrder::turn, 3, 2), 2U);
  EXPECT_EQ(flow_index(FlowOrder::turn, 3, 3), 0U);
}

TEST(FlowOrder, at_random_has_every_flow_about_equally_often) {
  std::map<uint64_t, unsigned> often;
  for (uint32_t i = 0; i < 10'000; ++i) ++often[flow_index(FlowOrder::random, 10, i)];
  ASSERT_EQ(often.size(), 10U);
  for (const auto& [flow, count] : often) EXPECT_NEAR(count, 1000, 150) << flow;
}

TEST(HostMac, is_one_machines_and_hangs_on_the_address) {
  const MacAddress one = mac_of(testing::ip6("2600:41::1"));
  EXPECT_FALSE(one.is_multicast());
  EXPECT_NE(one, mac_of(testing::ip6("2600:41::2")));
}

}  // namespace
}  // namespace gate41::generator
