#include "perf/generator/answers.hpp"

#include <gtest/gtest.h>

#include "dataplane/net/checksum.hpp"
#include "dataplane/net/parse.hpp"
#include "perf/generator/flows.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::generator {
namespace {

using testing::ip4;
using testing::ip6;
using testing::mac;
using testing::PacketBuilder;
using Frame = std::vector<uint8_t>;

const MacAddress kOwn = mac("02:00:00:00:00:01");
const MacAddress kDevice = mac("02:00:00:00:00:aa");
const Ipv6Address kHost = ip6("2002:b00:2:1::10");
const Ipv6Address kRouter = ip6("2002:b00:2:1::1");

Neighbourhood wan() {
  Neighbourhood side;
  side.tunnel = true;
  side.own_mac = kOwn;
  side.own_v4 = ip4("11.0.0.1");
  side.device_v4 = ip4("11.0.0.2");
  side.hosts_v4 = {*Ipv4Prefix::parse("192.88.99.1")};
  return side;
}

Neighbourhood lan() {
  Neighbourhood side;
  side.own_v6 = kHost;
  side.device_v6 = kRouter;
  side.hosts_v6 = {*Ipv6Prefix::parse("2002:b00:2:1::/64")};
  return side;
}

Frame answer_to(const Neighbourhood& side, const Frame& frame) {
  return answer(side, parse_frame(frame), frame);
}

Frame arp_request(Ipv4Address from, Ipv4Address target) {
  return PacketBuilder().ethernet(kBroadcastMac, kDevice).arp(1, kDevice, from, {}, target).build();
}

Frame solicitation(const Ipv6Address& from, const Ipv6Address& target) {
  Frame body(target.bytes.begin(), target.bytes.end());
  const Ipv6Address group = solicited_node(target);
  return PacketBuilder()
      .ethernet(multicast_mac(group), kDevice)
      .ipv6(from, group)
      .hop_limit(255)
      .icmpv6(icmpv6_type::kNeighbourSolicitation, 0)
      .payload(body)
      .build();
}

Frame in_tunnel(const PacketBuilder& packet) { return packet.build(); }
PacketBuilder from_device(Ipv4Address to) {
  return PacketBuilder().ethernet(kOwn, kDevice).ipv4(ip4("11.0.0.2"), to);
}

TEST(Answers, arp_for_our_own_address) {
  EXPECT_EQ(answer_to(wan(), arp_request(ip4("11.0.0.2"), ip4("11.0.0.1"))),
            PacketBuilder()
                .ethernet(kDevice, kOwn)
                .arp(2, kOwn, ip4("11.0.0.1"), kDevice, ip4("11.0.0.2"))
                .build());
}

TEST(Answers, arp_for_a_relay_on_the_link) {
  EXPECT_FALSE(answer_to(wan(), arp_request(ip4("11.0.0.2"), ip4("192.88.99.1"))).empty());
}

TEST(Answers, no_arp_for_the_device_nor_for_strangers) {
  EXPECT_TRUE(answer_to(wan(), arp_request(ip4("11.0.0.9"), ip4("11.0.0.2"))).empty());
  EXPECT_TRUE(answer_to(wan(), arp_request(ip4("11.0.0.2"), ip4("11.0.0.7"))).empty());
}

TEST(Answers, no_arp_for_the_device_among_our_sites) {
  Neighbourhood side = wan();
  side.hosts_v4 = {*Ipv4Prefix::parse("11.0.0.0/8")};
  EXPECT_TRUE(answer_to(side, arp_request(ip4("11.0.0.9"), ip4("11.0.0.2"))).empty());
}

TEST(Answers, no_arp_probe_for_a_duplicate) {
  EXPECT_TRUE(answer_to(wan(), arp_request({}, ip4("11.0.0.1"))).empty());
}

TEST(Answers, a_solicitation_for_a_host_with_that_hosts_mac) {
  const Frame reply = answer_to(lan(), solicitation(kRouter, kHost));
  ASSERT_FALSE(reply.empty());
  const ParsedPacket parsed = parse_frame(reply);
  EXPECT_EQ(parsed.l4.icmp_type, icmpv6_type::kNeighbourAdvertisement);
  EXPECT_EQ(parsed.v6.source, kHost);
  EXPECT_EQ(parsed.v6.destination, kRouter);
  EXPECT_EQ(parsed.source_mac, mac_of(kHost));
}

TEST(Answers, no_solicitation_for_the_device_nor_for_strangers) {
  EXPECT_TRUE(answer_to(lan(), solicitation(kHost, kRouter)).empty());
  EXPECT_TRUE(answer_to(lan(), solicitation(kRouter, ip6("2600:41::7"))).empty());
}

TEST(Answers, no_probe_for_a_duplicate_address) {
  EXPECT_TRUE(answer_to(lan(), solicitation({}, kHost)).empty());
}

TEST(Answers, a_ping_through_the_tunnel) {
  const Ipv6Address site = ip6("2002:b00:2::1");
  const Ipv6Address relay = ip6("2002:c058:6301::1");
  const Frame reply = answer_to(
      wan(), in_tunnel(from_device(ip4("192.88.99.1")).ipv6(site, relay).hop_limit(1).echo_request(7, 8)));
  EXPECT_EQ(reply, PacketBuilder()
                       .ethernet(kDevice, kOwn)
                       .ipv4(ip4("192.88.99.1"), ip4("11.0.0.2"))
                       .ipv6(relay, site)
                       .echo_reply(7, 8)
                       .build());
}

TEST(Answers, a_probe_of_a_border_relay_by_sending_it_back) {
  const Ipv6Address customer = ip6("2600:41:8000:20::1");
  const Frame reply = answer_to(
      wan(),
      in_tunnel(from_device(ip4("192.88.99.1")).ipv6(customer, customer).hop_limit(64).echo_request(7, 8)));
  const ParsedPacket parsed = parse_frame(reply);
  EXPECT_EQ(parsed.v4.destination, ip4("11.0.0.2"));
  EXPECT_EQ(parsed.l4.icmp_type, icmpv6_type::kEchoRequest);
  EXPECT_EQ(parsed.v6.hop_limit, 63);
}

TEST(Answers, no_ping_to_whom_we_are_not) {
  const Frame frame =
      in_tunnel(from_device(ip4("12.0.0.1")).ipv6(kHost, ip6("2600:42::80")).echo_request(7, 8));
  EXPECT_TRUE(answer_to(wan(), frame).empty());
}

TEST(Answers, nothing_that_is_broken) {
  Frame frame = arp_request(ip4("11.0.0.2"), ip4("11.0.0.1"));
  frame.resize(20);
  EXPECT_TRUE(answer_to(wan(), frame).empty());
}

TEST(DeviceMac, is_asked_for_and_understood_by_arp) {
  const Frame asked = question(wan());
  EXPECT_EQ(asked, PacketBuilder()
                       .ethernet(kBroadcastMac, kOwn)
                       .arp(1, kOwn, ip4("11.0.0.1"), {}, ip4("11.0.0.2"))
                       .build());
  const Frame told =
      PacketBuilder().ethernet(kOwn, kDevice).arp(2, kDevice, ip4("11.0.0.2"), kOwn, ip4("11.0.0.1")).build();
  EXPECT_EQ(device_mac(wan(), parse_frame(told), told), kDevice);
}

TEST(DeviceMac, is_not_taken_from_somebody_elses_answer) {
  const Frame told =
      PacketBuilder().ethernet(kOwn, kDevice).arp(2, kDevice, ip4("11.0.0.9"), kOwn, ip4("11.0.0.1")).build();
  EXPECT_FALSE(device_mac(wan(), parse_frame(told), told));
}

TEST(DeviceMac, is_asked_for_by_a_solicitation_that_a_neighbour_would_answer) {
  Neighbourhood other = lan();
  other.device_v6 = kHost;  // for it, we are the device
  const Frame asked = question(lan());
  EXPECT_EQ(parse_frame(asked).v6.destination, solicited_node(kRouter));
  const Frame told = answer(other, parse_frame(asked), asked);
  EXPECT_EQ(device_mac(lan(), parse_frame(told), told), mac_of(kRouter));
}

}  // namespace
}  // namespace gate41::generator
