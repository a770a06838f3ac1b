#include "dataplane/filter/policy.hpp"

#include <algorithm>

namespace gate41 {

const InboundRule* find_pinhole(const Policy& policy, const Ipv6Address& destination, uint8_t protocol,
                                uint16_t port) noexcept {
  auto rule = std::ranges::lower_bound(policy.inbound, destination, {}, &InboundRule::destination);
  for (; rule != policy.inbound.end() && rule->destination == destination; ++rule)
    if (rule->protocol == protocol && port >= rule->port_first && port <= rule->port_last) return &*rule;
  return nullptr;
}

}  // namespace gate41
