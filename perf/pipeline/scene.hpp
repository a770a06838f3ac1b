// Scene: a router with everything around it, and what is measured at it: gate41's own pipeline, set up from a
// configuration as the daemon does it, and the minimum.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "perf/pipeline/case.hpp"
#include "perf/pipeline/dut.hpp"
#include "perf/pipeline/minimum.hpp"
#include "perf/pipeline/stateless_minimum.hpp"
#include "perf/pipeline/traffic.hpp"
#include "tests/unit/worker/harness.hpp"

namespace gate41::perf {

class Scene {
 public:
  // So many established UDP flows, or sites of a relay. `pool`: of the frames.
  Scene(Mode mode, uint32_t flows, rte_mempool* pool, const Around& around = {});

  [[nodiscard]] std::unique_ptr<Dut> product(Job job, const std::string& name = "gate41");
  [[nodiscard]] std::unique_ptr<Dut> minimum(Job job);
  // The same with flows that are new: of the last draw_new().
  [[nodiscard]] std::unique_ptr<Dut> opening_product();
  [[nodiscard]] std::unique_ptr<Dut> opening_minimum();
  // Fills buffers with frames of flows that are there, or, on their way into the tunnel, of new ones.
  void draw(std::span<rte_mbuf*> frames, Job job, FrameSize size);
  void draw_new(std::span<rte_mbuf*> frames, FrameSize size);

  [[nodiscard]] testing::Harness& box() { return *box_; }
  [[nodiscard]] Traffic& traffic() { return traffic_; }

 private:
  [[nodiscard]] Direction direction_of(Job job) const;
  void add_hosts();
  void open_flows(rte_mempool* pool);
  void pass(std::span<const uint64_t> flows, Job job, rte_mempool* pool);
  [[nodiscard]] OuterTemplate outer() const;

  Mode mode_;
  uint32_t flows_;
  std::unique_ptr<testing::Harness> box_;
  Traffic traffic_;
  std::vector<EthernetWay> hosts_;
  std::optional<Minimum> minimum_;
  std::optional<StatelessMinimum> stateless_minimum_;
  std::unique_ptr<Fib> routes_;
  std::mt19937_64 random_{41};
  uint64_t next_new_;
  std::vector<uint64_t> drawn_new_;
};

// Swaps the Ethernet addresses, as testpmd's macswap does: what forwarding costs without any work.
[[nodiscard]] std::unique_ptr<Dut> macswap();

}  // namespace gate41::perf
