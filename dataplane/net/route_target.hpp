// RouteTarget: where a native route leads.
#pragma once

#include <compare>
#include <cstdint>

#include "dataplane/net/address.hpp"

namespace gate41 {

struct RouteTarget {
  enum class Kind : uint8_t { none, via, on_link, unreachable };
  Kind kind = Kind::none;
  Ipv6Address next_hop;  // of `via`
  constexpr bool operator==(const RouteTarget&) const = default;
  constexpr auto operator<=>(const RouteTarget&) const = default;
};

}  // namespace gate41
