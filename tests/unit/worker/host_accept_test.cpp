// Routing protocols of neighbours, for the kernel's programs (host.accept).
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

constexpr uint16_t kBgp = 179;
constexpr uint16_t kBfd = 3784;

const Ipv4Address kWanNeighbour = ip4("11.0.0.1");
const Ipv4Address kStranger = ip4("11.9.9.9");
const Ipv6Address kNativeLinkLocal = ip6("fe80::42:1");

PacketBuilder from_wan(Ipv4Address source, uint8_t ttl = 64) {
  return PacketBuilder().ethernet(kWanMac, kIspMac).ipv4(source, kRelayUnicastV4).ttl(ttl);
}
PacketBuilder from_native(const Ipv6Address& source, const Ipv6Address& destination, uint8_t hop_limit = 64) {
  return RelaySite::from_native().ipv6(source, destination).hop_limit(hop_limit);
}
PacketBuilder syn(PacketBuilder start, uint16_t port) { return start.tcp(40000, port); }

class HostAcceptTest : public ::testing::Test {
 protected:
  void expect_v4(const PacketBuilder& packet) {
    expect_raised(site_.wan_sends(packet), ExceptionClass::host_v4, packet);
  }
  void expect_v6(const PacketBuilder& packet) {
    const Outcome outcome = site_.native_sends(packet);
    ASSERT_EQ(outcome.raised.size(), 1U);
    EXPECT_EQ(outcome.raised[0].meta.exception_class, ExceptionClass::host_v6);
  }
  void SetUp() override { site_.snapshot.wan_subnet = *Ipv4Prefix::parse("11.0.0.0/24"); }
  RelaySite site_;
};

TEST_F(HostAcceptTest, NobodyGetsInUnasked) {
  expect_nothing(site_.wan_sends(syn(from_wan(kWanNeighbour), kBgp)));
  expect_nothing(site_.native_sends(syn(from_native(kNativeRouter, kNativeAddress), kBgp)));
  EXPECT_EQ(site_.drops(DropReason::ipv4_unsolicited), 1U);
  EXPECT_EQ(site_.drops(DropReason::filter_own_closed), 1U);
}

TEST_F(HostAcceptTest, NeighboursMayOpenBgp) {
  site_.snapshot.host_accept.bgp = true;
  expect_v4(syn(from_wan(kWanNeighbour), kBgp));
  expect_v6(syn(from_native(kNativeRouter, kNativeAddress), kBgp));
  expect_v6(syn(from_native(kNativeLinkLocal, kHomeLinkLocal), kBgp));
}

TEST_F(HostAcceptTest, StrangersMayNot) {
  site_.snapshot.host_accept = {true, true};
  expect_nothing(site_.wan_sends(syn(from_wan(kStranger), kBgp)));
  expect_nothing(site_.native_sends(syn(from_native(ip6("2600:42::1"), kNativeAddress), kBgp)));
}

TEST_F(HostAcceptTest, OtherPortsStayClosed) {
  site_.snapshot.host_accept = {true, true};
  expect_nothing(site_.wan_sends(syn(from_wan(kWanNeighbour), 22)));
  expect_nothing(site_.wan_sends(from_wan(kWanNeighbour, 255).udp(kBfd, kBgp)));
  expect_nothing(site_.native_sends(syn(from_native(kNativeRouter, kNativeAddress), kBfd)));
}

TEST_F(HostAcceptTest, BfdComesFromTheLinkItself) {
  site_.snapshot.host_accept.bfd = true;
  expect_v4(from_wan(kWanNeighbour, 255).udp(49152, kBfd).payload(24));
  expect_v6(from_native(kNativeRouter, kNativeAddress, 255).udp(49152, kBfd).payload(24));
  expect_nothing(site_.wan_sends(from_wan(kWanNeighbour, 254).udp(49152, kBfd).payload(24)));
  expect_nothing(
      site_.native_sends(from_native(kNativeRouter, kNativeAddress, 254).udp(49152, kBfd).payload(24)));
}

TEST_F(HostAcceptTest, BgpAloneLetsNoBfdIn) {
  site_.snapshot.host_accept.bgp = true;
  expect_nothing(site_.wan_sends(from_wan(kWanNeighbour, 255).udp(49152, kBfd).payload(24)));
}

// From the tunnel an address of the native subnet proves nothing.
TEST_F(HostAcceptTest, TheTunnelGetsNothing) {
  site_.snapshot.host_accept = {true, true};
  expect_nothing(site_.wan_sends(syn(RelaySite::from_site().ipv6(kSite, kNativeAddress), kBgp)));
}

}  // namespace
}  // namespace gate41::testing
