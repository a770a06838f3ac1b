// The checks across keys that are about what addresses mean (group G and subnets).
#pragma once

#include "config/findings.hpp"
#include "config/model.hpp"
#include "dataplane/net/address_blocks.hpp"

namespace gate41::config {

void check_static_ipv4(const Config& config, Findings& findings);
void check_external_literal(const Config& config, Findings& findings);
void check_rdnss(const Lan& lan, Findings& findings);
void check_syslog(const Config& config, Findings& findings);
void check_relay(const Config& config, const RelayRole& relay, Findings& findings);

[[nodiscard]] LabAllow lab_of(const Config& config);
// A global IPv4 address, or one of 192.88.99.0/24 (X4).
void check_global_or_anycast(const Config& config, const std::string& path, Ipv4Address address,
                             Findings& findings);
// Loopback, multicast, 0/8 and the reserved block: no host can have these. Private ones can: behind NAT.
[[nodiscard]] bool no_host_address(Ipv4Address address);
[[nodiscard]] bool is_usable_host(const Ipv6Address& address);

}  // namespace gate41::config
