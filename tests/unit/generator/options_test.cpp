#include "perf/generator/options.hpp"

#include <gtest/gtest.h>

#include "tests/support/packet_builder.hpp"

namespace gate41::generator {
namespace {

using testing::ip4;
using testing::ip6;

Words gateway() {
  Words words;
  words.lan = "net_ring0";
  words.lan_prefix = "2002:b00:2:1::/64";
  words.lan_device = "2002:b00:2:1::1";
  words.wan = "net_ring1";
  words.wan_address = "11.0.0.1";
  words.wan_device = "11.0.0.2";
  words.relay = "192.88.99.1";
  words.wan_prefix = "2600:42::/32";
  return words;
}

std::string refused(const Words& words) {
  const Result<Job> job = understand(words);
  return job ? "" : job.error().message;
}

TEST(Options, of_a_gateway_are_understood) {
  const Result<Job> job = understand(gateway());
  ASSERT_TRUE(job) << job.error().message;
  EXPECT_TRUE(job->wan.link.tunnel);
  EXPECT_EQ(job->wan.link.device_v4, ip4("11.0.0.2"));
  EXPECT_EQ(job->lan.around.device_v6, ip6("2002:b00:2:1::1"));
  EXPECT_TRUE(job->space.lan_prefix.contains(job->lan.around.own_v6));
}

TEST(Options, of_a_relay_may_have_another_outer_address_than_its_own) {
  Words words = gateway();
  words.outer = "192.88.99.1";
  words.relay.clear();
  words.sites = "12.0.0.0/8";
  const Result<Job> job = understand(words);
  ASSERT_TRUE(job) << job.error().message;
  EXPECT_EQ(job->wan.link.device_v4, ip4("192.88.99.1"));
  EXPECT_EQ(job->wan.around.device_v4, ip4("11.0.0.2"));
}

TEST(Options, of_two_devices_back_to_back_need_no_ipv4) {
  Words words = gateway();
  words.native = true;
  words.relay.clear();
  words.wan_address = "2600:41::1";
  words.wan_device = "2600:41::3";
  const Result<Job> job = understand(words);
  ASSERT_TRUE(job) << job.error().message;
  EXPECT_FALSE(job->wan.link.tunnel);
  EXPECT_EQ(job->wan.around.device_v6, ip6("2600:41::3"));
}

TEST(Options, of_one_port_let_that_side_send) {
  Words words = gateway();
  words.wan.clear();
  words.mode = "lan";
  EXPECT_EQ(refused(words), "");
  words.mode = "both";
  EXPECT_EQ(refused(words), "--mode: the WAN cannot send without --wan");
}

TEST(Options, name_a_rate_or_none) {
  Words words = gateway();
  words.rate = "max";
  EXPECT_EQ(understand(words)->traffic.rate, 0);
  for (const char* wrong : {"0", "-1", "fast", "10k", "inf"}) {
    words.rate = wrong;
    EXPECT_EQ(refused(words), "--rate: packets a second, or max") << wrong;
  }
}

TEST(Options, name_a_size_that_fits_or_a_mix) {
  Words words = gateway();
  words.size = "imix";
  EXPECT_EQ(understand(words)->traffic.sizes.size(), 12U);
  for (const char* wrong : {"83", "1499", "small", "84b"}) {
    words.size = wrong;
    EXPECT_EQ(refused(words), "--size: 84 to 1498, or imix") << wrong;
  }
}

TEST(Options, say_which_address_is_wrong) {
  Words words = gateway();
  words.wan_device = "11.0.0";
  EXPECT_EQ(refused(words), "--wan-device: `11.0.0` is none");
}

TEST(Options, have_the_wans_hosts_behind_a_relay_or_in_sites_of_their_own) {
  Words words = gateway();
  words.sites = "12.0.0.0/8";
  EXPECT_EQ(refused(words), "--relay: this or --sites, one of them");
}

TEST(Options, do_not_have_more_sites_than_addresses) {
  Words words = gateway();
  words.relay.clear();
  words.sites = "12.0.0.0/24";
  words.wan_hosts = 257;
  EXPECT_EQ(refused(words), "--wan-hosts: more than --sites has addresses");
}

TEST(Options, do_not_name_flows_that_there_are_not) {
  Words words = gateway();
  words.flows = 10;
  words.first_flow = kMostFlows - 10;
  EXPECT_EQ(refused(words), "");
  ++words.first_flow;
  EXPECT_EQ(refused(words), "--first-flow: there are not so many flows");
}

TEST(Options, know_how_many_packets_there_can_be) {
  Traffic traffic;
  traffic.rate = 1000;
  traffic.seconds = 2;
  EXPECT_EQ(traffic.most(), 2001U);
  traffic.count = 10;
  EXPECT_EQ(traffic.most(), 10U);
  traffic.count = 0;
  traffic.then_rate = 3000;
  EXPECT_EQ(traffic.most(), 6001U);
}

}  // namespace
}  // namespace gate41::generator
