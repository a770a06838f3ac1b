// What follows from an ICMPv4 error: only when this box could have sent what it is about.
#include "control/path/errors.hpp"

#include <gmock/gmock.h>

#include "tests/unit/path/frames.hpp"

namespace gate41::path {
namespace {

using namespace gate41::testing;  // NOLINT: helpers of this room
using ::testing::HasSubstr;
using Octets = std::vector<uint8_t>;

constexpr TimePoint kNow{std::chrono::seconds(1000)};
const Ipv4Address kSite = ip4("11.0.3.99");
const Ipv6Address kSiteHost = ip6("2002:b00:363:1::5");
const Ipv6Address kHomeRouter = ip6("2002:b00:2:1::1");

Snapshot gateway(bool dynamic = true) {
  Snapshot snapshot;
  Tunnel& tunnel = snapshot.tunnels.emplace_back();
  tunnel.up = true;
  tunnel.local = tunnel.external = kOwn;
  tunnel.wan_subnet = *Ipv4Prefix::parse("11.0.0.0/24");
  tunnel.prefix = *Ipv6Prefix::parse("2002:b00:2::/48");
  tunnel.address = ip6("2002:b00:2::1");
  tunnel.relays = {kRelay};
  tunnel.mtu = 1480;
  tunnel.mtu_by_path = dynamic;
  LanView home;
  home.prefixes = {*Ipv6Prefix::parse("2002:b00:2:1::/64")};
  home.error_source = kHomeRouter;
  snapshot.lans = {home};
  return snapshot;
}

Consequences after(const Octets& frame, const Snapshot& snapshot = gateway()) {
  const auto error = read_tunnel_error(frame);
  EXPECT_TRUE(error);
  return error ? Errors().on_error(*error, snapshot, kNow) : Consequences{};
}

// What the host is told: the quote is all that the router sent of its packet.
Octets told(uint8_t type, uint8_t code, uint32_t parameter, std::size_t length, std::size_t quoted) {
  Octets quote = inner(PacketBuilder(), length).build();
  quote.resize(std::min(quote.size(), quoted));
  return PacketBuilder().ipv6(kHomeRouter, kHost).icmpv6(type, code, parameter).payload(quote).build();
}

Octets unreachable(const PacketBuilder& packet) { return error(3, 1, 0, packet.build()); }

// proves: D16 D18
TEST(PathErrors, TooBigTeachesTheMtuOfTheEndpoint) {
  const Consequences consequences = after(too_big(1400));
  EXPECT_TRUE(consequences.plausible);
  EXPECT_EQ(consequences.endpoint_mtu, 1400);
}

// proves: D17 D16
TEST(PathErrors, TooBigIsPassedOnToTheHost) {
  EXPECT_EQ(after(too_big(1400)).answer, told(2, 0, 1380, 1480, 528));
}

// proves: D18 I7
TEST(PathErrors, TheHostIsNeverToldLessThan1280) {
  EXPECT_EQ(after(too_big(600)).answer, told(2, 0, 1280, 1480, 528));
}

// The next one goes with DF clear.
// proves: D8
TEST(PathErrors, APacketOf1280BytesIsNotTooBigForIpv6) {
  const Consequences consequences = after(too_big(600, 1280));
  EXPECT_EQ(consequences.endpoint_mtu, 600);
  EXPECT_TRUE(consequences.answer.empty());
}

// proves: D17
TEST(PathErrors, UnreachableIsPassedOnToTheHost) {
  const Consequences consequences = after(unreachable(inner(outer(), 100)));
  EXPECT_EQ(consequences.answer, told(1, 3, 0, 100, 100));
  EXPECT_FALSE(consequences.endpoint_mtu);
}

// proves: D17
TEST(PathErrors, TooFarAwayIsUnreachableForTheHost) {
  const Consequences consequences = after(error(11, 0, 0, inner(outer(), 100).build()));
  EXPECT_EQ(consequences.answer, told(1, 3, 0, 100, 100));
  EXPECT_FALSE(consequences.unreachable);
}

// proves: D17
TEST(PathErrors, WithoutTheWholeIpv6HeaderNobodyIsTold) {
  EXPECT_TRUE(after(error(3, 1, 0, inner(outer(), 100).build(), 59)).answer.empty());
  EXPECT_FALSE(after(error(3, 1, 0, inner(outer(), 100).build(), 60)).answer.empty());
}

// I2.
// proves: D17
TEST(PathErrors, NobodyIsToldOfAnError) {
  const auto packet = outer().ipv6(kHost, kServer).icmpv6(1, 3).payload(60);
  EXPECT_TRUE(after(unreachable(packet)).answer.empty());
}

// proves: D17
TEST(PathErrors, ASourceThatIsOnNoLanIsNotTold) {
  const auto packet = inner(outer(), 100, ip6("2002:b00:2::1"));
  EXPECT_TRUE(after(unreachable(packet)).plausible);
  EXPECT_TRUE(after(unreachable(packet)).answer.empty());
}

// proves: D18
TEST(PathErrors, UnreachableEndpointsAreNamedForTheirHealth) {
  EXPECT_EQ(after(unreachable(inner(outer(), 100))).unreachable, kRelay);
}

// proves: D18
TEST(PathErrors, ASiteIsAPeerByItsPrefix) {
  EXPECT_TRUE(after(unreachable(inner(outer(kOwn, kSite), 100, kHost, kSiteHost))).plausible);
}

// Two tunnels with one address: by what it sends.
// proves: D18 C24
TEST(PathErrors, BelongToTheTunnelThatSendsSuchPackets) {
  Snapshot snapshot = gateway();
  Tunnel peer;
  peer.kind = TunnelKind::six_in_four;
  peer.up = true;
  peer.local = peer.external = kOwn;
  peer.prefix = *Ipv6Prefix::parse("2600:41:1::/48");
  peer.relays = {kSite};
  peer.mtu = 1480;
  peer.mtu_by_path = true;
  snapshot.tunnels.insert(snapshot.tunnels.begin(), peer);
  EXPECT_EQ(after(too_big(1400), snapshot).tunnel, 1U);
  const auto packet = inner(outer(kOwn, kSite), 1480, ip6("2600:41:1:1::10"));
  const Consequences consequences = after(error(3, 4, 1400, packet.build()), snapshot);
  EXPECT_TRUE(consequences.plausible);
  EXPECT_EQ(consequences.tunnel, 0U);
}

// A 6rd domain is the operator's own: private addresses are sites there.
// proves: D18 E28
TEST(PathErrors, ASixRdSiteIsAPeerByTheDomain) {
  Snapshot snapshot = gateway();
  Tunnel& tunnel = snapshot.tunnels[0];
  tunnel.kind = TunnelKind::six_rd;
  tunnel.domain = {*Ipv6Prefix::parse("2600:41::/32"), *Ipv4Prefix::parse("10.0.0.0/8")};
  tunnel.local = tunnel.external = ip4("10.0.0.2");
  EXPECT_TRUE(after(error(3, 1, 0, inner(outer(ip4("10.0.0.2"), ip4("10.0.0.9")), 100).build(), 28), snapshot)
                  .plausible);
  EXPECT_FALSE(
      after(error(3, 1, 0, inner(outer(ip4("10.0.0.2"), kSite), 100).build(), 28), snapshot).plausible);
}

class Implausible : public ::testing::TestWithParam<std::pair<const char*, Octets>> {};
// proves: D18 X8 Q14
TEST_P(Implausible, NothingFollows) {
  const Consequences consequences = after(GetParam().second);
  EXPECT_FALSE(consequences.plausible);
  EXPECT_FALSE(consequences.endpoint_mtu);
  EXPECT_FALSE(consequences.unreachable);
  EXPECT_FALSE(consequences.event);
  EXPECT_TRUE(consequences.answer.empty());
}
INSTANTIATE_TEST_SUITE_P(
    D18, Implausible,
    ::testing::Values(
        std::pair("another source", unreachable(inner(outer(kSite, kRelay), 100))),
        std::pair("native destination by no relay", unreachable(inner(outer(kOwn, kSite), 100))),
        std::pair("another site's address",
                  unreachable(inner(outer(kOwn, ip4("11.0.3.98")), 100, kHost, kSiteHost))),
        std::pair("a source that is not of this site", unreachable(inner(outer(), 100, kSiteHost))),
        std::pair("a private peer", error(3, 1, 0, inner(outer(kOwn, ip4("10.0.0.1")), 100).build(), 28)),
        std::pair("longer than the tunnel's packets", too_big(1400, 1481)),
        std::pair("an MTU below 68", too_big(67)), std::pair("an MTU that it was within", too_big(1500))));

// Its packets have DF clear.
// proves: D6 D18 X1
TEST(PathErrors, AStaticTunnelSendsNothingThatIsTooBig) {
  EXPECT_FALSE(after(too_big(1400), gateway(false)).plausible);
}

// proves: D18
TEST(PathErrors, NothingIsPlausibleWithoutAPrefix) {
  Snapshot snapshot = gateway();
  snapshot.tunnels[0].up = false;
  EXPECT_FALSE(after(too_big(1400), snapshot).plausible);
}

// proves: D17
TEST(PathErrors, AreLoggedWithWhoAndWhy) {
  const auto event = after(unreachable(inner(outer(), 100))).event;
  ASSERT_TRUE(event);
  EXPECT_EQ(*event, "192.88.99.1 is unreachable, says 11.9.9.9 (ICMP type 3, code 1)");
}

// proves: D17
TEST(PathErrors, AreLoggedOnceAMinuteWithHowManyWereNot) {
  Errors errors;
  const Octets frame = unreachable(inner(outer(), 100));
  const auto error = read_tunnel_error(frame);
  EXPECT_TRUE(errors.on_error(*error, gateway(), kNow).event);
  EXPECT_FALSE(errors.on_error(*error, gateway(), kNow + std::chrono::seconds(59)).event);
  const auto again = errors.on_error(*error, gateway(), kNow + std::chrono::seconds(60)).event;
  ASSERT_TRUE(again);
  EXPECT_THAT(*again, HasSubstr("; 1 other errors before"));
}

// E12: it cannot learn; the hole below 1300 is at least seen.
TEST(PathErrors, AnAnycastRelayLogsThatAPathIsTooNarrow) {
  Snapshot relay = gateway(false);
  relay.role = relay.tunnels[0].role = TunnelRole::relay;
  relay.tunnels[0].anycast = kRelay;
  relay.tunnels[0].mtu = 1280;
  const auto packet = inner(outer(kRelay, kSite), 1280, kServer, kSiteHost);
  const Consequences consequences = after(error(3, 4, 1200, packet.build()), relay);
  EXPECT_FALSE(consequences.endpoint_mtu);
  ASSERT_TRUE(consequences.event);
  EXPECT_THAT(*consequences.event, HasSubstr("takes no packets as long as ours"));
}

}  // namespace
}  // namespace gate41::path
