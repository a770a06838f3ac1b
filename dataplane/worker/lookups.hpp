// What is looked up of a burst, all at once: first of the packets that took the short way, then of the
// others; and where each of them stands then. A worker's own.
#pragma once

#include <array>
#include <cstdint>

#include "dataplane/filter/flow_key.hpp"
#include "dataplane/worker/express.hpp"

namespace gate41 {

struct Lookups {
  std::array<const FlowKey*, kBurst> keys;
  std::array<uint32_t, kBurst> signatures;
  std::array<int32_t, kBurst> found;
  std::size_t count = 0;
  void add(const FlowKey& key, uint32_t signature) noexcept {
    keys[count] = &key;
    signatures[count++] = signature;
  }
};

}  // namespace gate41
