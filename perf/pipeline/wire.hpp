// Wire: two Ethernet ports back to back within this process: what goes into one comes out of the other.
// `outside` is the generator's, `inside` the router's. Ends the program when DPDK refuses.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include <rte_mempool.h>

struct rte_mbuf;

namespace gate41::perf {

inline constexpr uint16_t kDescriptors = 1024;

struct Wire {
  uint16_t outside = 0;
  uint16_t inside = 0;
};

// Two rings: no more than the handing over of pointers.
[[nodiscard]] Wire ring_wire(const std::string& name, rte_mempool* pool);

[[noreturn]] void refuse(const std::string& why);

}  // namespace gate41::perf
