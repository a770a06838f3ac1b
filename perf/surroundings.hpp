// What does not touch the packets that are measured, and so may not cost them anything: more neighbours,
// routes, pinholes, tunnels than they need.
#pragma once

#include <cstdint>
#include <memory>

#include "dataplane/forward/fib.hpp"
#include "tests/unit/worker/harness.hpp"

namespace gate41::perf {

// To whom nothing is sent: addresses from `first` on, who share an adjacency that leads to `first`'s MAC.
void add_neighbours(testing::Harness& box, uint32_t count, const Ipv6Address& first, const MacAddress& mac);
// By the native router, in 3000::/4, where no packet goes. The box's from now on, but owned by the caller.
[[nodiscard]] std::unique_ptr<Fib> add_routes(testing::Harness& box, uint32_t count);
// To `hosts` addresses from `first` on, in turn, each for a port of its own.
void add_pinholes(testing::Harness& box, uint32_t count, const Ipv6Address& first, uint32_t hosts);

}  // namespace gate41::perf
