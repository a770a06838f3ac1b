// Builds the packet path's snapshot from the configuration and what the engines know at this moment. Pure:
// the daemon calls it at every change and publishes the result whole.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "config/model.hpp"
#include "control/prefix/delegation.hpp"
#include "dataplane/worker/dataplane.hpp"
#include "dataplane/worker/snapshot.hpp"

namespace gate41 {

// One link a configured port, in the order of their names.
[[nodiscard]] std::vector<Link> make_links(const config::Config& config,
                                           const std::vector<DeviceInfo>& devices);
[[nodiscard]] uint16_t link_index(const std::vector<Link>& links, const std::string& port);

// What a LAN (gateway) or the native side (relay) has now.
struct LanState {
  Ipv6Address link_local;
  std::vector<Ipv6Prefix> prefixes;
  std::vector<Ipv6Address> addresses;  // that may be used: DAD passed
};

struct SiteState {
  uint64_t generation = 0;
  uint32_t policy_epoch = 1;
  bool filter_active = false;
  std::optional<Ipv4Address> wan_address;
  Ipv4Prefix wan_subnet;
  uint16_t wan_mtu = 1500;                       // the link's, or less by DHCP (option 26)
  std::optional<Ipv4Address> external;           // gateway: known, usable
  std::optional<prefix::Delegation> delegation;  // gateway
  bool relay_alive = false;                      // gateway: some relay is
  AdjacencyIndex relay_way = kNoAdjacency;
  AdjacencyIndex direct_way = kNoAdjacency;
  std::vector<LanState> lans;  // as configured
  std::vector<Ipv6Prefix> withdrawn;
};

// The tunnel alone: what ways.hpp needs before a snapshot is made. Its MTU is the one in force.
[[nodiscard]] SixToFour make_tunnel(const config::Config& config, const SiteState& state);
[[nodiscard]] std::unique_ptr<const Snapshot> build_snapshot(const config::Config& config,
                                                             const std::vector<Link>& links,
                                                             const SiteState& state);

}  // namespace gate41
