// What a packet costs between two wires: generator and router take turns in one thread, and only what the
// router does is timed: receiving, working, sending.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "perf/figure.hpp"
#include "perf/pipeline/dut.hpp"
#include "perf/pipeline/wire.hpp"

namespace gate41::perf {

// Cycles of the time stamp counter, a packet.
struct Cost {
  std::string name;
  Figure receive{"receive"};
  Figure work{"work"};
  Figure send{"send"};
  // Of `work`, in runs of their own, which reading the counter within a burst makes a little longer.
  Figure parse{"parse"};
  Figure look_up{"look up"};
  Figure act{"act"};
};

struct Effort {
  unsigned runs = 7;
  unsigned bursts = 3000;  // of a run
  unsigned warm_up = 300;  // bursts before
  unsigned burst = 32;     // packets
};

// Time passes for the router as at ten million packets a second.
inline constexpr Duration kPerPacket = std::chrono::nanoseconds(100);

// The way through: frames come by `in` and leave by `out`. `fill` makes a burst of them.
struct Way {
  Wire in;
  Wire out;
  rte_mempool* pool = nullptr;
  std::function<void(std::span<rte_mbuf*>)> fill;
  unsigned frames_for_one = 1;  // that leaves
  Duration pace = kPerPacket;   // a frame
};

// Short runs of all take turns. Ends the program when a packet is lost on the way.
[[nodiscard]] std::vector<Cost> take_turns(const std::vector<std::unique_ptr<Dut>>& duts, const Way& way,
                                           const Effort& effort, TimePoint& now);

}  // namespace gate41::perf
