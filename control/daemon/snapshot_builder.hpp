// Builds the packet path's snapshot from the configuration and what the engines know at this moment. Pure:
// the daemon calls it at every change and publishes the result whole.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "config/model.hpp"
#include "control/daemon/site_state.hpp"
#include "dataplane/worker/dataplane.hpp"
#include "dataplane/worker/snapshot.hpp"

namespace gate41 {

// One link a configured port, in the order of their names.
[[nodiscard]] std::vector<Link> make_links(const config::Config& config,
                                           const std::vector<DeviceInfo>& devices);
[[nodiscard]] uint16_t link_index(const std::vector<Link>& links, const std::string& port);

// The MTU in force of a tunnel over this WAN (M18).
[[nodiscard]] uint16_t tunnel_mtu(const config::Tunnel& wanted, uint16_t wan_mtu);
// RFC 4213 §3.7: of a configured tunnel whose outer source is `local`.
[[nodiscard]] Ipv6Address tunnel_link_local(Ipv4Address local);
// One tunnel alone: what ways.hpp needs before a snapshot is made.
[[nodiscard]] Tunnel make_tunnel(const config::Config& config, const SiteState& state, std::size_t index);
// Where a pinhole leads now: none without a prefix.
[[nodiscard]] std::vector<Ipv6Address> pinhole_addresses(const config::Pinhole& hole,
                                                         const config::Config& config,
                                                         const SiteState& state);
// What one LAN host may hold at one worker of `filter.host_flows` (0: auto): each worker has its part.
[[nodiscard]] uint32_t host_share(uint32_t configured, uint32_t max_flows, unsigned workers);
[[nodiscard]] std::unique_ptr<const Snapshot> build_snapshot(const config::Config& config,
                                                             const std::vector<Link>& links,
                                                             const SiteState& state);

}  // namespace gate41
