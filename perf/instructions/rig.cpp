#include "perf/instructions/rig.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <valgrind/callgrind.h>

#include <rte_eth_ring.h>
#include <rte_ethdev.h>

namespace gate41::perf {
namespace {

constexpr unsigned kRingSize = 2048;  // one place stays empty
static_assert(Rig::kMostBursts * kBurst < kRingSize);

[[noreturn]] void give_up(const char* why) {
  std::fprintf(stderr, "%s\n", why);
  std::exit(1);
}

rte_ring* make_ring(const std::string& name) {
  rte_ring* ring = rte_ring_create(name.c_str(), kRingSize, SOCKET_ID_ANY, RING_F_SP_ENQ | RING_F_SC_DEQ);
  if (ring == nullptr) give_up("no ring");
  return ring;
}

// Its number is the next one: the WAN's is made first.
Wires make_device(uint16_t device, rte_mempool* pool) {
  const std::string name = "wire" + std::to_string(device);
  const Wires wires{make_ring(name + "-received"), make_ring(name + "-sent")};
  const std::array<rte_ring*, 1> received = {wires.received};
  const std::array<rte_ring*, 1> sent = {wires.sent};
  const rte_eth_conf plain{};
  if (rte_eth_from_rings(name.c_str(), received.data(), 1, sent.data(), 1, 0) != device ||
      rte_eth_dev_configure(device, 1, 1, &plain) != 0 ||
      rte_eth_rx_queue_setup(device, 0, kRingSize / 2, 0, nullptr, pool) != 0 ||
      rte_eth_tx_queue_setup(device, 0, kRingSize / 2, 0, nullptr) != 0 || rte_eth_dev_start(device) != 0)
    give_up("no net_ring device");
  return wires;
}

// Stops the loop with the last burst.
struct Countdown {
  WorkerLoop& loop;
  unsigned bursts;
};
uint16_t count_burst(uint16_t /*device*/, uint16_t /*queue*/, rte_mbuf** /*frames*/, uint16_t n,
                     uint16_t /*room*/, void* countdown) {
  auto& left = *static_cast<Countdown*>(countdown);
  if (n > 0 && --left.bursts == 0) left.loop.stop();
  return n;
}

// The only place that is counted.
[[gnu::noinline]] void counted(const std::function<void()>& work) {
  CALLGRIND_TOGGLE_COLLECT;
  work();
  CALLGRIND_TOGGLE_COLLECT;
}

}  // namespace

Rig::Rig() {
  pool_ = rte_pktmbuf_pool_create("frames", 2 * kRingSize - 1, 0, kMbufPrivSize, RTE_MBUF_DEFAULT_BUF_SIZE,
                                  SOCKET_ID_ANY);
  if (pool_ == nullptr) give_up("no memory for packets");
  for (uint16_t device = 0; device < wires_.size(); ++device) wires_[device] = make_device(device, pool_);
  auto grace = Grace::create(1, SOCKET_ID_ANY);
  if (!grace) give_up(grace.error().message.c_str());
  grace_ = std::move(*grace);
}

void Rig::run(testing::Harness& site, uint16_t device, const testing::Frame& frame, unsigned bursts) {
  auto rings = WorkerRings::create(0, 1, SOCKET_ID_ANY);
  if (!rings) give_up(rings.error().message.c_str());
  const LinkStates links;
  const std::atomic<const Snapshot*> snapshot = &site.snapshot;
  Doorbell control;
  WorkerLoop loop({0,
                   {0, 1},
                   {{.device = 0}, {.device = 1}},
                   links,
                   snapshot,
                   *grace_,
                   {rings->get()},
                   control,
                   IdleMode::poll},
                  *site.pipeline);
  Countdown countdown{loop, bursts};
  const rte_eth_rxtx_callback* counter = rte_eth_add_rx_callback(device, 0, count_burst, &countdown);
  put(device, frame, bursts * kBurst);
  counted([&] { loop.run(); });
  rte_eth_remove_rx_callback(device, 0, counter);
  if (take(1 - device) != bursts * kBurst) give_up("not every packet was forwarded");
}

void Rig::run_in_place(const Step& step, const testing::Frame& frame, unsigned bursts) {
  std::vector<rte_mbuf*> frames;
  for (unsigned i = 0; i < bursts * kBurst; ++i) frames.push_back(make(frame));
  counted([&] {
    for (unsigned i = 0; i < bursts; ++i) step(std::span(frames).subspan(i * kBurst, kBurst));
  });
  rte_pktmbuf_free_bulk(frames.data(), static_cast<unsigned>(frames.size()));
}

rte_mbuf* Rig::make(const testing::Frame& frame) {
  rte_mbuf* mbuf = rte_pktmbuf_alloc(pool_);
  char* room = mbuf == nullptr ? nullptr : rte_pktmbuf_append(mbuf, static_cast<uint16_t>(frame.size()));
  if (room == nullptr) give_up("no buffer for a packet");
  std::ranges::copy(frame, room);
  return mbuf;
}

void Rig::put(uint16_t device, const testing::Frame& frame, unsigned count) {
  for (unsigned i = 0; i < count; ++i)
    if (rte_ring_sp_enqueue(wires_[device].received, make(frame)) != 0) give_up("no room for a packet");
}

unsigned Rig::take(uint16_t device) {
  void* mbuf = nullptr;
  unsigned count = 0;
  for (; rte_ring_sc_dequeue(wires_[device].sent, &mbuf) == 0; ++count)
    rte_pktmbuf_free(static_cast<rte_mbuf*>(mbuf));
  return count;
}

}  // namespace gate41::perf
