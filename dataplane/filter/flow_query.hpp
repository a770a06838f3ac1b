// FlowQuery: which flows an operator means. All that is given must hold; nothing given means every flow. Made
// by control, asked by workers.
#pragma once

#include <optional>
#include <vector>

#include "dataplane/filter/flow_entry.hpp"
#include "dataplane/filter/flow_key.hpp"

namespace gate41 {

struct FlowQuery {
  std::optional<Ipv6Prefix> address;  // of either end
  std::optional<Ipv6Prefix> interior;
  std::optional<Ipv6Prefix> exterior;
  std::optional<std::vector<Ipv6Prefix>> lan;  // one of them has the interior end
  std::optional<uint16_t> port;                // of either end
  std::optional<uint8_t> protocol;
  std::optional<FlowState> state;

  [[nodiscard]] bool matches(const FlowKey& key) const noexcept;
  [[nodiscard]] bool matches(const FlowKey& key, FlowState of) const noexcept {
    return (!state || *state == of) && matches(key);
  }
};

}  // namespace gate41
