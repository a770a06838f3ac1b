// Datagrams of one flow, each in two fragments, as they reach the router: IPv6 fragments from the LAN, or
// fragments of the outer IPv4 packet (RFC 8200 §4.5, RFC 791 §2.3).
#pragma once

#include <array>
#include <vector>

#include "perf/pipeline/case.hpp"
#include "perf/pipeline/traffic.hpp"

namespace gate41::perf {

class FragmentedTraffic {
 public:
  // Of `flow`, so that the whole frame has this size. `spare`: a buffer to build it in.
  FragmentedTraffic(Traffic& traffic, uint64_t flow, Job job, FrameSize size, rte_mbuf* spare);
  // Pairs, each with an identification of its own.
  void write(std::span<rte_mbuf*> frames);

 private:
  using Bytes = std::vector<uint8_t>;
  Job job_;
  std::array<Bytes, 2> frames_;
  uint32_t next_id_ = 1;
};

}  // namespace gate41::perf
