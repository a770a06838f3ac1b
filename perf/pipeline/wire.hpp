// Wire: two Ethernet ports back to back within this process: what goes into one comes out of the other.
// `outside` is the generator's, `inside` the router's. Ends the program when DPDK refuses.
#pragma once

#include <cstdint>
#include <string>

#include <rte_mempool.h>

namespace gate41::perf {

inline constexpr uint16_t kDescriptors = 1024;

struct Wire {
  uint16_t outside = 0;
  uint16_t inside = 0;
};

// `kind`: net_ring, which hands over pointers; or a virtio port of the router with a vhost port opposite, as
// in a guest: split (what QEMU gives by default), vectorised, packed. `name`: where it leads.
[[nodiscard]] Wire make_wire(const std::string& kind, const std::string& name, rte_mempool* pool);
[[nodiscard]] std::string names_of_wires();

[[noreturn]] void refuse(const std::string& why);

}  // namespace gate41::perf
