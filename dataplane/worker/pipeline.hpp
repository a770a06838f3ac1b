// Pipeline: the eight stages over bursts of mbufs, for one worker. It knows no PMD and no clock: frames, time
// and a snapshot come in; what leaves stands in `outputs()`. The worker loop (worker_loop.hpp) feeds it from
// ports and rings; tests feed it arrays.
//
// One burst: receive -> parse -> classify -> decapsulate -> filter -> forward -> encapsulate -> send
// (stages.hpp). Of several workers, each has a pipeline: what belongs to another one leaves before the
// filter, and goes on there (take_over).
#pragma once

#include <array>
#include <memory>
#include <span>

#include "dataplane/worker/lookups.hpp"
#include "dataplane/worker/stage_times.hpp"
#include "dataplane/worker/worker_state.hpp"

namespace gate41 {

class Pipeline {
 public:
  // `flows` is null in the relay role, which has no flow table (B22), `site_meters` and `pairs` are empty in
  // the other one.
  Pipeline(SharedTables shared, std::unique_ptr<FlowTable> flows, std::unique_ptr<SiteMeters> site_meters,
           ErrorRates rates, Team team = {}, PairTable pairs = {});

  // Frames received from a device: at most kBurst. Takes ownership.
  void receive(std::span<rte_mbuf*> frames, uint16_t device, const Snapshot& snapshot,
               TimePoint now) noexcept;
  // Packets that another worker has handed over: at most kBurst. Takes ownership.
  void take_over(std::span<rte_mbuf*> packets, const Snapshot& snapshot, TimePoint now) noexcept;
  // Packets from control, MbufMeta filled: at most kBurst. Takes ownership.
  void inject(std::span<rte_mbuf*> packets, const Snapshot& snapshot, TimePoint now) noexcept;
  // Once a loop: tells whom the filter has refused six seconds ago (K34, K39).
  void answer_late(const Snapshot& snapshot, TimePoint now) noexcept;
  // Once a loop: expiry of flows and of fragments, copies of the flow table's counts.
  void tick(TimePoint now) noexcept;

  [[nodiscard]] Outputs& outputs() noexcept { return worker_.outputs; }
  [[nodiscard]] WorkerCounters& counters() noexcept { return worker_.counters; }
  [[nodiscard]] FlowTable* flows() noexcept { return worker_.flows.get(); }
  // From now on, of received bursts; nullptr: no longer.
  void time_stages(StageTimes* times) noexcept { times_ = times; }
  // For the control thread to take from, while the worker runs.
  [[nodiscard]] DropLog& drop_log() noexcept { return worker_.drop_log; }
  [[nodiscard]] Tracer& tracer() noexcept { return worker_.tracer; }

  // The caller could not send (queue full, no link), hand up or hand over (ring full) these: moves them from
  // tx, punted or handed out to dropped, frees them.
  void give_back_tx(std::span<rte_mbuf*> unsent, DropReason reason) noexcept;
  void give_back_exceptions(std::span<rte_mbuf*> unsent) noexcept;
  void give_back_handovers(std::span<rte_mbuf*> unsent) noexcept;

 private:
  [[nodiscard]] StageContext begin(const Snapshot& snapshot, TimePoint now) noexcept;
  // Frames of one device, of which nothing is known yet; the whole way.
  void pass(std::span<rte_mbuf*> frames, uint16_t device, StageContext context) noexcept;
  // Those of them that did not board: handed over, or through stages 1 to 5.
  void pass_others(std::span<rte_mbuf*> frames, uint16_t device, const Boarded& boarded,
                   StageContext& context) noexcept;
  // Packets that their giver took through stage 4.
  void pass_looked_at(std::span<rte_mbuf*> packets, StageContext context) noexcept;
  void inject_one(Packet& packet, StageContext& context) noexcept;
  // Stages 1 to 5 before the lookup.
  [[gnu::noinline]] void prepare(Packet& packet, rte_mbuf* frame, uint16_t device,
                                 StageContext& context) noexcept;
  // The rest of the way for burst_[0..count): those whose mbuf is still theirs. `boarded`: a bit for each
  // that took the short way, as express_ has it, from `device`.
  void run_from_filter(std::size_t count, StageContext& context, uint16_t device = 0,
                       uint32_t boarded = 0) noexcept;
  // Both out of line: few go there, and the loop for the others stays small.
  [[gnu::noinline]] void go_the_long_way(std::size_t i, int32_t flow, const Verdict& verdict, uint16_t device,
                                         StageContext& context) noexcept;
  [[gnu::noinline]] void pass_filter(Packet& packet, StageContext& context) noexcept;
  void ask_for(const Packet& packet) noexcept;
  void look_up() noexcept;
  void leave(Packet& packet, StageContext& context) noexcept;
  void let_wait(Packet& packet, ExceptionClass exception_class, StageContext& context) noexcept;
  void route_created(StageContext& context) noexcept;
  // Carries a verdict out; afterwards packet.mbuf is null unless it was `next`.
  void settle(Packet& packet, const Verdict& verdict, StageContext& context) noexcept;
  void count_lost(std::span<rte_mbuf*> packets, DropReason reason) noexcept;

  WorkerState worker_;
  StageTimes* times_ = nullptr;
  std::array<Packet, kBurst> burst_;
  std::array<ExpressPacket, kBurst> express_;  // of the same burst, those that took the short way
  Lookups lookups_;
};

}  // namespace gate41
