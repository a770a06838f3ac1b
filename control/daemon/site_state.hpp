// SiteState: what the engines know at this moment, as one value: from it and the configuration follow the
// tunnels' plans and the packet path's snapshot.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "control/daemon/tunnel_plan.hpp"
#include "control/dhcp/six_rd.hpp"
#include "dataplane/forward/adjacency.hpp"
#include "dataplane/net/address.hpp"

namespace gate41 {

// What a LAN (gateway) or the native side (relay) has now.
struct LanState {
  Ipv6Address link_local;
  std::vector<Ipv6Prefix> prefixes;
  std::vector<Ipv6Address> addresses;  // that may be used: DAD passed
};

struct TunnelState {
  TunnelPlan plan;
  bool relay_alive = false;                  // gateway: some relay, or the peer, is
  AdjacencyIndex relay_way = kNoAdjacency;   // to the live relay or peer
  AdjacencyIndex direct_way = kNoAdjacency;  // to any site; 6in4: to the peer, alive or not
};

struct SiteState {
  uint64_t generation = 0;
  uint32_t policy_epoch = 1;
  bool filter_active = false;
  uint32_t host_flows = UINT32_MAX;  // at one worker (host_share())
  std::optional<Ipv4Address> wan_address;
  Ipv4Prefix wan_subnet;
  uint16_t wan_mtu = 1500;              // the link's, or less by DHCP (option 26)
  std::optional<Ipv4Address> external;  // known, usable
  std::optional<dhcp::SixRd> offered;   // by DHCP (option 212)
  std::string offer_ignored;            // why no tunnel follows what was offered; or empty
  std::vector<TunnelState> tunnels;     // as configured
  std::vector<LanState> lans;           // as configured
  std::vector<Ipv6Prefix> withdrawn;
  std::vector<config::Pinhole> opened;  // by operators, beside those of the configuration
};

}  // namespace gate41
