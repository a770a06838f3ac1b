// Flows without a table: the ends of flow number i follow from i alone, so that millions of them cost no
// memory, and a receiver knows what a packet must look like. Addresses and ports are pseudo-random (RFC 4814
// §4), and no two flows are alike. Pure.
#pragma once

#include <cstdint>

#include "dataplane/net/address.hpp"
#include "dataplane/tunnel/domain.hpp"

namespace gate41::generator {

enum class Side : uint8_t { lan, wan };
inline constexpr Side other(Side side) noexcept { return side == Side::lan ? Side::wan : Side::lan; }

struct Flow {
  Ipv6Address lan;
  Ipv6Address wan;
  uint16_t lan_port = 0;
  uint16_t wan_port = 0;
  Ipv4Address peer;  // where the WAN end is in the IPv4 Internet: the site itself, or its relay
  bool operator==(const Flow&) const = default;
};

// Where the ends are. Each host has one address, drawn within its prefix.
struct FlowSpace {
  Ipv6Prefix lan_prefix;
  uint32_t lan_hosts = 1;
  uint32_t wan_hosts = 1;
  // WAN hosts are sites of a domain, an IPv4 address of this block each, or else ...
  bool wan_is_sites = false;
  Ipv4Prefix site_block;
  Domain domain;
  // ... behind this relay in this prefix.
  Ipv4Address relay;
  Ipv6Prefix wan_prefix;
  uint64_t seed = 1;
};

// As many different pairs of ports: 1024..65535 on the LAN, 1..49151 on the WAN (RFC 4814 §4.5).
inline constexpr uint64_t kLanPorts = 65536 - 1024;
inline constexpr uint64_t kWanPorts = 49151;
inline constexpr uint64_t kMostFlows = kLanPorts * kWanPorts;

// `index` below kMostFlows.
[[nodiscard]] Flow flow_of(const FlowSpace& space, uint64_t index) noexcept;

// The address of host number `host` of the LAN, below lan_hosts.
[[nodiscard]] Ipv6Address lan_host(const FlowSpace& space, uint32_t host) noexcept;

// Which flow packet number `sequence` is of: all in turn, or each drawn at random.
enum class FlowOrder : uint8_t { turn, random };
[[nodiscard]] uint64_t flow_index(FlowOrder order, uint64_t flows, uint32_t sequence) noexcept;

// Every host of the generator has a MAC of its own, so that a limit by MAC takes them for many.
[[nodiscard]] MacAddress mac_of(const Ipv6Address& host) noexcept;

}  // namespace gate41::generator
