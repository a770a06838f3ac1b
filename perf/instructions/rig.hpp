// Rig: the worker's loop over two net_ring devices, the WAN's and the LAN's, in this thread. Bursts wait in
// the ring of one device; the loop runs until it has taken the last of them; what it sent waits in the rings
// again. Nothing of it depends on the clock or on another thread, so that its instructions can be counted.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "dataplane/worker/worker_loop.hpp"
#include "tests/unit/worker/site.hpp"

namespace gate41::perf {

// One end of a device: what it receives, and what it was given to send.
struct Wires {
  rte_ring* received = nullptr;
  rte_ring* sent = nullptr;
};

class Rig {
 public:
  static constexpr unsigned kMostBursts = 63;

  Rig();

  // `bursts` full bursts of this frame to one device, as the loop takes them from there.
  void run(testing::Harness& site, uint16_t device, const testing::Frame& frame, unsigned bursts);
  // `bursts` full bursts of this frame to `step`, which changes them where they are: no loop, no device.
  using Step = std::function<void(std::span<rte_mbuf* const> burst)>;
  void run_in_place(const Step& step, const testing::Frame& frame, unsigned bursts);

 private:
  [[nodiscard]] rte_mbuf* make(const testing::Frame& frame);
  void put(uint16_t device, const testing::Frame& frame, unsigned count);
  [[nodiscard]] unsigned take(uint16_t device);

  std::array<Wires, 2> wires_;  // by device
  std::unique_ptr<Grace> grace_;
  rte_mempool* pool_ = nullptr;
};

}  // namespace gate41::perf
