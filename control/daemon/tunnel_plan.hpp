// TunnelPlan: what a configured tunnel is at the moment: its kind, where `auto` has become 6rd or 6to4, the
// domain, the relays, the prefix. Pure: follows from the configuration and what the site knows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "control/dhcp/six_rd.hpp"
#include "control/prefix/delegation.hpp"
#include "dataplane/tunnel/tunnel.hpp"

namespace gate41 {

struct SiteState;

struct TunnelPlan {
  TunnelKind kind = TunnelKind::six_to_four;
  Domain domain;                    // 6to4, 6rd
  Ipv4Address local;                // outer source; 0.0.0.0: there is none
  Ipv4Address external;             // as remote sites see it
  std::vector<Ipv4Address> relays;  // relays, border relays, or the one peer
  bool direct = true;               // other sites of the domain are reached without a relay (A10, P32)
  std::vector<Ipv6Prefix> routes;   // destinations by relay or peer
  std::optional<prefix::Delegation> delegation;  // gateway
  std::string missing;  // why it is down: "the external address is not known"; empty: it is up
  [[nodiscard]] bool up() const { return missing.empty(); }
  bool operator==(const TunnelPlan&) const = default;
};

[[nodiscard]] TunnelPlan plan_tunnel(const config::Config& config, const config::Tunnel& tunnel,
                                     const SiteState& site);

// Why a domain that the DHCP server offers is none that a site may use (C13, G16), or empty: what the
// configuration would refuse too.
[[nodiscard]] std::string objection(const config::Config& config, const dhcp::SixRd& offer);

// "6to4", "6rd", "6in4".
[[nodiscard]] const char* name_of(TunnelKind kind);

// Whether any tunnel is, or may become, one whose prefix is made of the address that remote sites see.
[[nodiscard]] bool needs_external_address(const config::Config& config);

}  // namespace gate41
