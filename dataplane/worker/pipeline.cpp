#include "dataplane/worker/pipeline.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "dataplane/net/flow_hash.hpp"
#include "dataplane/net/parse.hpp"
#include "dataplane/worker/express_way.hpp"
#include "dataplane/worker/stages.hpp"

namespace gate41 {
namespace {

// Errors made within one burst; more are not owed to anybody (the token buckets allow fewer).
constexpr std::size_t kMaxCreated = kBurst;
// Fragmented packets that a worker remembers.
constexpr std::size_t kFragmented = 1024;
constexpr std::size_t kOwnReassemblyBuckets = 2;

// Per second and at once, by class (design §5): a flood of one class leaves the others their share. They are
// the box's: a worker has its part.
std::array<TokenBucket, kExceptionClasses> exception_rates(unsigned workers) {
  std::array<TokenBucket, kExceptionClasses> rates;
  const auto set = [&](ExceptionClass c, uint32_t per_second, uint32_t burst) {
    rates[static_cast<std::size_t>(c)] = part_of(per_second, burst, workers);
  };
  set(ExceptionClass::arp, 200, 100);
  set(ExceptionClass::dhcp, 50, 50);
  set(ExceptionClass::icmpv4_error, 50, 50);
  set(ExceptionClass::host_v4, 5000, 1000);
  set(ExceptionClass::host_v6, 1000, 200);
  set(ExceptionClass::nd, 1000, 300);
  set(ExceptionClass::tunnel_nd, 100, 50);
  set(ExceptionClass::ra, 100, 50);
  set(ExceptionClass::unresolved, 500, 200);
  set(ExceptionClass::unresolved_v4, 200, 100);
  set(ExceptionClass::own_dropped, 200, 100);
  return rates;
}

void start_packet(Packet& packet, rte_mbuf* mbuf, Origin origin) noexcept {
  std::construct_at(&packet);
  packet.mbuf = mbuf;
  packet.origin = origin;
}

}  // namespace

Pipeline::Pipeline(SharedTables shared, std::unique_ptr<FlowTable> flows,
                   std::unique_ptr<SiteMeters> site_meters, ErrorRates rates, Team team, PairTable pairs)
    : worker_{shared,
              team,
              EndpointTable(flows ? flows->capacity() : 0, shared.secret),
              std::move(flows),
              Unanswered(),
              std::move(site_meters),
              std::move(pairs),
              FragmentTable(kFragmented, shared.secret),
              Reassembler(shared.secret),
              Reassembler(shared.secret, kOwnReassemblyBuckets),
              rates,
              exception_rates(team.size),
              {},
              {},
              {},
              {},
              IpIds(shared.secret, team.index, team.size),
              0,
              uint64_t{team.index} << 48U,
              {},
              {},
              {}} {
  if (worker_.flows) worker_.flows->observe(&worker_.endpoints);
  worker_.created.reserve(kMaxCreated);
  worker_.to_free.reserve(4 * kBurst);
  worker_.outputs.exceptions.reserve(4 * kBurst);
  for (auto& queue : worker_.outputs.tx) queue.reserve(4 * kBurst);
  for (std::size_t other = 0; other < team.size; ++other) worker_.outputs.handovers[other].reserve(kBurst);
}

// One FIB a burst, as one snapshot.
StageContext Pipeline::begin(const Snapshot& snapshot, TimePoint now) noexcept {
  const auto* routes = worker_.shared.native_routes;
  return {snapshot, worker_, now, coarse_seconds(now),
          routes == nullptr ? nullptr : routes->load(std::memory_order_acquire)};
}

void Pipeline::receive(std::span<rte_mbuf*> frames, uint16_t device, const Snapshot& snapshot,
                       TimePoint now) noexcept {
  worker_.counters.rx.add(frames.size());
  pass(frames, device, begin(snapshot, now));
}

void Pipeline::pass(std::span<rte_mbuf*> frames, uint16_t device, StageContext context) noexcept {
  Boarded boarded;
  if (begin_express(device, context)) boarded = board_express(frames, express_, lookups_, context);
  pass_others(frames, device, boarded, context);
  stamp(times_, &StageTimes::parsed);
  run_from_filter(frames.size(), context, device, boarded.here);
}

// In their order, since those of one flow may be of both kinds.
void Pipeline::pass_others(std::span<rte_mbuf*> frames, uint16_t device, const Boarded& boarded,
                           StageContext& context) noexcept {
  const auto all = static_cast<uint32_t>((uint64_t{1} << frames.size()) - 1);
  for (uint32_t left = all & ~boarded.here; left != 0; left &= left - 1) {
    const auto i = static_cast<std::size_t>(std::countr_zero(left));
    if (i + 1 < frames.size()) rte_prefetch0(rte_pktmbuf_mtod(frames[i + 1], void*));
    if ((boarded.elsewhere >> i & 1U) != 0) {
      hand_over_unseen(frames[i], boarded.owners[i], context);
      burst_[i].mbuf = nullptr;
    } else {
      prepare(burst_[i], frames[i], device, context);
      ask_for(burst_[i]);
    }
  }
}

void Pipeline::prepare(Packet& packet, rte_mbuf* frame, uint16_t device, StageContext& context) noexcept {
  start_packet(packet, frame, Origin::wire);
  Verdict verdict = stage_receive(packet, context);
  if (verdict.kind == Verdict::Kind::next) verdict = stage_parse(packet, device, context);
  capture_received(packet, context);
  if (verdict.kind == Verdict::Kind::next) verdict = stage_classify(packet, context);
  if (verdict.kind == Verdict::Kind::next) verdict = stage_decapsulate(packet, context);
  if (verdict.kind == Verdict::Kind::next) verdict = stage_admit(packet, context);
  settle(packet, verdict, context);
}

void Pipeline::take_over(std::span<rte_mbuf*> packets, const Snapshot& snapshot, TimePoint now) noexcept {
  worker_.counters.handed_in.add(packets.size());
  // Their lines are another core's: all are asked for before the first one is needed.
  for (rte_mbuf* mbuf : packets) {
    rte_prefetch0(&meta_of(mbuf));
    rte_prefetch0(rte_pktmbuf_mtod(mbuf, void*));
  }
  while (!packets.empty()) {
    const uint16_t device = meta_of(packets.front()).device;
    const auto other =
        std::ranges::find_if(packets, [&](rte_mbuf* mbuf) { return meta_of(mbuf).device != device; });
    const std::span<rte_mbuf*> run(packets.begin(), other);
    if (device == MbufMeta::kLookedAt)
      pass_looked_at(run, begin(snapshot, now));
    else
      pass(run, device, begin(snapshot, now));
    packets = packets.subspan(run.size());
  }
}

void Pipeline::pass_looked_at(std::span<rte_mbuf*> packets, StageContext context) noexcept {
  for (std::size_t i = 0; i < packets.size(); ++i) {
    start_packet(burst_[i], packets[i], Origin::wire);
    Packet& packet = burst_[i];
    Verdict verdict = stage_take_over(packet, context);
    if (verdict.kind == Verdict::Kind::next) verdict = stage_admit(packet, context);
    settle(packet, verdict, context);
    ask_for(packet);
  }
  run_from_filter(packets.size(), context);
}

void Pipeline::inject(std::span<rte_mbuf*> packets, const Snapshot& snapshot, TimePoint now) noexcept {
  StageContext context = begin(snapshot, now);
  worker_.counters.injected.add(packets.size());
  for (std::size_t i = 0; i < packets.size(); ++i) {
    start_packet(burst_[i], packets[i], Origin::host);
    inject_one(burst_[i], context);
    ask_for(burst_[i]);
  }
  run_from_filter(packets.size(), context);
}

void Pipeline::inject_one(Packet& packet, StageContext& context) noexcept {
  const MbufMeta meta = meta_of(packet.mbuf);
  if (meta.inject_kind == InjectKind::frame || meta.inject_kind == InjectKind::host_v4) {
    if (meta.inject_kind == InjectKind::host_v4)
      worker_.shared.host_flows.on_sent(parse_frame(bytes_from(packet, 0)), context.now);
    send_frame(std::exchange(packet.mbuf, nullptr), meta.link, context);
    return;
  }
  packet.parsed = parse_ipv6_packet(bytes_from(packet, 0));
  if (!packet.parsed.ok()) return settle(packet, Verdict::drop(DropReason::ipv6_malformed), context);
  hash_flow(worker_.shared.secret, packet.parsed);
  // It waited under another snapshot, perhaps.
  if ((meta.ingress_lan != 0 && meta.ingress_lan >= context.snapshot.lans.size()) ||
      (meta.tunnel != 0 && meta.tunnel >= context.snapshot.tunnels.size()))
    return settle(packet, Verdict::drop(DropReason::link_unknown), context);
  packet.from = Side::own;
  packet.lan = meta.ingress_lan;
  packet.tunnel = meta.tunnel;
  if (meta.inject_kind == InjectKind::routed) {
    worker_.shared.host_flows.on_sent(packet.parsed, context.now);
    return;
  }
  // Waited for its neighbour: filtered and checked before; `side` says which way it was going.
  packet.from = static_cast<Side>(meta.side);
  packet.origin = packet.from == Side::own ? Origin::host : Origin::resumed;
  if (meta.inject_kind == InjectKind::failed)
    settle(packet, refuse(packet, DropReason::neighbour_failed, icmp_error::kAddressUnreachable), context);
  if (meta.inject_kind == InjectKind::crowded)
    settle(packet, Verdict::drop(DropReason::neighbour_queue), context);
}

void Pipeline::run_from_filter(std::size_t count, StageContext& context, uint16_t device,
                               uint32_t boarded) noexcept {
  look_up();
  stamp(times_, &StageTimes::looked_up);
  const int32_t* of_boarded = lookups_.found.data();
  const int32_t* of_others = of_boarded + std::popcount(boarded);
  for (std::size_t i = 0; i < count; ++i) {
    Packet& packet = burst_[i];
    if ((boarded >> i & 1U) != 0) [[likely]] {
      const int32_t flow = *of_boarded++;
      const Verdict verdict = stage_express(express_[i], flow, context);
      if (verdict.kind != Verdict::Kind::done) [[unlikely]]
        go_the_long_way(i, flow, verdict, device, context);
    } else if (packet.mbuf != nullptr) {
      if (packet.filtered) packet.flow = *of_others++;
      pass_filter(packet, context);
    }
  }
  settle_express(context);
  route_created(context);
  rte_pktmbuf_free_bulk(worker_.to_free.data(), static_cast<unsigned>(worker_.to_free.size()));
  worker_.to_free.clear();
}

// From its beginning; it has been looked up, and `verdict` is the short way's.
void Pipeline::go_the_long_way(std::size_t i, int32_t flow, const Verdict& verdict, uint16_t device,
                               StageContext& context) noexcept {
  Packet& packet = burst_[i];
  prepare(packet, express_[i].mbuf, device, context);
  if (packet.mbuf != nullptr) settle(packet, verdict, context);
  if (packet.mbuf == nullptr) return;
  if (packet.filtered) packet.flow = flow;
  pass_filter(packet, context);
}

void Pipeline::pass_filter(Packet& packet, StageContext& context) noexcept {
  const Verdict verdict = stage_filter(packet, context);
  settle(packet, verdict, context);
  if (packet.mbuf != nullptr) leave(packet, context);
}

void Pipeline::ask_for(const Packet& packet) noexcept {
  if (packet.mbuf != nullptr && packet.filtered)
    lookups_.add(packet.key, static_cast<uint32_t>(packet.parsed.signature));
}

// One bulk lookup a burst: the flows of all that cross the border; at a relay, the pairs of the short way.
void Pipeline::look_up() noexcept {
  const std::size_t n = std::exchange(lookups_.count, 0);
  if (n == 0) return;
  const std::span<const uint32_t> signatures(lookups_.signatures.data(), n);
  if (worker_.flows)
    worker_.flows->lookup_bulk({lookups_.keys.data(), n}, signatures, {lookups_.found.data(), n});
  else
    worker_.pairs.lookup_bulk(signatures, {lookups_.found.data(), n});
}

// Forward, encapsulate, send. A new flow is inserted once forward let its packet pass, or let it wait.
void Pipeline::leave(Packet& packet, StageContext& context) noexcept {
  Verdict verdict = stage_forward(packet, context);
  if (verdict.kind == Verdict::Kind::punt) return let_wait(packet, verdict.exception_class, context);
  if (packet.opens_flow && verdict.kind == Verdict::Kind::next) verdict = open_new_flow(packet, context);
  if (verdict.kind == Verdict::Kind::next) verdict = stage_encapsulate(packet, context);
  if (verdict.kind == Verdict::Kind::next) {
    approve(packet, context);
    return send_packet(packet, context);
  }
  settle(packet, verdict, context);
}

// What may not even wait opens no flow: a sweep of a LAN's addresses would fill the table.
void Pipeline::let_wait(Packet& packet, ExceptionClass exception_class, StageContext& context) noexcept {
  Verdict verdict =
      may_go_up(exception_class, context) ? Verdict::next() : Verdict::drop(DropReason::exception_policed);
  if (packet.opens_flow && verdict.kind == Verdict::Kind::next) verdict = open_new_flow(packet, context);
  if (verdict.kind != Verdict::Kind::next) return settle(packet, verdict, context);
  hand_up(packet, exception_class, context);
  packet.mbuf = nullptr;
}

// Errors of ours take the same way out; they cannot make errors themselves, so this ends.
void Pipeline::route_created(StageContext& context) noexcept {
  for (Packet& packet : worker_.created) leave(packet, context);
  worker_.created.clear();
}

// K34, K39. Errors of one call go out before the next ones are made.
void Pipeline::answer_late(const Snapshot& snapshot, TimePoint now) noexcept {
  StageContext context = begin(snapshot, now);
  while (worker_.created.size() < worker_.created.capacity()) {
    const Unanswered::Attempt* attempt = worker_.unanswered.take_due(now);
    if (attempt == nullptr) break;
    tell_refused(*attempt, context);
  }
  route_created(context);
}

void Pipeline::settle(Packet& packet, const Verdict& verdict, StageContext& context) noexcept {
  if (verdict.kind == Verdict::Kind::next) return;
  if (verdict.kind == Verdict::Kind::drop)
    drop_packet(packet, verdict.reason, context);
  else if (verdict.kind == Verdict::Kind::punt)
    punt_packet(packet, verdict.exception_class, context);
  else if (verdict.kind == Verdict::Kind::hand_over)
    hand_over(packet, verdict.worker, context);
  packet.mbuf = nullptr;
}

void Pipeline::tick(TimePoint now) noexcept {
  expire_fragments(worker_, now);
  if (!worker_.flows) return;
  worker_.flows->expire(now);
  const FlowCounts& counts = worker_.flows->counts();
  WorkerCounters& counters = worker_.counters;
  counters.flows_created.set(counts.created);
  counters.flows_expired.set(counts.expired);
  counters.flows_evicted.set(counts.evicted);
  counters.flows_refused.set(counts.refused);
  counters.flows_current.store(counts.current, std::memory_order_relaxed);
}

void Pipeline::give_back_tx(std::span<rte_mbuf*> unsent, DropReason reason) noexcept {
  WorkerCounters& counters = worker_.counters;
  for (rte_mbuf* mbuf : unsent) {
    LinkCounters& link = counters.links[meta_of(mbuf).link];
    link.tx_packets.subtract();
    link.tx_bytes.subtract(rte_pktmbuf_pkt_len(mbuf));
  }
  counters.tx.subtract(unsent.size());
  count_lost(unsent, reason);
}

void Pipeline::give_back_exceptions(std::span<rte_mbuf*> unsent) noexcept {
  for (rte_mbuf* mbuf : unsent)
    worker_.counters.exceptions[static_cast<std::size_t>(meta_of(mbuf).exception_class)].subtract();
  worker_.counters.punted.subtract(unsent.size());
  count_lost(unsent, DropReason::exception_ring_full);
}

void Pipeline::give_back_handovers(std::span<rte_mbuf*> unsent) noexcept {
  worker_.counters.handed_out.subtract(unsent.size());
  count_lost(unsent, DropReason::handover_full);
}

void Pipeline::count_lost(std::span<rte_mbuf*> packets, DropReason reason) noexcept {
  worker_.counters.dropped.add(packets.size());
  worker_.counters.drops[static_cast<std::size_t>(reason)].add(packets.size());
  for (rte_mbuf* mbuf : packets) {
    const uint16_t link = meta_of(mbuf).link;
    const auto length = static_cast<uint16_t>(rte_pktmbuf_pkt_len(mbuf));
    worker_.shared.capture.copy(mbuf, {CapturePoint::drop, reason, link, length});
  }
  rte_pktmbuf_free_bulk(packets.data(), static_cast<unsigned>(packets.size()));
}

}  // namespace gate41
