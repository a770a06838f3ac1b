// Scene: a router with everything around it for one way of working, and what is measured at it: gate41's own
// pipeline, set up from a configuration as the daemon does it, the minimum, and a swap of the Ethernet
// addresses, which is what testpmd's macswap does.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "perf/pipeline/dut.hpp"
#include "perf/pipeline/minimum.hpp"
#include "perf/pipeline/stateless_minimum.hpp"
#include "perf/pipeline/traffic.hpp"
#include "tests/unit/worker/harness.hpp"

namespace gate41::perf {

enum class Mode : uint8_t { six_to_four, six_rd, six_in_four, relay };
// What is done to a packet.
enum class Job : uint8_t { encapsulate, decapsulate };

// Numbers of the router's devices: in the order of the ports' names.
inline constexpr uint16_t kLan = 0;
inline constexpr uint16_t kWan = 1;
[[nodiscard]] constexpr uint16_t device_in(Job job) { return job == Job::encapsulate ? kLan : kWan; }
[[nodiscard]] constexpr uint16_t device_out(Job job) { return job == Job::encapsulate ? kWan : kLan; }

class Scene {
 public:
  // So many established UDP flows, or sites of a relay. `pool`: of the frames.
  Scene(Mode mode, uint32_t flows, rte_mempool* pool);

  // gate41, the minimum, macswap.
  [[nodiscard]] std::vector<std::unique_ptr<Dut>> duts(Job job);
  // Fills buffers with frames of flows that are there.
  void draw(std::span<rte_mbuf*> frames, Job job, FrameSize size);
  [[nodiscard]] Mode mode() const { return mode_; }
  [[nodiscard]] uint32_t flows() const { return flows_; }
  [[nodiscard]] testing::Harness& box() { return *box_; }

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
  std::mt19937_64 random_{41};
};

}  // namespace gate41::perf
