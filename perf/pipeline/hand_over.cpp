#include "perf/pipeline/hand_over.hpp"

#include <rte_cycles.h>

#include "control/daemon/ways.hpp"
#include "dataplane/net/flow_hash.hpp"
#include "dataplane/worker/rings.hpp"
#include "perf/pipeline/scenarios.hpp"
#include "tests/matrix/driver/box.hpp"

namespace gate41::perf {
namespace {

constexpr uint16_t kWorkers = 2;
constexpr std::size_t kTaker = 1;
constexpr uint32_t kSpareFlows = 4 * kBulk;

// A gateway with two workers, of which one gets the packets that are the other's.
class Pair {
 public:
  Pair(uint32_t flows, rte_mempool* pool)
      : box_(matrix::make_box(scenario_of(Mode::six_to_four, 0), flows + kSpareFlows, {.size = kWorkers})),
        traffic_(box_->snapshot, flows),
        pool_(pool) {
    auto rings = WorkerRings::create(kTaker, kWorkers, SOCKET_ID_ANY);
    if (!rings) refuse(rings.error().message);
    rings_ = std::move(*rings);
    add_hosts();
    for (uint64_t flow = 0; flows_.size() < flows; ++flow)
      if (is_takers(flow)) flows_.push_back(flow);
    for (const uint64_t flow : flows_)
      for (const Job job : {Job::encapsulate, Job::decapsulate}) open(flow, job);
  }

  void draw(std::span<rte_mbuf*> frames, Job job, FrameSize size) {
    if (rte_pktmbuf_alloc_bulk(pool_, frames.data(), static_cast<unsigned>(frames.size())) != 0)
      refuse("no buffers");
    for (rte_mbuf* frame : frames)
      traffic_.write(frame, flows_[random_() % flows_.size()], direction_of(job), size);
  }
  // As the worker's loop does it (worker_loop.cpp).
  void give(std::span<rte_mbuf*> frames, Job job, TimePoint now) noexcept {
    Pipeline& giver = box_->worker(0);
    giver.receive(frames, device_in(job), box_->snapshot, now);
    std::vector<rte_mbuf*>& packets = giver.outputs().handovers[kTaker];
    if (ring().push(std::span<rte_mbuf* const>(packets)) != frames.size())
      refuse("a packet was not handed over");
    rings_->bell.ring();
    packets.clear();
  }
  void take(Job job, TimePoint now) noexcept {
    std::array<rte_mbuf*, kBulk> packets;
    const std::size_t n = ring().pop(packets);
    box_->worker(kTaker).take_over({packets.data(), n}, box_->snapshot, now);
    sent_ = &box_->worker(kTaker).outputs().tx[device_out(job)];
  }
  void receive(std::span<rte_mbuf*> frames, Job job, TimePoint now) noexcept {
    box_->worker(kTaker).receive(frames, device_in(job), box_->snapshot, now);
    sent_ = &box_->worker(kTaker).outputs().tx[device_out(job)];
  }
  void clear(std::size_t expected) {
    if (sent_->size() != expected) refuse("a packet has not left");
    rte_pktmbuf_free_bulk(sent_->data(), static_cast<unsigned>(sent_->size()));
    sent_->clear();
  }
  [[nodiscard]] TimePoint now() const { return box_->now; }

 private:
  static Direction direction_of(Job job) {
    return job == Job::encapsulate ? Direction::outbound : Direction::inbound;
  }
  [[nodiscard]] Ring<rte_mbuf>& ring() { return rings_->handed_in[0]; }
  [[nodiscard]] bool is_takers(uint64_t flow) const {
    const FlowKey key = traffic_.key_of(flow);
    return owner_of(pair_hash(HashSecret{}, key.interior, key.exterior), kWorkers) == kTaker;
  }
  void add_hosts() {
    const uint16_t link = box_->snapshot.lans.front().link;
    for (std::size_t i = 0; i < kHosts; ++i) {
      const AdjacencyIndex index = box_->adjacencies.allocate();
      box_->neighbours->insert({traffic_.host(i), 0, {}}, index);
      box_->adjacencies.write(index, lan_way(box_->snapshot.links[link], link, host_mac(i)));
    }
  }
  void open(uint64_t flow, Job job) {
    constexpr FrameSize kSmall = 84;
    rte_mbuf* frame = rte_pktmbuf_alloc(pool_);
    if (frame == nullptr) refuse("no buffers");
    traffic_.write(frame, flow, direction_of(job), kSmall);
    give({&frame, 1}, job, box_->now);
    take(job, box_->now);
    clear(1);
  }

  std::unique_ptr<testing::Harness> box_;
  Traffic traffic_;
  rte_mempool* pool_;
  std::unique_ptr<WorkerRings> rings_;  // the taker's
  std::vector<uint64_t> flows_;         // that are the taker's
  std::vector<rte_mbuf*>* sent_ = nullptr;
  std::mt19937_64 random_{41};
};

struct Bursts {
  std::vector<uint64_t> give, take, alone;
};

void one_burst(Pair& pair, Job job, FrameSize size, unsigned count, TimePoint now, Bursts* told) {
  std::array<rte_mbuf*, kBulk> room;
  const std::span<rte_mbuf*> frames(room.data(), count);
  pair.draw(frames, job, size);
  const uint64_t start = rte_rdtsc_precise();
  pair.give(frames, job, now);
  const uint64_t given = rte_rdtsc_precise();
  pair.take(job, now);
  const uint64_t taken = rte_rdtsc_precise();
  pair.clear(count);
  pair.draw(frames, job, size);
  const uint64_t again = rte_rdtsc_precise();
  pair.receive(frames, job, now);
  const uint64_t done = rte_rdtsc_precise();
  pair.clear(count);
  if (told == nullptr) return;
  told->give.push_back(given - start);
  told->take.push_back(taken - given);
  told->alone.push_back(done - again);
}

}  // namespace

std::vector<Cost> measure_hand_over(Job job, uint32_t flows, FrameSize size, rte_mempool* pool,
                                    const Effort& effort) {
  Pair pair(flows, pool);
  std::vector<Cost> costs = {{"giver"}, {"alone"}, {"taker"}};
  TimePoint now = pair.now();
  for (unsigned run = 0; run < effort.runs; ++run) {
    Bursts bursts;
    for (unsigned i = 0; i < effort.warm_up + effort.bursts; ++i) {
      now += kPerPacket * effort.burst;
      one_burst(pair, job, size, effort.burst, now, i < effort.warm_up ? nullptr : &bursts);
    }
    const std::array<std::vector<uint64_t>*, 3> all = {&bursts.give, &bursts.alone, &bursts.take};
    for (std::size_t i = 0; i < all.size(); ++i) {
      costs[i].work.runs.push_back(static_cast<double>(median_of(*all[i])) / effort.burst);
      costs[i].receive.runs.push_back(0);
      costs[i].send.runs.push_back(0);
    }
  }
  return costs;
}

}  // namespace gate41::perf
