// The engines' settings as they follow from the configuration and the state of the site. Pure.
#pragma once

#include <optional>

#include "config/model.hpp"
#include "control/address/discovery.hpp"
#include "control/daemon/snapshot_builder.hpp"
#include "control/relay/health.hpp"

namespace gate41 {

// A relay's own address is the interface's or nothing (B23).
[[nodiscard]] address::Settings discovery_settings(const config::Config& config);
// nullopt: nothing to probe (no prefix, no relays, role relay).
[[nodiscard]] std::optional<relay::Settings> health_settings(const config::Config& config, const SiteState& site);

}  // namespace gate41
