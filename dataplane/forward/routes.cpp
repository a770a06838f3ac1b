#include "dataplane/forward/routes.hpp"

#include <algorithm>
#include <utility>

namespace gate41 {

RouteTable::RouteTable(std::vector<Route> routes) : routes_(std::move(routes)) {
  std::ranges::stable_sort(routes_, std::ranges::greater(), [](const Route& route) {
    return std::pair(route.prefix.length, route.source.length);
  });
}

const Route* RouteTable::lookup(const Ipv6Address& source, const Ipv6Address& destination) const noexcept {
  const auto found = std::ranges::find_if(routes_, [&](const Route& route) {
    return route.prefix.contains(destination) && route.source.contains(source);
  });
  return found == routes_.end() ? nullptr : &*found;
}

}  // namespace gate41
