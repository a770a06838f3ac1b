// Whom the filter has refused hears of it six seconds later, in simple-security alone (RFC 6092 REC-34,
// REC-39).
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"
#include "tests/unit/worker/site.hpp"

namespace gate41::testing {
namespace {

using namespace std::chrono_literals;

constexpr uint8_t kSyn = tcp_flag::kSyn, kAck = tcp_flag::kAck;
const std::vector<uint8_t> kInit = {1, 0, 0, 20, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

struct SecureSite : GatewaySite {
  SecureSite() { snapshot.policy.profile = Profile::simple_security; }
};

PacketBuilder syn_in(PacketBuilder start, uint16_t port = 8080) {
  return start.ipv6(kServer, kHost).tcp(port, 40000, {kSyn, 1000});
}
PacketBuilder out() { return GatewaySite::from_host().ipv6(kHost, kServer); }

void expect_prohibited(const Outcome& outcome, const PacketBuilder& about, uint16_t sent_before = 0) {
  expect_sent(outcome, kWanDevice,
              error_about(GatewaySite::to_wan(kRelayV4, sent_before), kTunnelAddress, kServer, 1, 1, 0,
                          about.build()));
}

}  // namespace

// proves: K34 X12
TEST(RefusedSyn, IsToldAfterSixSeconds) {
  SecureSite site;
  expect_nothing(site.wan_sends(syn_in(GatewaySite::from_wan())));
  EXPECT_EQ(site.drops(DropReason::filter_unsolicited), 1U);
  site.now += 5999ms;
  expect_nothing(site.turn());
  site.now += 1ms;
  expect_prohibited(site.turn(), syn_in({}));
  site.now += 60s;
  expect_nothing(site.turn());
}

// proves: K39
TEST(RefusedInit, IsToldAfterSixSeconds) {
  SecureSite site;
  const auto init = [](PacketBuilder start) {
    return start.ipv6(kServer, kHost).sctp(8080, 40000).payload(kInit);
  };
  expect_nothing(site.wan_sends(init(GatewaySite::from_wan())));
  site.now += 6s;
  expect_prohibited(site.turn(), init({}));
}

// proves: K34
TEST(RefusedSyn, IsNotToldWhenTheHostOpensTheSameConnection) {
  SecureSite site;
  site.wan_sends(syn_in(GatewaySite::from_wan()));
  site.now += 3s;
  ASSERT_EQ(site.host_sends(out().tcp(40000, 8080, {kSyn, 77})).sent.size(), 1U);
  site.now += 10s;
  expect_nothing(site.turn());
}

TEST(RefusedSyn, IsToldWhenTheHostOpensAnotherConnection) {
  SecureSite site;
  site.wan_sends(syn_in(GatewaySite::from_wan()));
  ASSERT_EQ(site.host_sends(out().tcp(40000, 8081, {kSyn, 77})).sent.size(), 1U);
  site.now += 6s;
  expect_prohibited(site.turn(), syn_in({}), 1);
}

// proves: K39
TEST(RefusedInit, IsNotToldWhenTheHostOpensTheSameAssociation) {
  SecureSite site;
  site.wan_sends(GatewaySite::from_wan().ipv6(kServer, kHost).sctp(8080, 40000).payload(kInit));
  ASSERT_EQ(site.host_sends(out().sctp(40000, 8080).payload(kInit)).sent.size(), 1U);
  site.now += 10s;
  expect_nothing(site.turn());
}

// proves: X12
TEST(RefusedSyn, IsNotToldInOtherProfiles) {
  GatewaySite site;
  site.wan_sends(syn_in(GatewaySite::from_wan()));
  site.now += 10s;
  expect_nothing(site.turn());
}

TEST(RefusedSyn, IsNotToldWhenTheProfileHasChanged) {
  SecureSite site;
  site.wan_sends(syn_in(GatewaySite::from_wan()));
  site.snapshot.policy.profile = Profile::strict;
  site.now += 10s;
  expect_nothing(site.turn());
}

TEST(RefusedPacket, ThatOpensNoConnectionIsNotTold) {
  SecureSite site;
  const auto in = [] { return GatewaySite::from_wan().ipv6(kServer, kHost); };
  for (const PacketBuilder& packet : {in().udp(8080, 40000), in().tcp(8080, 40000, {kAck, 1, 1}),
                                      in().dccp(8080, 40000), in().sctp(8080, 40000).payload({0, 3, 0, 4})})
    expect_nothing(site.wan_sends(packet));
  EXPECT_EQ(site.drops(DropReason::filter_unsolicited), 4U);
  site.now += 10s;
  expect_nothing(site.turn());
}

// proves: K34 I5
TEST(RefusedSyn, IsToldWithinTheRateOfErrors) {
  SecureSite site;
  for (uint16_t port = 1; port <= 40; ++port) site.wan_sends(syn_in(GatewaySite::from_wan(), port));
  site.now += 6s;
  std::size_t told = 0;
  for (int turn = 0; turn < 5; ++turn) told += site.turn().sent.size();
  EXPECT_EQ(told, 10U);
  EXPECT_EQ(site.totals().icmp_errors_limited, 30U);
}

TEST(RefusedSyn, IsNotToldByATunnelThatIsGone) {
  SecureSite site;
  site.wan_sends(syn_in(GatewaySite::from_wan()));
  site.snapshot.tunnels.clear();
  site.now += 10s;
  expect_nothing(site.turn());
}

}  // namespace gate41::testing
