// The checks by example: the packets that the rows speak of. The matrix covers the combinations.
#include "dataplane/tunnel/checks.hpp"

#include <gtest/gtest.h>

#include "tests/unit/tunnel/routers.hpp"

namespace gate41::testing {
namespace {

struct Arrival {
  const char* source_v4;
  const char* destination_v4;
  const char* source;
  const char* destination;
  uint8_t protocol = ip_proto::kTcp;
};

Drop arrive(const Tunnel& tunnel, const Arrival& arrival) {
  Ipv4Fields outer;
  outer.source = ip4(arrival.source_v4);
  outer.destination = ip4(arrival.destination_v4);
  if (const Drop drop = check_outer(tunnel, outer)) return drop;
  ParsedPacket packet;
  packet.v6.source = ip6(arrival.source);
  packet.v6.destination = ip6(arrival.destination);
  packet.l4.protocol = arrival.protocol;
  return check_inner(tunnel, outer, packet);
}

Drop leave(const Tunnel& tunnel, const char* source, const char* destination, const char* destination_v4) {
  return check_encap(tunnel, ip6(source), ip6(destination), ip4(destination_v4));
}

constexpr auto kPasses = std::nullopt;

const Tunnel kGateway = tunnel_of(gateway_router());
const Tunnel kNatGateway = tunnel_of(gateway_behind_nat());
const Tunnel kRelay = tunnel_of(anycast_relay());

}  // namespace

// proves: A11
TEST(GatewayIn, TakesNativeTrafficFromAnyRelay) {
  EXPECT_EQ(arrive(kGateway, {"12.0.0.5", "11.0.0.2", "2600:41::1", "2002:b00:2:1::10"}), kPasses);
}

// proves: B9
TEST(GatewayIn, TakesTrafficFromTheAnycastAddress) {
  EXPECT_EQ(arrive(kGateway, {"192.88.99.1", "11.0.0.2", "2600:41::1", "2002:b00:2:1::10"}), kPasses);
}

// proves: B9
TEST(GatewayIn, TakesTheAnycastAddressWithoutConfiguringIt) {
  Tunnel tunnel = kGateway;
  tunnel.relays.clear();
  EXPECT_EQ(arrive(tunnel, {"192.88.99.1", "11.0.0.2", "2600:41::1", "2002:b00:2:1::10"}), kPasses);
}

// proves: C8
TEST(GatewayIn, TakesAnotherSiteFromItsOwnAddress) {
  EXPECT_EQ(arrive(kGateway, {"12.0.0.5", "11.0.0.2", "2002:c00:5::1", "2002:b00:2:1::10"}), kPasses);
}

// proves: C8 C19
TEST(GatewayIn, RefusesAnotherSiteByARelay) {
  EXPECT_EQ(arrive(kGateway, {"192.88.99.1", "11.0.0.2", "2002:c00:5::1", "2002:b00:2:1::10"}),
            DropReason::inner_source_mismatch);
}

// proves: C20 A16 B27
TEST(GatewayIn, IsNoRelay) {
  EXPECT_EQ(arrive(kGateway, {"12.0.0.5", "11.0.0.2", "2002:c00:5::1", "2600:41::1"}),
            DropReason::inner_destination_not_ours);
}

// proves: X3 C7
TEST(GatewayIn, KnowsItsPrefixBehindANat) {
  EXPECT_EQ(arrive(kNatGateway, {"12.0.0.5", "192.168.1.2", "2002:c00:5::1", "2002:b05:505:1::10"}), kPasses);
}

// proves: X22
TEST(GatewayIn, TakesTheAnswerOfItsRelay) {
  EXPECT_EQ(
      arrive(kGateway, {"192.88.99.1", "11.0.0.2", "2002:c058:6301::", "2002:b00:2::1", ip_proto::kIcmpv6}),
      kPasses);
}

// proves: X22
TEST(GatewayIn, TakesNoHostOfTheAnycastPrefix) {
  EXPECT_EQ(arrive(kGateway, {"192.88.99.1", "11.0.0.2", "2002:c058:6301::2", "2002:b00:2::1"}),
            DropReason::inner_source_embeds_forbidden);
}

// What a keep-alive holds the firewall open for must come in, and its own answers.
// proves: S25
TEST(GatewayIn, TakesWhatAKeptTargetBringsWhereverItIs) {
  const Arrival native{"192.88.99.2", "11.0.0.2", "2600:41::1", "2002:b00:2:1::10"};
  const Arrival answer{"192.88.99.2", "11.0.0.2", "2002:c058:6302::", "2002:b00:2::1", ip_proto::kIcmpv6};
  EXPECT_EQ(arrive(kGateway, native), DropReason::outer_source_forbidden);
  Tunnel tunnel = kGateway;
  tunnel.awaited = {ip4("192.88.99.2")};
  EXPECT_EQ(arrive(tunnel, native), kPasses);
  EXPECT_EQ(arrive(tunnel, answer), kPasses);
  EXPECT_EQ(arrive(tunnel, {"192.88.99.2", "11.0.0.2", "2002:c058:6302::2", "2002:b00:2::1"}),
            DropReason::inner_source_embeds_forbidden);
  EXPECT_EQ(arrive(tunnel, {"192.88.99.3", "11.0.0.2", "2600:41::1", "2002:b00:2:1::10"}),
            DropReason::outer_source_forbidden);
}

// proves: X26
TEST(GatewayIn, TakesNativeTrafficOnlyFromRelaysWhenTold) {
  const Tunnel strict = tunnel_of(gateway_of_relays_only());
  EXPECT_EQ(arrive(strict, {"12.0.0.5", "11.0.0.2", "2600:41::1", "2002:b00:2:1::10"}),
            DropReason::outer_source_unlisted);
  EXPECT_EQ(arrive(strict, {"12.9.9.9", "11.0.0.2", "2600:41::1", "2002:b00:2:1::10"}), kPasses);
}

// proves: Q6
TEST(GatewayIn, RefusesATunnelInTheTunnelToItself) {
  for (const uint8_t protocol : {ip_proto::kIpip, ip_proto::kIpv6, ip_proto::kGre})
    EXPECT_EQ(arrive(kGateway, {"12.0.0.5", "11.0.0.2", "2002:c00:5::1", "2002:b00:2::1", protocol}),
              DropReason::nested_tunnel);
}

// proves: Q6
TEST(GatewayIn, LetsHostsTunnelOnTheirOwn) {
  EXPECT_EQ(arrive(kGateway, {"12.0.0.5", "11.0.0.2", "2002:c00:5::1", "2002:b00:2:1::10", 41}), kPasses);
}

// proves: C25
TEST(GatewayIn, RefusesNeighbourDiscoveryFromTheTunnel) {
  EXPECT_EQ(arrive(kGateway, {"12.0.0.5", "11.0.0.2", "fe80::1", "ff02::1", ip_proto::kIcmpv6}),
            DropReason::inner_link_local);
}

// proves: G18
TEST(GatewayIn, TakesTeredoAndNat64) {
  EXPECT_EQ(arrive(kGateway, {"12.0.0.5", "11.0.0.2", "2001:0:a00:1::1", "2002:b00:2:1::10"}), kPasses);
  EXPECT_EQ(arrive(kGateway, {"12.0.0.5", "11.0.0.2", "64:ff9b::a00:1", "2002:b00:2:1::10"}), kPasses);
}

// proves: X11
TEST(GatewayIn, TakesLabPrefixes) {
  Tunnel lab = kGateway;
  lab.lab_v4 = {*Ipv4Prefix::parse("198.18.0.0/15")};
  lab.lab_v6 = {*Ipv6Prefix::parse("2001:db8::/32")};
  EXPECT_EQ(arrive(lab, {"198.18.0.1", "11.0.0.2", "2001:db8::1", "2002:b00:2:1::10"}), kPasses);
  EXPECT_EQ(arrive(lab, {"198.18.0.1", "11.0.0.2", "2002:c612:1::1", "2002:b00:2:1::10"}), kPasses);
  EXPECT_EQ(arrive(kGateway, {"198.18.0.1", "11.0.0.2", "2001:db8::1", "2002:b00:2:1::10"}),
            DropReason::outer_source_forbidden);
}

// proves: C12 G14
TEST(GatewayIn, HasNoBroadcastOnAPointToPointLink) {
  Tunnel tunnel = kGateway;
  tunnel.wan_subnet = {ip4("11.0.0.2"), 31};
  EXPECT_EQ(arrive(tunnel, {"11.0.0.3", "11.0.0.2", "2002:b00:3::1", "2002:b00:2:1::10"}), kPasses);
}

// proves: C9
TEST(RelayIn, TakesASiteToANativeAddress) {
  EXPECT_EQ(arrive(kRelay, {"12.0.0.5", "192.88.99.1", "2002:c00:5:1::10", "2600:41::1"}), kPasses);
  EXPECT_EQ(arrive(kRelay, {"12.0.0.5", "11.0.0.3", "2002:c00:5:1::10", "2600:41::1"}), kPasses);
}

// proves: C9
TEST(RelayIn, RefusesAForgedSite) {
  EXPECT_EQ(arrive(kRelay, {"12.0.0.5", "192.88.99.1", "2002:c00:6:1::10", "2600:41::1"}),
            DropReason::inner_source_mismatch);
}

// proves: C21
TEST(RelayIn, RelaysNothingBetweenSites) {
  EXPECT_EQ(arrive(kRelay, {"12.0.0.5", "192.88.99.1", "2002:c00:5:1::10", "2002:c00:6::1"}),
            DropReason::inner_6to4_to_6to4);
}

// proves: X22 B20
TEST(RelayIn, TakesProbesToItsOwnForms) {
  for (const char* form : {"2002:c058:6301::", "2002:c058:6301::1", "2002:b00:3::", "2002:b00:3::1"})
    EXPECT_EQ(arrive(kRelay, {"12.0.0.5", "192.88.99.1", "2002:c00:5::1", form, ip_proto::kIcmpv6}), kPasses)
        << form;
}

// proves: X22
TEST(RelayIn, RefusesOtherAddressesOfItsOwnPrefix) {
  EXPECT_EQ(arrive(kRelay, {"12.0.0.5", "192.88.99.1", "2002:c00:5::1", "2002:b00:3:1::1"}),
            DropReason::inner_6to4_to_6to4);
}

// proves: X22
TEST(RelayIn, KnowsNoAnycastFormWithoutAnAnycastAddress) {
  EXPECT_EQ(arrive(tunnel_of(unicast_relay()), {"12.0.0.5", "11.0.0.3", "2002:c00:5::1", "2002:c058:6301::"}),
            DropReason::inner_destination_embeds_forbidden);
}

// proves: A17
TEST(RelayIn, ServesItsListedSitesAlone) {
  const Tunnel listed = tunnel_of(relay_with_sites());
  EXPECT_EQ(arrive(listed, {"12.0.0.5", "192.88.99.1", "2002:c00:5::1", "2600:41::1"}), kPasses);
  EXPECT_EQ(arrive(listed, {"12.0.1.6", "192.88.99.1", "2002:c00:106::1", "2600:41::1"}),
            DropReason::site_unlisted);
}

// proves: A10 C2
TEST(GatewayOut, SendsItsPrefixToRelayAndSite) {
  EXPECT_EQ(leave(kGateway, "2002:b00:2:1::10", "2600:41::1", "192.88.99.1"), kPasses);
  EXPECT_EQ(leave(kGateway, "2002:b00:2:1::10", "2002:c00:5::1", "12.0.0.5"), kPasses);
}

// proves: C2 X3
TEST(GatewayOut, EmbedsTheNatAddressAndNoOther) {
  EXPECT_EQ(leave(kNatGateway, "2002:b05:505:1::10", "2600:41::1", "192.88.99.1"), kPasses);
  EXPECT_EQ(leave(kNatGateway, "2002:c0a8:102:1::10", "2600:41::1", "192.88.99.1"),
            DropReason::source_embeds_other);
}

// proves: C14 G17 A22
TEST(GatewayOut, SendsNothingToForbiddenSites) {
  for (const char* site :
       {"10.0.0.1", "127.0.0.1", "224.0.0.1", "255.255.255.255", "11.0.0.255", "192.88.99.2"}) {
    const Ipv6Address destination = six_to_four_prefix(ip4(site)).address;
    EXPECT_EQ(check_encap(kGateway, ip6("2002:b00:2:1::10"), destination, ip4(site)),
              DropReason::destination_embeds_forbidden)
        << site;
  }
}

// proves: X22
TEST(GatewayOut, ProbesItsConfiguredRelays) {
  EXPECT_EQ(leave(kGateway, "2002:b00:2::1", "2002:c058:6301::", "192.88.99.1"), kPasses);
  EXPECT_EQ(leave(kGateway, "2002:b00:2::1", "2002:c058:6301::1", "192.88.99.1"), kPasses);
  EXPECT_EQ(leave(kGateway, "2002:b00:2::1", "2002:c058:6301:1::1", "192.88.99.1"),
            DropReason::destination_embeds_forbidden);
}

// proves: X22
TEST(GatewayOut, ProbesNoOtherRelay) {
  Tunnel tunnel = kGateway;
  tunnel.relays = {ip4("12.9.9.9")};
  EXPECT_EQ(leave(tunnel, "2002:b00:2::1", "2002:c058:6301::", "192.88.99.1"),
            DropReason::destination_embeds_forbidden);
}

// A host has nothing to say to it. proves: X22
TEST(GatewayOut, SendsNothingToAKeptTargetThatIsNoRelay) {
  Tunnel tunnel = kGateway;
  tunnel.awaited = {ip4("192.88.99.2")};
  EXPECT_EQ(leave(tunnel, "2002:b00:2:1::10", "2002:c058:6302::", "192.88.99.2"),
            DropReason::destination_embeds_forbidden);
}

// proves: C22 Q1
TEST(RelayOut, Refuses6to4SourcesFromTheNativeSide) {
  EXPECT_EQ(leave(kRelay, "2002:c00:6::1", "2002:c00:5::1", "12.0.0.5"), DropReason::source_embeds_other);
}

// proves: C3 Q1
TEST(RelayOut, SendsNothingToItself) {
  EXPECT_EQ(leave(kRelay, "2600:41::1", "2002:b00:3:1::1", "11.0.0.3"), DropReason::destination_embeds_own);
  EXPECT_EQ(leave(kRelay, "2600:41::1", "2002:c058:6301:1::1", "192.88.99.1"),
            DropReason::destination_embeds_own);
}

// proves: X22 B20
TEST(RelayOut, AnswersFromItsOwnForm) {
  EXPECT_EQ(leave(kRelay, "2002:c058:6301::", "2002:c00:5::1", "12.0.0.5"), kPasses);
}

// proves: A17
TEST(RelayOut, ServesItsListedSitesAlone) {
  const Tunnel listed = tunnel_of(relay_with_sites());
  EXPECT_EQ(leave(listed, "2600:41::1", "2002:c00:5::1", "12.0.0.5"), kPasses);
  EXPECT_EQ(leave(listed, "2600:41::1", "2002:c00:106::1", "12.0.1.6"), DropReason::site_unlisted);
}

// proves: X22
TEST(RelayOwnForm, IsTheUnicastAndTheAnycastAddressAlone) {
  for (const char* form : {"2002:c058:6301::", "2002:c058:6301::1", "2002:b00:3::", "2002:b00:3::1"})
    EXPECT_TRUE(is_relay_own_form(kRelay, ip6(form))) << form;
  for (const char* other : {"2002:c058:6301::2", "2002:c058:6301:1::", "2002:c00:5::1", "2600:41::1"})
    EXPECT_FALSE(is_relay_own_form(kRelay, ip6(other))) << other;
  EXPECT_FALSE(is_relay_own_form(kGateway, ip6("2002:b00:2::1")));
}

}  // namespace gate41::testing
