// Whom this box may ping, and from which of its addresses. Pure.
#pragma once

#include <optional>
#include <vector>

#include "config/model.hpp"
#include "control/daemon/site_state.hpp"
#include "dataplane/base/result.hpp"
#include "dataplane/worker/snapshot.hpp"

namespace gate41 {

// Unicast ones that are in use, link-local ones left out.
[[nodiscard]] std::vector<Ipv6Address> own_addresses(const Snapshot& snapshot);

// `wanted`: one of them, or nullopt: the LAN's for a host on it; else the address of the first tunnel that is
// up and has a route there, one with a live relay or peer before others; of a relay, its native address. An
// error says what is in the way.
[[nodiscard]] Result<Ipv6Address> source_towards(const Ipv6Address& destination,
                                                 const std::optional<Ipv6Address>& wanted,
                                                 const config::Config& config, const SiteState& site,
                                                 const Snapshot& snapshot);

}  // namespace gate41
