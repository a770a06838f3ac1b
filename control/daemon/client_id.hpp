// The DHCP client identifier (option 61; M10, S79): as configured, or a DUID that outlives a changed MAC (RFC
// 4361).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "control/loop/state_store.hpp"
#include "dataplane/net/address.hpp"

namespace gate41 {

// `configured`: "auto" or hex. auto: DUID-UUID (RFC 6355), drawn once and kept in the state folder.
[[nodiscard]] std::vector<uint8_t> client_id(const std::string& configured, loop::StateStore& store);

}  // namespace gate41
