#include "dataplane/filter/flow_query.hpp"

#include <algorithm>

#include "dataplane/net/protocol_name.hpp"

namespace gate41 {
namespace {

bool inside(const std::optional<Ipv6Prefix>& wanted, const Ipv6Address& address) noexcept {
  return !wanted || wanted->contains(address);
}

bool inside_one(const std::vector<Ipv6Prefix>& prefixes, const Ipv6Address& address) noexcept {
  return std::ranges::any_of(prefixes, [&](const Ipv6Prefix& prefix) { return prefix.contains(address); });
}

bool has_port(const FlowKey& key, uint16_t port) noexcept {
  return has_ports(key.protocol) && (key.interior_port == port || key.exterior_port == port);
}

}  // namespace

bool FlowQuery::matches(const FlowKey& key) const noexcept {
  if (protocol && *protocol != key.protocol) return false;
  if (port && !has_port(key, *port)) return false;
  if (address && !address->contains(key.interior) && !address->contains(key.exterior)) return false;
  if (lan && !inside_one(*lan, key.interior)) return false;
  return inside(interior, key.interior) && inside(exterior, key.exterior);
}

}  // namespace gate41
