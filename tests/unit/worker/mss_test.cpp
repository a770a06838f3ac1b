// MSS clamping on the way through the tunnel.
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

constexpr uint16_t kTunnelMtu = 1280;
constexpr uint16_t kFits = kTunnelMtu - 60;

TcpFields syn(uint16_t mss, uint8_t flags = tcp_flag::kSyn, uint32_t acknowledgement = 0) {
  TcpFields fields;
  fields.flags = flags;
  fields.acknowledgement = acknowledgement;
  fields.options = {2, 4, static_cast<uint8_t>(mss >> 8U), static_cast<uint8_t>(mss)};
  return fields;
}

class Clamping : public GatewaySite {
 public:
  Clamping() { snapshot.tunnels[0].mss_clamp = true; }
};

PacketBuilder out(PacketBuilder start, uint8_t hop_limit, const TcpFields& fields) {
  return start.ipv6(kHost, kServer).hop_limit(hop_limit).tcp(40000, 443, fields);
}
PacketBuilder in(PacketBuilder start, uint8_t hop_limit, const TcpFields& fields) {
  return start.ipv6(kServer, kHost).hop_limit(hop_limit).tcp(443, 40000, fields);
}

// proves: Q15
TEST(MssOption, OfASynIntoTheTunnelIsLowered) {
  Clamping site;
  const Outcome outcome = site.host_sends(out(GatewaySite::from_host(), 64, syn(1440)));
  expect_sent(outcome, kWanDevice, out(GatewaySite::to_wan(), 63, syn(kFits)));
}

// proves: Q15
TEST(MssOption, OfTheAnswerOutOfTheTunnelIsLowered) {
  Clamping site;
  site.host_sends(out(GatewaySite::from_host(), 64, syn(1440)));
  constexpr uint8_t kSynAck = tcp_flag::kSyn | tcp_flag::kAck;
  const Outcome outcome = site.wan_sends(in(GatewaySite::from_wan(), 64, syn(1440, kSynAck, 1001)));
  expect_sent(outcome, kLanDevice, in(GatewaySite::to_host(), 63, syn(kFits, kSynAck, 1001)));
}

// proves: Q15
TEST(MssOption, ThatFitsIsNotTouched) {
  Clamping site;
  const Outcome outcome = site.host_sends(out(GatewaySite::from_host(), 64, syn(kFits - 1)));
  expect_sent(outcome, kWanDevice, out(GatewaySite::to_wan(), 63, syn(kFits - 1)));
}

// proves: Q15
TEST(MssOption, IsNotTouchedUnlessAskedFor) {
  GatewaySite site;
  const Outcome outcome = site.host_sends(out(GatewaySite::from_host(), 64, syn(1440)));
  expect_sent(outcome, kWanDevice, out(GatewaySite::to_wan(), 63, syn(1440)));
}

// Between two LANs there is no tunnel.
// proves: Q15
TEST(MssOption, IsNotTouchedBetweenLans) {
  Clamping site;
  const auto packet = [](PacketBuilder start, uint8_t hop_limit) {
    return start.ipv6(kHost, kGuest).hop_limit(hop_limit).tcp(40000, 443, syn(1440));
  };
  const Outcome outcome = site.host_sends(packet(GatewaySite::from_host(), 64));
  expect_sent(outcome, kLanDevice, packet(GatewaySite::to_guest(), 63));
}

}  // namespace
}  // namespace gate41::testing
