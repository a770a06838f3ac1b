// Several workers: whatever queue a packet comes by, what becomes of it is what one worker would have done
// (K56). Rings are the harness' business here; threads are those of tests/unit/runtime.
#include <array>
#include <gtest/gtest.h>
#include <random>
#include <tuple>

#include "dataplane/net/flow_hash.hpp"
#include "tests/support/ipv4_fragments.hpp"
#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

using namespace std::chrono_literals;
constexpr std::size_t kEthernet = 14;

Ipv6Address server(uint64_t i) { return Ipv6Address::from_halves(kServer.high(), 0x1000 + i); }

// Behind a relay's native router.
Ipv6Address beyond(uint64_t i) { return Ipv6Address::from_halves(ip6("2600:99::").high(), i + 1); }

// The worker of these, whose flow is between the host and that server.
unsigned owner(const Ipv6Address& exterior, unsigned workers) {
  return owner_of(pair_hash(HashSecret{}, kHost, exterior), workers);
}
// A server whose flows with the host are that worker's.
Ipv6Address server_of(unsigned worker, unsigned workers) {
  for (uint64_t i = 0;; ++i)
    if (owner(server(i), workers) == worker) return server(i);
}

PacketBuilder udp_out(const Ipv6Address& to, uint16_t port = 40000) {
  return GatewaySite::from_host().ipv6(kHost, to).udp(port, 8080).payload(8);
}
PacketBuilder udp_in(const Ipv6Address& from, uint16_t port = 40000) {
  return GatewaySite::from_wan().ipv6(from, kHost).udp(8080, port).payload(8);
}

// --- the same as one worker would do

class Scenario {
 public:
  explicit Scenario(uint32_t seed) : random_(seed) {}
  struct Event {
    uint16_t device = kWanDevice;
    std::vector<Frame> frames;
  };
  Event next();
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }

 private:
  bool coin() { return below(2) == 0; }
  // Between the host and one of a few servers, in one of the directions.
  PacketBuilder between(bool outbound);
  Event on(bool outbound, const PacketBuilder& packet);
  Event datagram();
  Event segment();
  Event echo();
  Event error();
  Event inner_fragment();
  Event outer_fragments();
  Event to_us();
  Event to_us_in_fragments();
  Event between_lans();
  Event from_second_lan();
  std::mt19937 random_;
};

PacketBuilder Scenario::between(bool outbound) {
  const Ipv6Address peer = server(below(12));
  return outbound ? GatewaySite::from_host().ipv6(kHost, peer) : GatewaySite::from_wan().ipv6(peer, kHost);
}

Scenario::Event Scenario::on(bool outbound, const PacketBuilder& packet) {
  return {outbound ? kLanDevice : kWanDevice, {packet.build()}};
}

Scenario::Event Scenario::datagram() {
  const bool outbound = coin();
  const auto port = static_cast<uint16_t>(40000 + below(3));
  PacketBuilder packet = between(outbound);
  return on(outbound, outbound ? packet.udp(port, 8080).payload(8) : packet.udp(8080, port).payload(8));
}

Scenario::Event Scenario::segment() {
  constexpr std::array<uint8_t, 6> kFlags = {tcp_flag::kSyn, tcp_flag::kSyn | tcp_flag::kAck, tcp_flag::kAck,
                                             tcp_flag::kAck, tcp_flag::kFin | tcp_flag::kAck, tcp_flag::kRst};
  const bool outbound = coin();
  const auto port = static_cast<uint16_t>(50000 + below(2));
  TcpFields fields;
  fields.flags = kFlags.at(below(kFlags.size()));
  fields.sequence = static_cast<uint32_t>(1000 + below(3));
  fields.acknowledgement = static_cast<uint32_t>(1000 + below(3));
  PacketBuilder packet = between(outbound);
  return on(outbound, outbound ? packet.tcp(port, 443, fields) : packet.tcp(443, port, fields));
}

Scenario::Event Scenario::echo() {
  const bool outbound = coin();
  PacketBuilder packet = between(outbound);
  return on(outbound, outbound ? packet.echo_request(7, 1) : packet.echo_reply(7, 1));
}

Scenario::Event Scenario::error() {
  const bool outbound = coin();
  const Ipv6Address peer = server(below(12));
  const auto port = static_cast<uint16_t>(40000 + below(3));
  PacketBuilder quoted;  // goes the other way
  if (outbound)
    quoted.ipv6(peer, kHost).udp(8080, port).payload(8);
  else
    quoted.ipv6(kHost, peer).udp(port, 8080).payload(8);
  PacketBuilder packet = outbound ? GatewaySite::from_host().ipv6(kHost, peer)
                                  : GatewaySite::from_wan().ipv6(ip6("2600:41::ff"), kHost);
  return on(outbound, packet.icmpv6(1, 4).payload(quoted.build()));
}

Scenario::Event Scenario::inner_fragment() {
  const bool outbound = coin();
  const auto id = static_cast<uint32_t>(below(3));
  PacketBuilder packet = between(outbound);
  if (coin()) return on(outbound, packet.fragment(1000, false, id).next_header(ip_proto::kUdp).payload(16));
  packet.fragment(0, true, id);
  return on(outbound, (outbound ? packet.udp(40000, 8080) : packet.udp(8080, 40000)).payload(992));
}

// Of a packet that comes in; the one before overtakes the other, or not.
Scenario::Event Scenario::outer_fragments() {
  const auto id = static_cast<uint16_t>(100 + below(1000));
  const Frame frame =
      GatewaySite::from_wan().id(id).ipv6(server(below(12)), kHost).udp(8080, 40000).payload(800).build();
  Event event;
  for (const Packet4& part : ipv4_fragments({frame.begin() + kEthernet, frame.end()}, {400})) {
    Frame& cut = event.frames.emplace_back(frame.begin(), frame.begin() + kEthernet);
    cut.insert(cut.end(), part.begin(), part.end());
  }
  if (coin()) std::swap(event.frames[0], event.frames[1]);
  return event;
}

Scenario::Event Scenario::to_us() {
  return on(true, GatewaySite::from_host().ipv6(kHost, kHomeRouter).echo_request(9, 1).payload(20));
}

Scenario::Event Scenario::to_us_in_fragments() {
  const Frame whole = PacketBuilder().ipv6(kHost, kHomeRouter).echo_request(9, 1).payload(1000).build();
  const Frame payload(whole.begin() + sizeof(Ipv6Header), whole.end());
  const auto id = static_cast<uint32_t>(below(1U << 30U));
  const auto part = [&](std::size_t from, std::size_t to, bool more) {
    const Frame bytes(payload.begin() + static_cast<std::ptrdiff_t>(from),
                      payload.begin() + static_cast<std::ptrdiff_t>(to));
    return GatewaySite::from_host()
        .ipv6(kHost, kHomeRouter)
        .fragment(static_cast<uint16_t>(from), more, id)
        .next_header(ip_proto::kIcmpv6)
        .payload(bytes)
        .build();
  };
  return {kLanDevice, {part(0, 504, true), part(504, payload.size(), false)}};
}

Scenario::Event Scenario::between_lans() {
  return on(true, GatewaySite::from_host().ipv6(kHost, kGuest).udp(1, 2).payload(8));
}

Scenario::Event Scenario::from_second_lan() {
  return on(true, GatewaySite::from_guest().ipv6(kGuest, server(below(12))).udp(1, 2).payload(8));
}

Scenario::Event Scenario::next() {
  switch (below(11)) {
    case 0:
      return echo();
    case 1:
      return error();
    case 2:
      return inner_fragment();
    case 3:
      return outer_fragments();
    case 4:
      return to_us();
    case 5:
      return to_us_in_fragments();
    case 6:
      return between_lans();
    case 7:
      return from_second_lan();
    case 8:
    case 9:
      return segment();
    default:
      return datagram();
  }
}

// What leaves, but for the outer identification and the checksum over it: those are drawn by worker.
std::vector<Sent> comparable(std::vector<Sent> sent) {
  for (Sent& frame : sent)
    if (frame.device == kWanDevice)
      for (const std::size_t at : {18U, 19U, 24U, 25U}) frame.bytes.at(at) = 0;
  return sent;
}

// All that is remembered of flows, whoever has it.
using FlowFact = std::tuple<std::string, int, uint32_t, uint64_t>;
std::vector<FlowFact> flows_of(Harness& box, std::size_t workers) {
  std::vector<FlowFact> facts;
  for (std::size_t i = 0; i < workers; ++i) {
    FlowTable& flows = *box.worker(i).flows();
    const auto note = [&](int32_t position) {
      const FlowEntry& entry = flows.entry(position);
      const FlowKey& key = flows.key(position);
      const auto* bytes = reinterpret_cast<const uint8_t*>(&key);
      facts.emplace_back(hex({bytes, bytes + sizeof key}), static_cast<int>(entry.state),
                         entry.outer_source.host(), entry.bytes);
    };
    uint32_t cursor = 0;
    do cursor = flows.walk(cursor, 1024, note);
    while (cursor != 0);
  }
  std::ranges::sort(facts);
  return facts;
}

class Workers : public ::testing::TestWithParam<uint16_t> {
 protected:
  GatewaySite one;
  GatewaySite many{4096, GetParam()};
};

}  // namespace

// proves: K56 K53 J11 D26
TEST_P(Workers, DoWithEveryPacketWhatOneWorkerDoesWhateverQueueItComesBy) {
  Scenario scenario(GetParam());
  std::size_t handed_over = 0;
  for (int i = 0; i < 3000; ++i) {
    const Scenario::Event event = scenario.next();
    one.now = many.now = one.now + 600ms;  // no rate limit has a say
    for (const Frame& frame : event.frames) {
      many.arrival = scenario.below(GetParam());
      const Outcome expected = one.receive(event.device, frame);
      const Outcome found = many.receive(event.device, frame);
      ASSERT_EQ(comparable(found.sent), comparable(expected.sent)) << "event " << i;
      ASSERT_EQ(found.raised.size(), expected.raised.size()) << "event " << i;
    }
    ASSERT_EQ(many.totals().drops, one.totals().drops) << "event " << i;
  }
  EXPECT_EQ(flows_of(many, GetParam()), flows_of(one, 1));
  EXPECT_GT(flows_of(one, 1).size(), 20U);
  for (std::size_t worker = 0; worker < GetParam(); ++worker)
    handed_over += many.totals_of(worker).handed_in > 0;
  EXPECT_EQ(handed_over, GetParam());
  EXPECT_EQ(one.totals().handed_out, 0U);
  EXPECT_GT(one.totals().tx, 500U);
  EXPECT_GT(one.totals().dropped, 500U);
}

// One peer, one queue: still all workers have their part.
// proves: U31 K56
TEST_P(Workers, ShareOutWhatOneTunnelPeerSendsToOneQueue) {
  for (uint64_t i = 0; i < 64; ++i) {
    EXPECT_EQ(many.host_sends(udp_out(server(i))).sent.size(), 1U);
    EXPECT_EQ(many.wan_sends(udp_in(server(i))).sent.size(), 1U);
  }
  for (std::size_t worker = 0; worker < GetParam(); ++worker)
    EXPECT_GT(many.totals_of(worker).tx, 128U / GetParam() / 4) << "worker " << worker;
  EXPECT_EQ(many.totals_of(0).rx, 128U);
}

// proves: U26 K56
TEST_P(Workers, KeepTheOrderOfEachFlow) {
  std::vector<Frame> frames;
  for (uint8_t number = 0; number < 96; ++number)
    frames.push_back(GatewaySite::from_host()
                         .ipv6(kHost, server(number % 8U))
                         .udp(40000, 8080)
                         .payload(Frame{number})
                         .build());
  std::array<int, 8> last;
  last.fill(-1);
  const Outcome outcome = many.receive(kLanDevice, frames);
  EXPECT_EQ(outcome.sent.size(), frames.size());
  for (const Sent& sent : outcome.sent) {
    const int number = sent.bytes.back();
    int& before = last.at(static_cast<std::size_t>(number % 8));
    EXPECT_GT(number, before);
    before = number;
  }
}

// proves: S61 S62
TEST_P(Workers, KnowWhatTheBoxHasAsked) {
  const auto request =
      PacketBuilder().ethernet(kIspMac, kWanMac).ipv4(kOwnV4, ip4("11.0.0.53")).udp(5353, 53);
  many.inject(InjectKind::host_v4, request.build());
  for (many.arrival = 0; many.arrival < GetParam(); ++many.arrival)
    expect_raised(
        many.wan_sends(
            PacketBuilder().ethernet(kWanMac, kIspMac).ipv4(ip4("11.0.0.53"), kOwnV4).udp(53, 5353)),
        ExceptionClass::host_v4,
        PacketBuilder().ethernet(kWanMac, kIspMac).ipv4(ip4("11.0.0.53"), kOwnV4).udp(53, 5353));
}

// Nobody's packet costs two workers' time because it is for the box.
TEST_P(Workers, HandOverNothingThatIsForTheBoxItself) {
  for (uint64_t i = 0; i < 32; ++i) {
    many.host_sends(
        GatewaySite::from_host().ipv6(kHost, kHomeRouter).echo_request(1, static_cast<uint16_t>(i)));
    many.wan_sends(GatewaySite::from_wan().ipv6(server(i), kTunnelAddress).udp(1, 2));
  }
  EXPECT_EQ(many.totals().handed_out, 0U);
}

TEST_P(Workers, HandOverNothingFromLanToLan) {
  for (uint16_t port = 0; port < 32; ++port)
    many.host_sends(GatewaySite::from_host().ipv6(kHost, kGuest).udp(port, 2).payload(8));
  EXPECT_EQ(many.totals().handed_out, 0U);
}

// proves: I5 X9
TEST_P(Workers, TogetherSendNoMoreErrorsThanTheBoxMay) {
  std::size_t sent = 0;
  for (uint16_t i = 0; i < 400; ++i) {
    many.arrival = i % GetParam();
    sent +=
        many.host_sends(GatewaySite::from_host().ipv6(kHost, server(i)).hop_limit(1).udp(1, 2)).sent.size();
  }
  EXPECT_LE(sent, 10U);
  EXPECT_GT(sent, 0U);
}

TEST_P(Workers, GetBackThemselvesWhatHasWaitedForItsNeighbour) {
  const Ipv6Address newcomer = ip6("2002:b00:2:2::99");
  many.snapshot.policy.inbound = Pinholes({{newcomer, ip_proto::kUdp, 1, 65535}});
  std::vector<bool> seen(GetParam());
  for (uint64_t i = 0; i < 64; ++i) {
    many.now += 1s;
    const Outcome waits = many.wan_sends(GatewaySite::from_wan().ipv6(server(i), newcomer).udp(1, 2));
    ASSERT_EQ(waits.raised.size(), 1U);
    const uint16_t worker = waits.raised[0].meta.worker;
    EXPECT_EQ(worker, owner_of(pair_hash(HashSecret{}, newcomer, server(i)), GetParam()));
    seen.at(worker) = true;
    const uint64_t before = many.totals_of(worker).injected;
    many.give_back(InjectKind::resumed, waits.raised[0]);
    EXPECT_EQ(many.totals_of(worker).injected, before + 1);
  }
  EXPECT_EQ(std::ranges::count(seen, true), GetParam());
}

// proves: K17 K56
TEST_P(Workers, KnowTogetherWhichPortsAHostUses) {
  many.snapshot.policy.endpoint_independent = true;
  ASSERT_EQ(many.host_sends(udp_out(server(0))).sent.size(), 1U);
  for (uint64_t i = 1; i <= 16; ++i) {
    many.arrival = i % GetParam();
    EXPECT_EQ(many.wan_sends(udp_in(server(i))).sent.size(), 1U) << i;
    EXPECT_EQ(many.wan_sends(udp_in(server(i), 40001)).sent.size(), 0U) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(OfATeam, Workers, ::testing::Values(uint16_t{2}, uint16_t{3}, uint16_t{4}));

// proves: K56
TEST(Handover, ThatFindsNoRoomIsDroppedByTheGiver) {
  GatewaySite site(4096, 2);
  const Frame frame = udp_out(server_of(1, 2)).build();
  rte_mbuf* mbuf = site.make_mbuf(frame);
  site.pipeline->receive({&mbuf, 1}, kLanDevice, site.snapshot, site.now);
  auto& handovers = site.pipeline->outputs().handovers[1];
  ASSERT_EQ(handovers.size(), 1U);
  EXPECT_EQ(site.totals_of(0).handed_out, 1U);
  site.pipeline->give_back_handovers(handovers);
  handovers.clear();
  EXPECT_EQ(site.totals_of(0).handed_out, 0U);
  EXPECT_EQ(site.drops(DropReason::handover_full), 1U);
  site.check_conservation();
}

// What was handed over under a snapshot in which its link, LAN or tunnel still was.
TEST(Handover, OfWhatIsNoLongerThereIsDropped) {
  for (const bool outbound : {true, false}) {
    GatewaySite site(4096, 2);
    const Ipv6Address peer = server_of(1, 2);
    PacketBuilder packet =
        outbound ? GatewaySite::from_host().ipv6(kHost, peer) : GatewaySite::from_wan().ipv6(peer, kHost);
    rte_mbuf* mbuf = site.make_mbuf(packet.echo_request(7, 1).build());
    site.pipeline->receive({&mbuf, 1}, outbound ? kLanDevice : kWanDevice, site.snapshot, site.now);
    ASSERT_EQ(site.pipeline->outputs().handovers[1].size(), 1U);
    if (outbound)
      site.snapshot.lans.clear();
    else
      site.snapshot.tunnels.clear();
    const PacketBuilder unrelated = PacketBuilder().ethernet(kWanMac, kIspMac).ether_type(0x88b5).payload(50);
    expect_nothing(site.wan_sends(unrelated));  // and the handed over one goes on
    EXPECT_EQ(site.totals_of(1).drops[static_cast<std::size_t>(DropReason::link_unknown)], 1U);
  }
}

TEST(Handover, OfAPlainFrameWhoseLinkIsNoLongerThereIsDropped) {
  GatewaySite site(4096, 2);
  rte_mbuf* mbuf = site.make_mbuf(udp_in(server_of(1, 2)).build());
  site.pipeline->receive({&mbuf, 1}, kWanDevice, site.snapshot, site.now);
  ASSERT_EQ(site.pipeline->outputs().handovers[1].size(), 1U);
  site.snapshot.links.clear();
  expect_nothing(site.turn());
  EXPECT_EQ(site.totals_of(1).drops[static_cast<std::size_t>(DropReason::link_unknown)], 1U);
}

// A SYN is looked at first, what follows it is not.
TEST(Handover, KeepsTheOrderOfWhatWasLookedAtAndWhatWasNot) {
  GatewaySite site(4096, 2);
  TcpFields fields;
  fields.flags = tcp_flag::kSyn;
  const auto segment = [&] {
    return GatewaySite::from_host().ipv6(kHost, server_of(1, 2)).tcp(50000, 443, fields).build();
  };
  std::array<rte_mbuf*, 2> burst = {site.make_mbuf(segment())};
  fields.flags = tcp_flag::kAck;
  burst[1] = site.make_mbuf(segment());
  site.pipeline->receive(burst, kLanDevice, site.snapshot, site.now);
  EXPECT_EQ(site.pipeline->outputs().handovers[1], std::vector<rte_mbuf*>(burst.begin(), burst.end()));
  site.turn();
}

// By its owner alone, as if its own queue had brought it; the giver has not even counted it for its link.
TEST(Handover, OfAPlainFrameLeavesAllThatIsToBeDoneToItsOwner) {
  GatewaySite site(4096, 2);
  EXPECT_EQ(site.host_sends(udp_out(server_of(1, 2))).sent.size(), 1U);
  EXPECT_EQ(site.totals_of(0).links[kHomeLink].rx_packets, 0U);
  EXPECT_EQ(site.totals_of(1).links[kHomeLink].rx_packets, 1U);
}

// proves: B22
TEST(RelayTeam, HandsNothingOverWhereEveryWorkerHasAQueue) {
  RelaySite site({.size = 2});
  for (uint64_t i = 0; i < 32; ++i)
    EXPECT_EQ(site.wan_sends(RelaySite::from_site().ipv6(kSite, beyond(i)).udp(1, 2)).sent.size() +
                  site.native_sends(RelaySite::from_native().ipv6(beyond(i), kSite).udp(1, 2)).sent.size(),
              2U);
  EXPECT_EQ(site.totals().handed_out, 0U);
}

// proves: U31
TEST(RelayTeam, SharesOutWhatComesByTooFewQueues) {
  RelaySite site({.size = 2, .spreads = true});
  for (uint64_t i = 0; i < 32; ++i)
    EXPECT_EQ(site.wan_sends(RelaySite::from_site().ipv6(kSite, beyond(i)).udp(1, 2)).sent.size(), 1U);
  EXPECT_GT(site.totals_of(1).tx, 8U);
  EXPECT_LT(site.totals_of(1).tx, 24U);
}

// A site has one rate, by whatever queues it comes.
// proves: C28
TEST(RelayTeam, MeasuresASiteAtOneWorker) {
  for (const bool spreads : {false, true}) {
    RelaySite site({.size = 2, .spreads = spreads});
    site.snapshot.site_limit = {1000, 4000};
    std::size_t passed = 0;
    for (uint64_t i = 0; i < 32; ++i) {
      site.arrival = i % 2;
      passed +=
          site.wan_sends(RelaySite::from_site().ipv6(kSite, beyond(i)).udp(1, 2).payload(952)).sent.size();
    }
    EXPECT_EQ(passed, 4U);
    EXPECT_EQ(site.drops(DropReason::site_rate), 28U);
  }
}

}  // namespace gate41::testing
