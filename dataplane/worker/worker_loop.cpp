#include "dataplane/worker/worker_loop.hpp"

#include <array>
#include <sys/prctl.h>

#include <rte_cycles.h>
#include <rte_ethdev.h>

#include "dataplane/base/clock.hpp"

namespace gate41 {

WorkerLoop::WorkerLoop(WorkerSurroundings surroundings, Pipeline& pipeline)
    : around_(std::move(surroundings)),
      rings_(*around_.team[around_.index]),
      pipeline_(pipeline),
      idle_(around_.idle),
      wait_(rings_.bell, around_.queues) {}

void WorkerLoop::run() noexcept {
  ::prctl(PR_SET_TIMERSLACK, 1UL);  // 50 us by default: a nap of 10 us would take 76
  around_.grace.come(around_.index);
  cycles_mark_ = rte_rdtsc();
  while (!stop_.load(std::memory_order_relaxed)) {
    const TimePoint time = now();
    const Rest rest = idle_.after_turn(look(time), time);
    if (rest.armed)
      wait_for_interrupt(rest.length);
    else if (rest.length > Duration::zero())
      static_cast<void>(nap(rest.length));
  }
  around_.grace.leave(around_.index);
}

bool WorkerLoop::look(TimePoint now) noexcept {
  WorkerCounters& counters = pipeline_.counters();
  counters.heartbeat.store(coarse_seconds(now), std::memory_order_relaxed);
  const bool worked = turn(*around_.snapshot.load(std::memory_order_acquire), now);
  around_.grace.quiet(around_.index);
  counters.loops.add();
  account(worked ? counters.cycles_busy : counters.cycles_idle);
  return worked;
}

void WorkerLoop::stop() noexcept {
  stop_.store(true, std::memory_order_relaxed);
  rings_.bell.wake();
}

bool WorkerLoop::turn(const Snapshot& snapshot, TimePoint now) noexcept {
  const bool received = receive(snapshot, now);
  const bool taken_over = take_over(snapshot, now);
  const bool injected = inject(snapshot, now);
  const bool served = serve_request();
  pipeline_.answer_late(snapshot, now);
  flush();
  pipeline_.tick(now);
  return received || taken_over || injected || served;
}

bool WorkerLoop::receive(const Snapshot& snapshot, TimePoint now) noexcept {
  bool any = false;
  for (const RxQueue& rx : around_.queues) {
    std::array<rte_mbuf*, kBurst> frames;
    const uint16_t n = rte_eth_rx_burst(rx.device, rx.queue, frames.data(), kBurst);
    if (n == 0) continue;
    any = true;
    pipeline_.receive({frames.data(), n}, rx.device, snapshot, now);
    flush();
  }
  return any;
}

bool WorkerLoop::take_over(const Snapshot& snapshot, TimePoint now) noexcept {
  bool any = false;
  for (Ring<rte_mbuf>& ring : rings_.handed_in) {
    std::array<rte_mbuf*, kBurst> packets;
    const std::size_t n = ring ? ring.pop(packets) : 0;
    if (n == 0) continue;
    any = true;
    pipeline_.take_over({packets.data(), n}, snapshot, now);
    flush();
  }
  return any;
}

bool WorkerLoop::inject(const Snapshot& snapshot, TimePoint now) noexcept {
  std::array<rte_mbuf*, kBurst> packets;
  const std::size_t n = rings_.injections.pop(packets);
  if (n == 0) return false;
  pipeline_.inject({packets.data(), n}, snapshot, now);
  flush();
  return true;
}

bool WorkerLoop::serve_request() noexcept {
  if (request_ == nullptr) {
    std::array<WorkerRequest*, 1> next;
    if (rings_.requests.pop(next) == 0) return false;
    request_ = next[0];
  }
  if (serve_slice(*request_, pipeline_.flows(), pipeline_.tracer())) {
    // Control has one request at a time on its way, so that the ring always has room.
    if (rings_.answers.push(request_)) around_.control_bell.ring();
    request_ = nullptr;
  }
  return true;
}

void WorkerLoop::flush() noexcept {
  Outputs& outputs = pipeline_.outputs();
  for (const uint16_t device : around_.devices)
    if (!outputs.tx[device].empty()) send(device, outputs.tx[device]);
  if (!outputs.exceptions.empty()) hand_up(outputs.exceptions);
  for (std::size_t owner = 0; owner < around_.team.size(); ++owner)
    if (!outputs.handovers[owner].empty()) hand_over(owner, outputs.handovers[owner]);
}

// What the device does not take now is lost: waiting for it would hold up everything else. Without a link
// some drivers take everything, and send none of it or what is stale by then.
void WorkerLoop::send(uint16_t device, std::vector<rte_mbuf*>& queue) noexcept {
  if (!around_.links.up(device)) {
    pipeline_.give_back_tx(queue, DropReason::link_down);
    return queue.clear();
  }
  const uint16_t sent = rte_eth_tx_burst(device, static_cast<uint16_t>(around_.index), queue.data(),
                                         static_cast<uint16_t>(queue.size()));
  if (sent < queue.size()) pipeline_.give_back_tx(std::span(queue).subspan(sent), DropReason::tx_full);
  queue.clear();
}

void WorkerLoop::hand_up(std::vector<rte_mbuf*>& exceptions) noexcept {
  const std::size_t taken = rings_.exceptions.push(std::span<rte_mbuf* const>(exceptions));
  if (taken > 0) around_.control_bell.ring();
  if (taken < exceptions.size()) pipeline_.give_back_exceptions(std::span(exceptions).subspan(taken));
  exceptions.clear();
}

// An owner that does not keep up loses packets by it, and holds up nobody.
void WorkerLoop::hand_over(std::size_t owner, std::vector<rte_mbuf*>& packets) noexcept {
  WorkerRings& to = *around_.team[owner];
  const std::size_t taken = to.handed_in[around_.index].push(std::span<rte_mbuf* const>(packets));
  if (taken > 0) to.bell.ring();
  if (taken < packets.size()) pipeline_.give_back_handovers(std::span(packets).subspan(taken));
  packets.clear();
}

// Only what comes once it is armed interrupts: what came before is found by another look.
void WorkerLoop::wait_for_interrupt(Duration at_most) noexcept {
  wait_.arm();
  const TimePoint time = now();
  if (idle_.after_turn(look(time), time).armed) idle_.after_wait(nap(at_most));
  wait_.disarm();
}

Waking WorkerLoop::nap(Duration length) noexcept {
  around_.grace.leave(around_.index);
  rings_.bell.announce_sleep();
  const Waking waking = rings_.quiet() ? wait_.wait(length) : Waking::bell;
  rings_.bell.awake();
  around_.grace.come(around_.index);
  account(pipeline_.counters().cycles_nap);
  pipeline_.counters().gave_up_waiting.set(idle_.gave_up_waiting());
  return waking;
}

void WorkerLoop::account(Counter& cycles) noexcept {
  const uint64_t cycle = rte_rdtsc();
  cycles.add(cycle - cycles_mark_);
  cycles_mark_ = cycle;
}

}  // namespace gate41
