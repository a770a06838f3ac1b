#include "perf/pipeline/measure.hpp"

#include <rte_cycles.h>
#include <rte_ethdev.h>

namespace gate41::perf {
namespace {

constexpr std::size_t kMostInBurst = 32;
using Buffers = std::array<rte_mbuf*, kMostInBurst>;

struct Stamps {
  uint64_t begin, received, worked, sent;
};

// --- the generator

void put(const Way& way, uint16_t count) {
  Buffers frames;
  if (rte_pktmbuf_alloc_bulk(way.pool, frames.data(), count) != 0) refuse("no buffers");
  way.fill({frames.data(), count});
  if (rte_eth_tx_burst(way.in.outside, 0, frames.data(), count) != count) refuse("a wire is full");
}

void take(const Way& way, unsigned count, const Dut& dut) {
  Buffers frames;
  const uint16_t n = rte_eth_rx_burst(way.out.outside, 0, frames.data(), kMostInBurst);
  rte_pktmbuf_free_bulk(frames.data(), n);
  if (n != count)
    refuse(dut.name() + ": " + std::to_string(n) + " of " + std::to_string(count) + " packets have passed");
}

// --- the router

Stamps turn(Dut& dut, const Way& way, TimePoint now) {
  Buffers frames;
  Stamps at{};
  at.begin = rte_rdtsc_precise();
  const uint16_t n = rte_eth_rx_burst(way.in.inside, 0, frames.data(), kMostInBurst);
  at.received = rte_rdtsc_precise();
  const std::span<rte_mbuf*> out = dut.work({frames.data(), n}, now);
  at.worked = rte_rdtsc_precise();
  const uint16_t gone = rte_eth_tx_burst(way.out.inside, 0, out.data(), static_cast<uint16_t>(out.size()));
  at.sent = rte_rdtsc_precise();
  if (gone != out.size()) refuse("a wire is full");
  dut.sent();
  return at;
}

// A burst from one end to the other.
Stamps pass(Dut& dut, const Way& way, const Effort& effort, TimePoint& now) {
  const auto count = static_cast<uint16_t>(effort.burst);
  put(way, count);
  now += way.pace * count;
  const Stamps at = turn(dut, way, now);
  take(way, count / way.frames_for_one, dut);
  return at;
}

double a_packet(std::vector<uint64_t>& bursts, const Effort& effort) {
  return static_cast<double>(median_of(bursts)) / effort.burst;
}

void run(Dut& dut, const Way& way, const Effort& effort, TimePoint& now, Cost& cost) {
  std::vector<uint64_t> receive, work, send;
  for (unsigned i = 0; i < effort.warm_up + effort.bursts; ++i) {
    const Stamps at = pass(dut, way, effort, now);
    if (i < effort.warm_up) continue;
    receive.push_back(at.received - at.begin);
    work.push_back(at.worked - at.received);
    send.push_back(at.sent - at.worked);
  }
  cost.receive.runs.push_back(a_packet(receive, effort));
  cost.work.runs.push_back(a_packet(work, effort));
  cost.send.runs.push_back(a_packet(send, effort));
}

// Where the work goes, if the router tells.
void split(Dut& dut, const Way& way, const Effort& effort, TimePoint& now, Cost& cost) {
  StageTimes within;
  if (!dut.time_stages(&within)) return;
  std::vector<uint64_t> parse, look_up, act;
  for (unsigned i = 0; i < effort.bursts; ++i) {
    const Stamps at = pass(dut, way, effort, now);
    parse.push_back(within.parsed - at.received);
    look_up.push_back(within.looked_up - within.parsed);
    act.push_back(at.worked - within.looked_up);
  }
  dut.time_stages(nullptr);
  cost.parse.runs.push_back(a_packet(parse, effort));
  cost.look_up.runs.push_back(a_packet(look_up, effort));
  cost.act.runs.push_back(a_packet(act, effort));
}

}  // namespace

std::vector<Cost> take_turns(const std::vector<std::unique_ptr<Dut>>& duts, const Way& way,
                             const Effort& effort, TimePoint& now) {
  std::vector<Cost> costs;
  for (const auto& dut : duts) costs.push_back({dut->name()});
  for (unsigned i = 0; i < effort.runs; ++i)
    for (std::size_t d = 0; d < duts.size(); ++d) {
      run(*duts[d], way, effort, now, costs[d]);
      split(*duts[d], way, effort, now, costs[d]);
    }
  return costs;
}

}  // namespace gate41::perf
