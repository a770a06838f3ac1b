// Snapshot: everything the packet path must know of the configuration and of protocol state, immutable,
// replaced whole by control behind one atomic pointer, read once a burst, freed after an RCU grace period.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "dataplane/filter/policy.hpp"
#include "dataplane/forward/adjacency.hpp"
#include "dataplane/forward/routes.hpp"
#include "dataplane/forward/site_meters.hpp"
#include "dataplane/net/address.hpp"
#include "dataplane/tunnel/tunnel.hpp"
#include "dataplane/worker/counters.hpp"
#include "dataplane/worker/host_accept.hpp"

namespace gate41 {

inline constexpr uint16_t kNoIndex = 0xffff;
inline constexpr std::size_t kMaxDevices = 32;

// A link: an Ethernet device, or one VLAN of it. What configuration calls a port.
struct Link {
  std::string name;
  uint16_t device = 0;  // DPDK port id
  uint16_t vlan = 0;    // 0 = untagged
  MacAddress mac;
  uint16_t mtu = 1500;
  bool is_wan = false;
  uint16_t lan = kNoIndex;  // index in `lans`
};

// A LAN of a gateway, or the native side of a relay.
struct LanView {
  std::string name;
  uint16_t link = 0;
  Ipv6Address link_local;
  std::vector<Ipv6Prefix> prefixes;    // /64s that hosts here may use as source (K5)
  std::vector<Ipv6Address> addresses;  // own, DAD passed; link-local and anycast included
  Ipv6Address error_source;            // I9: source of errors to hosts here
  [[nodiscard]] bool is_own(const Ipv6Address& address) const noexcept {
    return std::ranges::find(addresses, address) != addresses.end();
  }
};

struct Snapshot {
  uint64_t generation = 0;
  TunnelRole role = TunnelRole::gateway;
  bool filter_active = false;  // S45: nothing is forwarded before
  std::vector<Link> links;
  // Which link a frame of a device belongs to: (device, VLAN). Few VLANs a device: linear.
  [[nodiscard]] uint16_t link_of(uint16_t device, uint16_t vlan) const noexcept {
    for (size_t i = 0; i < links.size(); ++i)
      if (links[i].device == device && links[i].vlan == vlan) return static_cast<uint16_t>(i);
    return kNoIndex;
  }
  [[nodiscard]] bool is_own_v4(Ipv4Address address) const noexcept {
    if (address.is_unspecified()) return false;
    return address == wan_address || std::ranges::any_of(tunnels, [address](const Tunnel& tunnel) {
             return tunnel.is_own_v4(address);
           });
  }
  // Ours, on whatever link; link-local ones of LANs alone.
  [[nodiscard]] bool is_own_v6(const Ipv6Address& address) const noexcept {
    return std::ranges::find(tunnel_addresses, address) != tunnel_addresses.end() ||
           std::ranges::any_of(lans, [&address](const LanView& lan) { return lan.is_own(address); });
  }
  uint16_t wan_link = kNoIndex;
  Ipv4Address wan_address;  // 0.0.0.0 while there is none
  Ipv4Prefix wan_subnet;    // of that address
  std::vector<LanView> lans;
  std::vector<Tunnel> tunnels;                 // in the order of their kinds (C24), at most kMaxTunnels
  std::vector<Ipv6Prefix> own_prefixes;        // delegated prefixes, for K6 and the null route
  std::vector<Ipv6Prefix> withdrawn_prefixes;  // P14
  std::vector<Ipv6Address> tunnel_addresses;   // own addresses on tunnels ($PREFIX::1); relay: own forms
  SiteLimit site_limit;                        // relay: of each site (C28)
  RouteTable routes;
  HostAccept host_accept;
  Policy policy;
  std::vector<Ipv4Prefix> lab_v4;  // X11
  std::vector<Ipv6Prefix> lab_v6;
  [[nodiscard]] LabAllow lab() const noexcept { return {lab_v4, lab_v6}; }
};

}  // namespace gate41
