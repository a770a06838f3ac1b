// The outer header as a template: control builds Ethernet and IPv4 once, the packet path copies it and
// patches length, id, ToS, destination and checksum (RFC 4213 §3.5, D14).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "dataplane/net/address.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41 {

inline constexpr uint16_t kDontFragment = 0x4000;  // in Ipv4Header::fragment (RFC 791 §3.1)
inline constexpr std::size_t kMaxTemplate = 40;    // Ethernet 14, VLAN 4, IPv4 20

struct OuterFields {
  MacAddress destination_mac;
  MacAddress source_mac;
  uint16_t vlan = 0;
  Ipv4Address source;
  Ipv4Address destination;  // 0.0.0.0 when it comes from the inner destination
  uint8_t ttl = 64;         // D13
  uint8_t tos = 0;
  bool dont_fragment = false;
};

// Writes the template; returns its length (34, or 38 with a VLAN). Total length, id and checksum are zero.
std::size_t build_outer_template(std::span<uint8_t, kMaxTemplate> out, const OuterFields& fields) noexcept;

struct OuterPatch {
  uint16_t inner_length = 0;  // IPv6 header and payload
  uint16_t id = 0;
  uint8_t tos = 0;
  bool dont_fragment = false;              // set DF; false = as the template says
  std::optional<Ipv4Address> source;       // a relay's answer comes from the address that was asked (X27)
  std::optional<Ipv4Address> destination;  // 6to4 sites: the address embedded in the inner destination
};

// `ipv4` is the 20-byte header within the copied template.
void patch_outer(std::span<uint8_t, 20> ipv4, const OuterPatch& patch) noexcept;

[[nodiscard]] Ipv4Address outer_destination(std::span<const uint8_t, 20> ipv4) noexcept;

// Writes `header` with its checksum made right.
void write_with_checksum(std::span<uint8_t, 20> ipv4, Ipv4Header header) noexcept;

// The ToS byte of the outer header: ECN by RFC 6040 §4.1 (compatibility mode: Not-ECT), DSCP copied or fixed
// (X15).
[[nodiscard]] uint8_t outer_tos(uint8_t inner_traffic_class, bool ecn_compatibility, bool dscp_copy,
                                uint8_t dscp) noexcept;

}  // namespace gate41
