// The checks across keys that are about what addresses mean (group G and subnets).
#pragma once

#include "config/findings.hpp"
#include "config/model.hpp"

namespace gate41::config {

void check_static_ipv4(const Config& config, Findings& findings);
void check_external_literal(const Config& config, Findings& findings);
void check_relays(const Config& config, const Tunnel& tunnel, Findings& findings);
void check_rdnss(const Lan& lan, Findings& findings);
void check_relay(const Config& config, const RelayRole& relay, Findings& findings);

}  // namespace gate41::config
