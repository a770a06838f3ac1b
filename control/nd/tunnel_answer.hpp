// Neighbour discovery at our end of a configured tunnel: the other end asks whether we live, and is told (RFC
// 4213 §3.8, RFC 4861 §7.1.1 and §7.2.4). Between two ends nothing is resolved: no link-layer option is sent,
// and those that come are not looked at (D34). Pure; control thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dataplane/net/address.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41::nd {

// The advertisement, as an IPv6 packet, that a solicitation (an IPv6 packet too) for one of `own` is owed.
// Nullopt for everything else, also for duplicate address detection (from ::): none of the other end's
// addresses is ours.
[[nodiscard]] std::optional<std::vector<uint8_t>> tunnel_answer(Bytes ipv6, std::span<const Ipv6Address> own);

}  // namespace gate41::nd
