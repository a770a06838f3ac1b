// Pipeline: the eight stages over bursts of mbufs, for one worker. It knows no PMD and no clock: frames, time and a
// snapshot come in; what leaves stands in `outputs()`. The worker loop (worker_loop.hpp) feeds it from ports and rings;
// tests feed it arrays.
//
// One burst: receive -> parse -> classify -> decapsulate -> filter -> forward -> encapsulate -> send, one file each.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "dataplane/base/clock.hpp"
#include "dataplane/filter/flow_table.hpp"
#include "dataplane/filter/fragment_table.hpp"
#include "dataplane/filter/host_flows.hpp"
#include "dataplane/forward/adjacency.hpp"
#include "dataplane/forward/error_rate.hpp"
#include "dataplane/forward/neighbour_table.hpp"
#include "dataplane/worker/capture_tap.hpp"
#include "dataplane/worker/counters.hpp"
#include "dataplane/worker/packet.hpp"
#include "dataplane/worker/snapshot.hpp"

namespace gate41 {

inline constexpr std::size_t kBurst = 32;

// What all workers share, by reference; lives longer than the workers.
struct SharedTables {
  AdjacencyTable& adjacencies;
  NeighbourTable& neighbours;
  CaptureTap& capture;
  rte_mempool* pool = nullptr;  // for packets that the pipeline makes; private area kMbufPrivSize
  HashSecret secret;
};

// Packets on their way out of the pipeline. The caller takes them all after each run and leaves the vectors empty.
struct Outputs {
  std::array<std::vector<rte_mbuf*>, kMaxDevices> tx;  // by device
  std::vector<rte_mbuf*> exceptions;                   // MbufMeta filled
};

class Pipeline {
 public:
  Pipeline(SharedTables shared, std::unique_ptr<FlowTable> flows, ErrorRates rates);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // Frames received from a device: at most kBurst. Takes ownership.
  void receive(std::span<rte_mbuf*> frames, uint16_t device, const Snapshot& snapshot, TimePoint now) noexcept;
  // Packets from control, MbufMeta filled: at most kBurst. Takes ownership.
  void inject(std::span<rte_mbuf*> packets, const Snapshot& snapshot, TimePoint now) noexcept;
  // Once a loop: expiry.
  void tick(const Snapshot& snapshot, TimePoint now) noexcept;

  [[nodiscard]] Outputs& outputs() noexcept { return outputs_; }
  [[nodiscard]] WorkerCounters& counters() noexcept { return counters_; }
  [[nodiscard]] FlowTable& flows() noexcept { return *flows_; }

  // The caller could not send or hand up these (ring or queue full): moves them from tx/punted to dropped, frees them.
  void give_back_tx(std::span<rte_mbuf*> unsent) noexcept;
  void give_back_exceptions(std::span<rte_mbuf*> unsent) noexcept;

 private:
  friend struct Stages;  // the stages, stage_*.cpp
  SharedTables shared_;
  std::unique_ptr<FlowTable> flows_;
  HostFlows host_flows_;
  FragmentTable fragments_;
  ErrorRates rates_;
  std::array<TokenBucket, kExceptionClasses> exception_rates_;
  std::array<Packet, kBurst> burst_;
  std::vector<rte_mbuf*> created_;   // errors made in this burst, routed at its end
  Outputs outputs_;
  WorkerCounters counters_;
  uint16_t next_ip_id_ = 0;
};

}  // namespace gate41
