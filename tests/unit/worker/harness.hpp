// Harness: one pipeline, or several with what passes between them, with tables and buffers, without any
// device: bytes go in, bytes and exceptions come out, time is a variable. After every run it asserts that no
// packet was lost or counted twice and that every buffer came back.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <vector>

#include <rte_mbuf.h>

#include "dataplane/worker/pipeline.hpp"

namespace gate41::testing {

using Frame = std::vector<uint8_t>;

inline constexpr TimePoint kStart{std::chrono::seconds(1000)};
inline constexpr uint32_t kBuffers = 511;
inline constexpr uint16_t kBufferRoom = 2048;  // behind the headroom

struct Sent {
  uint16_t device = 0;
  Frame bytes;
  bool operator==(const Sent&) const = default;
};
struct Raised {
  MbufMeta meta;
  Frame bytes;
};
struct Outcome {
  std::vector<Sent> sent;
  std::vector<Raised> raised;
};

class Harness {
 public:
  // flows = 0: none (relay). `team`: how many workers, and whether all is to be shared out.
  Harness(uint32_t flows, ErrorRates rates, Team team = {});
  virtual ~Harness();
  Harness(const Harness&) = delete;
  Harness& operator=(const Harness&) = delete;

  // Frames from a device, in bursts of kBurst.
  Outcome receive(uint16_t device, const std::vector<Frame>& frames);
  Outcome receive(uint16_t device, const Frame& frame) { return receive(device, std::vector<Frame>{frame}); }
  // Ready mbufs: at most kBurst. Takes ownership.
  Outcome receive_mbufs(uint16_t device, std::span<rte_mbuf*> mbufs);
  // What is due without a packet.
  Outcome turn();
  // From control. `number`: the link of a frame, the LAN of a routed packet.
  Outcome inject(InjectKind kind, const Frame& bytes, uint16_t number = 0);
  // Gives back what waited for its neighbour.
  Outcome give_back(InjectKind kind, const Raised& waited);

  [[nodiscard]] rte_mbuf* make_mbuf(std::span<const uint8_t> bytes);
  // The bytes spread over mbufs of these sizes; the rest in the last one.
  [[nodiscard]] rte_mbuf* make_chain(std::span<const uint8_t> bytes, const std::vector<std::size_t>& sizes);

  [[nodiscard]] CounterTotals totals();
  [[nodiscard]] Pipeline& worker(std::size_t i) { return i == 0 ? *pipeline : *others_[i - 1]; }
  [[nodiscard]] CounterTotals totals_of(std::size_t worker);
  [[nodiscard]] uint64_t drops(DropReason reason) { return totals().drops[static_cast<std::size_t>(reason)]; }
  [[nodiscard]] rte_mempool* pool() { return pool_; }
  // Checks the counters against each other, and that no buffer is missing.
  void check_conservation();

  AdjacencyTable adjacencies{256};
  std::unique_ptr<NeighbourTable> neighbours;
  CaptureTap capture;
  PathMtuTable path_mtus{HashSecret{}};
  HostFlows host_flows;
  std::unique_ptr<Fib> fib;  // relay: its native routes, none at first
  std::atomic<const Fib*> native_routes{nullptr};
  // Tests change it as they like: it counts as a new one for every burst, unless it is `steady`.
  Snapshot snapshot;
  bool steady = false;
  TimePoint now = kStart;
  std::unique_ptr<Pipeline> pipeline;  // of the first worker
  std::size_t arrival = 0;             // the worker that receives what comes next
  uint64_t held_outside = 0;           // buffers that a test holds

 private:
  std::unique_ptr<Pipeline> make_pipeline(uint32_t flows, ErrorRates rates, Team team);
  Outcome collect();
  bool carry_handovers(std::size_t giver);
  static void collect_from(Outputs& outputs, Outcome& outcome);
  void check_conservation_of(const CounterTotals& t);
  Outcome inject_mbuf(rte_mbuf* mbuf);
  std::vector<std::unique_ptr<Pipeline>> others_;  // of the other workers
  rte_mempool* pool_ = nullptr;
};

}  // namespace gate41::testing
