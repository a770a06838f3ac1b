#include "tests/unit/worker/harness.hpp"

#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>
#include <numeric>
#include <string>
#include <utility>

#include "dataplane/port/memory_plan.hpp"

namespace gate41::testing {
namespace {

constexpr uint32_t kNeighbours = 16384;  // perf/pipeline has ten thousand

std::string unique_name(const char* what) {
  static unsigned number = 0;
  return what + std::to_string(number++);
}

template <typename T>
std::unique_ptr<T> value_or_abort(Result<std::unique_ptr<T>> result) {
  if (result) return std::move(*result);
  ADD_FAILURE() << result.error().message;
  std::abort();
}

rte_mempool* make_pool() {
  rte_mempool* pool = rte_pktmbuf_pool_create(unique_name("pool").c_str(), kBuffers, 0, kMbufPrivSize,
                                              RTE_PKTMBUF_HEADROOM + kBufferRoom, SOCKET_ID_ANY);
  if (pool == nullptr) std::abort();
  return pool;
}

Frame bytes_of(const rte_mbuf* mbuf) {
  const auto* start = rte_pktmbuf_mtod(mbuf, const uint8_t*);
  EXPECT_EQ(mbuf->nb_segs, 1);
  EXPECT_EQ(rte_pktmbuf_data_len(mbuf), rte_pktmbuf_pkt_len(mbuf));
  return {start, start + rte_pktmbuf_data_len(mbuf)};
}

}  // namespace

Harness::Harness(uint32_t flows, ErrorRates rates, Team team) : pool_(make_pool()) {
  neighbours = value_or_abort(
      NeighbourTable::create(unique_name("neighbours"), kNeighbours, SOCKET_ID_ANY, HashSecret{}));
  fib = value_or_abort(Fib::create(64));
  native_routes = fib.get();
  pipeline = make_pipeline(flows, rates, team);
  while (++team.index < team.size) others_.push_back(make_pipeline(flows, rates, team));
}

std::unique_ptr<Pipeline> Harness::make_pipeline(uint32_t flows, ErrorRates rates, Team team) {
  std::unique_ptr<FlowTable> table;
  if (flows != 0) table = value_or_abort(FlowTable::create(unique_name("flows"), flows, SOCKET_ID_ANY));
  const SharedTables shared{adjacencies, *neighbours, capture,      path_mtus,
                            host_flows,  pool_,       HashSecret{}, &native_routes};
  auto site_meters = flows == 0 ? std::make_unique<SiteMeters>(HashSecret{}) : nullptr;
  PairTable pairs = flows == 0 ? PairTable(kRelayPairs, SOCKET_ID_ANY) : PairTable();
  return std::make_unique<Pipeline>(shared, std::move(table), std::move(site_meters), rates, team,
                                    std::move(pairs));
}

Harness::~Harness() {
  check_conservation();
  rte_mempool_free(pool_);
}

rte_mbuf* Harness::make_mbuf(std::span<const uint8_t> bytes) {
  rte_mbuf* mbuf = rte_pktmbuf_alloc(pool_);
  if (mbuf == nullptr) std::abort();
  char* room = rte_pktmbuf_append(mbuf, static_cast<uint16_t>(bytes.size()));
  if (room == nullptr) std::abort();
  std::copy(bytes.begin(), bytes.end(), room);
  return mbuf;
}

rte_mbuf* Harness::make_chain(std::span<const uint8_t> bytes, const std::vector<std::size_t>& sizes) {
  rte_mbuf* head = nullptr;
  for (const std::size_t size : sizes) {
    rte_mbuf* next = make_mbuf(bytes.first(std::min(size, bytes.size())));
    bytes = bytes.subspan(std::min(size, bytes.size()));
    if (head == nullptr)
      head = next;
    else if (rte_pktmbuf_chain(head, next) != 0)
      std::abort();
  }
  if (head == nullptr) return make_mbuf(bytes);
  if (!bytes.empty() && rte_pktmbuf_chain(head, make_mbuf(bytes)) != 0) std::abort();
  return head;
}

Outcome Harness::receive(uint16_t device, const std::vector<Frame>& frames) {
  Outcome all;
  for (std::size_t start = 0; start < frames.size(); start += kBurst) {
    std::vector<rte_mbuf*> burst;
    for (std::size_t i = start; i < std::min(frames.size(), start + kBurst); ++i)
      burst.push_back(make_mbuf(frames[i]));
    Outcome some = receive_mbufs(device, burst);
    std::ranges::move(some.sent, std::back_inserter(all.sent));
    std::ranges::move(some.raised, std::back_inserter(all.raised));
  }
  return all;
}

Outcome Harness::receive_mbufs(uint16_t device, std::span<rte_mbuf*> mbufs) {
  if (!steady) ++snapshot.generation;
  worker(arrival).receive(mbufs, device, snapshot, now);
  return collect();
}

Outcome Harness::turn() {
  pipeline->answer_late(snapshot, now);
  for (const auto& other : others_) other->answer_late(snapshot, now);
  return collect();
}

Outcome Harness::inject(InjectKind kind, const Frame& bytes, uint16_t number) {
  rte_mbuf* mbuf = make_mbuf(bytes);
  MbufMeta meta;
  meta.inject_kind = kind;
  meta.link = number;
  meta.ingress_lan = number;
  meta_of(mbuf) = meta;
  return inject_mbuf(mbuf);
}

Outcome Harness::give_back(InjectKind kind, const Raised& waited) {
  rte_mbuf* mbuf = make_mbuf(waited.bytes);
  meta_of(mbuf) = waited.meta;
  meta_of(mbuf).inject_kind = kind;
  return inject_mbuf(mbuf);
}

Outcome Harness::inject_mbuf(rte_mbuf* mbuf) {
  worker(meta_of(mbuf).worker).inject({&mbuf, 1}, snapshot, now);
  return collect();
}

// What one worker has for the others; false: nothing.
bool Harness::carry_handovers(std::size_t giver) {
  bool any = false;
  for (std::size_t owner = 0; owner <= others_.size(); ++owner) {
    std::vector<rte_mbuf*> packets = std::exchange(worker(giver).outputs().handovers[owner], {});
    if (packets.empty()) continue;
    any = true;
    EXPECT_NE(owner, giver);
    worker(owner).take_over(packets, snapshot, now);
  }
  return any;
}

Outcome Harness::collect() {
  Outcome outcome;
  for (bool any = true; any;) {
    any = false;
    for (std::size_t giver = 0; giver <= others_.size(); ++giver) any = carry_handovers(giver) || any;
  }
  for (std::size_t i = 0; i <= others_.size(); ++i) collect_from(worker(i).outputs(), outcome);
  check_conservation();
  return outcome;
}

void Harness::collect_from(Outputs& outputs, Outcome& outcome) {
  for (std::size_t device = 0; device < outputs.tx.size(); ++device) {
    for (rte_mbuf* mbuf : outputs.tx[device]) {
      outcome.sent.push_back({static_cast<uint16_t>(device), bytes_of(mbuf)});
      rte_pktmbuf_free(mbuf);
    }
    outputs.tx[device].clear();
  }
  for (rte_mbuf* mbuf : outputs.exceptions) {
    outcome.raised.push_back({meta_of(mbuf), bytes_of(mbuf)});
    rte_pktmbuf_free(mbuf);
  }
  outputs.exceptions.clear();
}

CounterTotals Harness::totals() {
  CounterTotals totals;
  for (std::size_t i = 0; i <= others_.size(); ++i) totals.add(worker(i).counters());
  return totals;
}

CounterTotals Harness::totals_of(std::size_t i) {
  CounterTotals totals;
  totals.add(worker(i).counters());
  return totals;
}

void Harness::check_conservation() {
  for (std::size_t i = 0; i <= others_.size(); ++i) check_conservation_of(totals_of(i));
  EXPECT_EQ(totals().handed_in, totals().handed_out);
  EXPECT_EQ(rte_mempool_avail_count(pool_) + held_outside, kBuffers) << "buffers are missing";
}

void Harness::check_conservation_of(const CounterTotals& t) {
  EXPECT_EQ(t.rx + t.injected + t.created + t.handed_in,
            t.tx + t.punted + t.dropped + t.reassembled_away + t.handed_out + t.held);
  EXPECT_EQ(std::accumulate(t.drops.begin(), t.drops.end(), uint64_t{0}), t.dropped);
  EXPECT_EQ(std::accumulate(t.exceptions.begin(), t.exceptions.end(), uint64_t{0}), t.punted);
  uint64_t sent = 0;
  for (const CounterTotals::Link& link : t.links) sent += link.tx_packets;
  EXPECT_EQ(sent, t.tx);
}

}  // namespace gate41::testing
