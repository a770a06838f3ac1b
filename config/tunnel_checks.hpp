// The checks across keys that are about tunnels: what a mode needs, what does not go together.
#pragma once

#include <optional>
#include <string>

#include "config/findings.hpp"
#include "config/model.hpp"

namespace gate41::config {

void check_tunnels(const Config& config, Findings& findings);

// A shorter prefix is nobody's to give.
inline constexpr uint8_t kShortestDomain = 16;

// Why a prefix of kShortestDomain or more bits is none of native addresses (C13, G16): of the configuration's
// domains, and of those that a DHCP server offers.
struct Objection {
  std::string wrong;
  std::string allowed;
};
[[nodiscard]] std::optional<Objection> objection_to_domain(const Config& config, const Ipv6Prefix& prefix);

// The tunnel that has a part of this prefix by configuration; null: none.
[[nodiscard]] const Tunnel* owner_of(const Config& config, const Ipv6Prefix& prefix);

}  // namespace gate41::config
