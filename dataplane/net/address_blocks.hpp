// Group G: which addresses may be embedded in a 6to4 prefix, and which IPv6 addresses may stand on a tunnel.
// The tables are data (address_blocks.cpp, with the registry's date); the lookup is built from them, and a
// test regenerates it.
#pragma once

#include <span>
#include <string_view>

#include "dataplane/net/address.hpp"

namespace gate41 {

// The state of IANA's special-purpose address registries that the tables hold: the allocation date of their
// newest entry here, 3fff::/20 (RFC 9637).
inline constexpr std::string_view kRegistryDate = "2024-07";

struct Ipv4Block {
  Ipv4Prefix prefix;
  std::string_view name;  // "private-use", as a person should read it
  bool lab_may_lift;      // documentation and benchmark blocks (X11)
};
struct Ipv6Block {
  Ipv6Prefix prefix;
  std::string_view name;
  bool lab_may_lift;  // documentation and benchmark blocks (X11)
};

[[nodiscard]] std::span<const Ipv4Block> never_embed_blocks();      // G1..G13
[[nodiscard]] std::span<const Ipv6Block> never_on_tunnel_blocks();  // G16

// Prefixes lifted by `lab_allow_prefixes` (X11). They have an effect within blocks with `lab_may_lift` only.
struct LabAllow {
  std::span<const Ipv4Prefix> v4;
  std::span<const Ipv6Prefix> v6;
};

// The block that forbids this address as V4ADDR of a site, or nullptr. O(1) in the first byte; packet path.
[[nodiscard]] const Ipv4Block* never_embed(Ipv4Address address, const LabAllow& lab = {}) noexcept;
// The same for an address inside the tunnel: C13 and G16. Does not look into 2002::/16 (see never_embed).
[[nodiscard]] const Ipv6Block* never_on_tunnel(const Ipv6Address& address, const LabAllow& lab = {}) noexcept;

}  // namespace gate41
