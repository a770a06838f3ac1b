// Profiles and changes of the policy, in the whole pipeline.
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"
#include "tests/unit/worker/site.hpp"

namespace gate41::testing {
namespace {

using namespace std::chrono_literals;

constexpr uint8_t kSyn = tcp_flag::kSyn, kAck = tcp_flag::kAck, kRst = tcp_flag::kRst;

PacketBuilder in() { return GatewaySite::from_wan().ipv6(kServer, kHost); }
PacketBuilder out() { return GatewaySite::from_host().ipv6(kHost, kServer); }

bool comes_in(GatewaySite& site, const PacketBuilder& builder) {
  return site.wan_sends(builder).sent.size() == 1;
}
bool goes_out(GatewaySite& site, const PacketBuilder& builder) {
  return site.host_sends(builder).sent.size() == 1;
}

void set_profile(GatewaySite& site, Profile profile) {
  site.snapshot.policy.profile = profile;
  site.snapshot.policy.allow_echo = profile != Profile::strict;
  ++site.snapshot.policy.epoch;
}

std::size_t echoes_in(GatewaySite& site, const Ipv6Address& host, unsigned number) {
  std::size_t passed = 0;
  for (unsigned i = 0; i < number; ++i)
    passed +=
        site.wan_sends(
                GatewaySite::from_wan().ipv6(kServer, host).echo_request(static_cast<uint16_t>(i % 3), 1))
            .sent.size();
  return passed;
}

}  // namespace

// proves: X7
TEST(SimpleSecurity, LetsAHundredEchoRequestsInASecond) {
  GatewaySite site;
  set_profile(site, Profile::simple_security);
  EXPECT_EQ(echoes_in(site, kHost, 150), 100U);
  EXPECT_EQ(site.drops(DropReason::filter_unsolicited), 50U);
  site.now += 100ms;
  EXPECT_EQ(echoes_in(site, kHost, 20), 10U);
}

// proves: X7
TEST(SimpleSecurity, AnswersAHundredEchoRequestsInASecond) {
  GatewaySite site;
  set_profile(site, Profile::simple_security);
  EXPECT_EQ(echoes_in(site, kTunnelAddress, 150), 100U);
  EXPECT_EQ(site.drops(DropReason::filter_own_unsolicited), 50U);
}

TEST(SimpleSecurity, LimitsNoEchoThatAPinholeLetsIn) {
  GatewaySite site;
  set_profile(site, Profile::simple_security);
  site.snapshot.policy.inbound = Pinholes({{kHost, ip_proto::kIcmpv6, 0, 0xffff}});
  EXPECT_EQ(echoes_in(site, kHost, 150), 150U);
}

TEST(Transparent, LimitsNoEcho) {
  GatewaySite site;
  set_profile(site, Profile::transparent);
  EXPECT_EQ(echoes_in(site, kHost, 150), 150U);
}

// proves: K49 X5
TEST(ProfileChange, EndsWhatItForbidsWithTheNextPacket) {
  GatewaySite site;
  set_profile(site, Profile::transparent);
  ASSERT_TRUE(comes_in(site, in().udp(8080, 40000)));
  ASSERT_TRUE(goes_out(site, out().udp(50000, 8080)));
  set_profile(site, Profile::strict);
  EXPECT_FALSE(comes_in(site, in().udp(8080, 40000)));
  EXPECT_TRUE(comes_in(site, in().udp(8080, 50000))) << "what the host has opened goes on";
}

TEST(ProfileChange, LeavesWhatItAllowsToo) {
  GatewaySite site;
  set_profile(site, Profile::transparent);
  ASSERT_TRUE(comes_in(site, in().esp(1, 1)));
  set_profile(site, Profile::simple_security);
  EXPECT_TRUE(comes_in(site, in().esp(1, 2)));
  site.pipeline->tick(site.now);
  EXPECT_EQ(site.totals().flows_created, 1U);
}

// What has ended is still there for its last packets, until somebody may begin anew.
TEST(EndedConnection, StaysWhenSomebodyOutsideMayNotBeginAnew) {
  GatewaySite site;
  ASSERT_TRUE(goes_out(site, out().tcp(40000, 8080, {kSyn, 1000})));
  ASSERT_TRUE(comes_in(site, in().tcp(8080, 40000, {static_cast<uint8_t>(kRst | kAck), 0, 1001})));
  EXPECT_FALSE(comes_in(site, in().tcp(8080, 40000, {kSyn, 77})));
  site.pipeline->tick(site.now);
  EXPECT_EQ(site.totals().flows_current, 1U);
  EXPECT_TRUE(goes_out(site, out().tcp(40000, 8080, {kSyn, 5000})));
  site.pipeline->tick(site.now);
  EXPECT_EQ(site.totals().flows_current, 1U);
  EXPECT_EQ(site.totals().flows_created, 2U);
}

}  // namespace gate41::testing
