// Endpoint-independent filtering: a port that a host uses is open to everybody (RFC 6092 REC-11, REC-17,
// REC-33).
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"
#include "tests/unit/worker/site.hpp"

namespace gate41::testing {
namespace {

using namespace std::chrono_literals;

const Ipv6Address kOther = ip6("2600:41::99");
const Ipv6Address kThird = ip6("2600:41::9a");
constexpr uint8_t kSyn = tcp_flag::kSyn, kAck = tcp_flag::kAck;

PacketBuilder out(const Ipv6Address& server = kServer) {
  return GatewaySite::from_host().ipv6(kHost, server);
}
PacketBuilder in(const Ipv6Address& server = kServer) { return GatewaySite::from_wan().ipv6(server, kHost); }

struct MappingSite : GatewaySite {
  explicit MappingSite(bool endpoint_independent = true) { set(endpoint_independent); }
  void set(bool endpoint_independent) {
    snapshot.policy.endpoint_independent = endpoint_independent;
    ++snapshot.policy.epoch;
  }
  bool comes_in(const PacketBuilder& builder) { return wan_sends(builder).sent.size() == 1; }
  bool goes_out(const PacketBuilder& builder) { return host_sends(builder).sent.size() == 1; }
  void expire_all() {
    for (int i = 0; i < 40; ++i) {
      now += 1s;
      pipeline->tick(now);
    }
  }
};

// Who came by the port that the host used talks on, when the host's own flow is over.
void leave_port_to_another(MappingSite& site) {
  ASSERT_TRUE(site.goes_out(out().udp(40000, 8080)));
  site.now += 200s;
  ASSERT_TRUE(site.comes_in(in(kOther).udp(7777, 40000)));
  ASSERT_TRUE(site.goes_out(out(kOther).udp(40000, 7777)));
  site.now += 150s;
  site.expire_all();
}

}  // namespace

// proves: K17
TEST(EndpointIndependent, LetsOthersReachAPortThatAHostUses) {
  MappingSite site;
  ASSERT_TRUE(site.goes_out(out().udp(40000, 8080)));
  EXPECT_TRUE(site.comes_in(in(kOther).udp(7777, 40000)));
  EXPECT_FALSE(site.comes_in(in(kOther).udp(7777, 40001)));
}

// proves: K11
TEST(EndpointIndependent, OpensAProtocolWithoutPortsAsAWhole) {
  MappingSite site;
  EXPECT_FALSE(site.comes_in(in(kOther).esp(1, 1)));
  ASSERT_TRUE(site.goes_out(out().esp(1, 1)));
  EXPECT_TRUE(site.comes_in(in(kOther).esp(9, 9)));
  EXPECT_FALSE(site.comes_in(in(kOther).next_header(253).payload(8)));
}

// proves: K33
TEST(EndpointIndependent, LetsATcpConnectionBeginWithASynAlone) {
  MappingSite site;
  ASSERT_TRUE(site.goes_out(out().tcp(40000, 8080, {kSyn, 1000})));
  EXPECT_FALSE(site.comes_in(in(kOther).tcp(7777, 40000, {kAck, 5, 5})));
  EXPECT_TRUE(site.comes_in(in(kOther).tcp(7777, 40000, {kSyn, 5})));
}

TEST(EndpointIndependent, OpensNothingForEchoes) {
  MappingSite site;
  ASSERT_TRUE(site.goes_out(out().echo_request(7, 1)));
  EXPECT_FALSE(site.comes_in(in(kOther).echo_request(7, 1)));
}

// proves: K17
TEST(AddressDependent, LetsNobodyElseIn) {
  MappingSite site(false);
  ASSERT_TRUE(site.goes_out(out().udp(40000, 8080)));
  EXPECT_FALSE(site.comes_in(in(kOther).udp(7777, 40000)));
  EXPECT_FALSE(site.comes_in(in().udp(7777, 40000)));
}

// What others have opened does not keep the port open.
TEST(EndpointIndependent, ClosesThePortWithTheHostsOwnFlows) {
  MappingSite site;
  ASSERT_NO_FATAL_FAILURE(leave_port_to_another(site));
  EXPECT_TRUE(site.comes_in(in(kOther).udp(7777, 40000)));
  EXPECT_FALSE(site.comes_in(in(kThird).udp(7777, 40000)));
}

TEST(EndpointIndependent, CountsAFlowThatWasTakenUpAgainOnce) {
  MappingSite site;
  ASSERT_TRUE(site.goes_out(out().udp(40000, 8080)));
  site.now += 301s;
  ASSERT_TRUE(site.goes_out(out().udp(40000, 8080)));
  site.now += 301s;
  site.expire_all();
  EXPECT_FALSE(site.comes_in(in(kOther).udp(7777, 40000)));
}

TEST(EndpointIndependent, CountsAConnectionWhosePeerBeganAnew) {
  MappingSite site;
  const TcpFields syn{kSyn, 1000}, again{kSyn, 9000}, answer{kSyn | kAck, 5000, 9001};
  ASSERT_TRUE(site.goes_out(out().tcp(40000, 8080, syn)));
  ASSERT_TRUE(site.comes_in(in().tcp(8080, 40000, {kSyn | kAck, 7000, 1001})));
  ASSERT_TRUE(site.goes_out(out().tcp(40000, 8080, again)));
  ASSERT_TRUE(site.comes_in(in().tcp(8080, 40000, answer)));
  site.now += 300s;
  site.expire_all();
  EXPECT_FALSE(site.comes_in(in(kOther).tcp(7777, 40000, syn)))
      << "its place among the endpoints is free again";
}

// proves: K17
TEST(EndpointIndependent, EndsWhatItLetInWhenItIsSwitchedOff) {
  MappingSite site;
  ASSERT_TRUE(site.goes_out(out().udp(40000, 8080)));
  ASSERT_TRUE(site.comes_in(in(kOther).udp(7777, 40000)));
  site.set(false);
  EXPECT_FALSE(site.comes_in(in(kOther).udp(7777, 40000)));
  EXPECT_TRUE(site.comes_in(in().udp(8080, 40000)));
}

// proves: K17
TEST(EndpointIndependent, LetsStayWhoCameByAPortThatTheHostNoLongerUsesWhenSomethingElseChanges) {
  MappingSite site;
  ASSERT_NO_FATAL_FAILURE(leave_port_to_another(site));
  ++site.snapshot.policy.epoch;
  EXPECT_TRUE(site.comes_in(in(kOther).udp(7777, 40000)));
}

TEST(EndpointIndependent, KnowsWhatWasOpenedBeforeItWasSwitchedOn) {
  MappingSite site(false);
  ASSERT_TRUE(site.goes_out(out().udp(40000, 8080)));
  site.set(true);
  EXPECT_TRUE(site.comes_in(in(kOther).udp(7777, 40000)));
}

}  // namespace gate41::testing
