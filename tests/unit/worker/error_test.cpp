// ICMPv6 errors of ours as they leave, and their rate.
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

using namespace std::chrono_literals;

PacketBuilder udp(PacketBuilder start, std::size_t payload, uint8_t hop_limit = 64) {
  return start.ipv6(kHost, kServer).hop_limit(hop_limit).udp(40000, 8080).payload(payload);
}
PacketBuilder answer(PacketBuilder start, std::size_t payload, uint8_t hop_limit) {
  return start.ipv6(kServer, kHost).hop_limit(hop_limit).udp(8080, 40000).payload(payload);
}
Frame first(const Frame& bytes, std::size_t size) {
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min(size, bytes.size()))};
}

// proves: D7 I7 I1 I9
TEST(PacketTooBig, Says1280AndQuotesWhatFits) {
  for (const std::size_t length : {std::size_t{1281}, std::size_t{1400}, std::size_t{1500}}) {
    GatewaySite site;
    const Outcome outcome = site.host_sends(udp(GatewaySite::from_host(), length - 48));
    const Frame quote = first(udp({}, length - 48).build(), 1280 - 48);
    expect_sent(outcome, kLanDevice,
                error_about(GatewaySite::to_host(), kHomeRouter, kHost, 2, 0, 1280, quote));
    EXPECT_EQ(site.drops(DropReason::packet_too_big), 1U);
  }
}

// proves: D7
TEST(PacketTooBig, OpensNoFlow) {
  GatewaySite site;
  site.host_sends(udp(GatewaySite::from_host(), 1400));
  expect_nothing(site.wan_sends(answer(GatewaySite::from_wan(), 8, 64)));
}

// proves: D7 I7
TEST(PacketTooBig, SaysTheTunnelsMtuWhereItIsLarger) {
  GatewaySite site;
  site.adjacencies.write(site.relay_way, tunnel_way(AdjacencyKind::tunnel, kIspMac, kOwnV4, kRelayV4, 1480));
  const Outcome outcome = site.host_sends(udp(GatewaySite::from_host(), 1481 - 48));
  const Frame quote = first(udp({}, 1481 - 48).build(), 1280 - 48);
  expect_sent(outcome, kLanDevice,
              error_about(GatewaySite::to_host(), kHomeRouter, kHost, 2, 0, 1480, quote));
}

// proves: D7 I9
TEST(PacketTooBig, GoesIntoTheTunnelToo) {
  GatewaySite site;
  site.open_udp_flow();
  site.adjacencies.write(site.host_way, ethernet_way(kHostMac, kHomeLink, 0, 1300));
  const Outcome outcome = site.wan_sends(answer(GatewaySite::from_wan(), 1400, 64));
  const Frame quote = first(answer({}, 1400, 64).build(), 1280 - 48);
  expect_sent(outcome, kWanDevice,
              error_about(GatewaySite::to_wan(kRelayV4, 1), kTunnelAddress, kServer, 2, 0, 1300, quote));
}

// proves: D12 I8 I9
TEST(TimeExceeded, GoesToTheLan) {
  for (const uint8_t hop_limit : {uint8_t{0}, uint8_t{1}}) {
    GatewaySite site;
    const Outcome outcome = site.host_sends(udp(GatewaySite::from_host(), 20, hop_limit));
    const Frame quote = udp({}, 20, hop_limit).build();
    expect_sent(outcome, kLanDevice, error_about(GatewaySite::to_host(), kHomeRouter, kHost, 3, 0, 0, quote));
    EXPECT_EQ(site.drops(DropReason::hop_limit), 1U);
  }
}

// proves: D12 I8 I9
TEST(TimeExceeded, GoesIntoTheTunnel) {
  GatewaySite site;
  site.open_udp_flow();
  const Outcome outcome = site.wan_sends(answer(GatewaySite::from_wan(), 20, 1));
  const Frame quote = answer({}, 20, 1).build();
  expect_sent(outcome, kWanDevice,
              error_about(GatewaySite::to_wan(kRelayV4, 1), kTunnelAddress, kServer, 3, 0, 0, quote));
}

TEST(TimeExceeded, DoesNotQuotePadding) {
  GatewaySite site;
  const Outcome outcome = site.host_sends(udp(GatewaySite::from_host(), 2, 1).ethernet_padding(10));
  const Frame quote = udp({}, 2, 1).build();
  expect_sent(outcome, kLanDevice, error_about(GatewaySite::to_host(), kHomeRouter, kHost, 3, 0, 0, quote));
}

// proves: I2
TEST(Errors, NeverAnswerErrors) {
  GatewaySite site;
  site.open_udp_flow();
  const Frame quote = answer({}, 8, 60).build();
  const PacketBuilder error =
      GatewaySite::from_host().ipv6(kHost, kServer).hop_limit(1).icmpv6(1, 4).payload(quote);
  expect_nothing(site.host_sends(error));
  EXPECT_EQ(site.drops(DropReason::hop_limit), 1U);
}

// proves: I3
TEST(Errors, NeverAnswerLinkLayerMulticast) {
  GatewaySite site;
  const PacketBuilder to_all = PacketBuilder().ethernet(mac("33:33:00:00:00:01"), kHostMac);
  expect_nothing(site.host_sends(udp(to_all, 20, 1)));
}

// proves: I5 X9
TEST(Errors, AreLimitedAndPacketTooBigHasItsOwnShare) {
  GatewaySite site;
  const std::vector<Frame> expired(200, udp(GatewaySite::from_host(), 20, 1).build());
  EXPECT_EQ(site.receive(kLanDevice, expired).sent.size(), 10U);
  EXPECT_EQ(site.totals().icmp_errors_limited, 190U);
  const std::vector<Frame> big(200, udp(GatewaySite::from_host(), 1400).build());
  EXPECT_EQ(site.receive(kLanDevice, big).sent.size(), 100U);
  site.now += 1s;
  EXPECT_EQ(site.receive(kLanDevice, expired).sent.size(), 10U);
}

// proves: B21 X9
TEST(Errors, ARelayMaySendAThousandASecond) {
  RelaySite site;
  const auto frame = RelaySite::from_site().ipv6(kSite, ip6("2600:42::1")).hop_limit(1).udp(1, 2).build();
  EXPECT_EQ(site.receive(kWanDevice, std::vector<Frame>(1500, frame)).sent.size(), 1000U);
}

TEST(Errors, WithoutABufferThereIsNone) {
  GatewaySite site;
  rte_mbuf* last = site.make_mbuf(udp(GatewaySite::from_host(), 20, 1).build());
  std::vector<rte_mbuf*> held;
  while (rte_mbuf* mbuf = rte_pktmbuf_alloc(site.pool())) held.push_back(mbuf);
  site.held_outside = held.size();
  expect_nothing(site.receive_mbufs(kLanDevice, {&last, 1}));
  EXPECT_EQ(site.totals().created, 0U);
  rte_pktmbuf_free_bulk(held.data(), static_cast<unsigned>(held.size()));
  site.held_outside = 0;
}

}  // namespace
}  // namespace gate41::testing
