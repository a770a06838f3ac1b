// Router solicitations and advertisements as bytes, for tests: written and read from the layouts in RFC 4861
// §4, RFC 4191 §2 and RFC 8106 §5, with arithmetic of their own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dataplane/net/address.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::testing {

using Frame = std::vector<uint8_t>;

struct RaPrefix {
  Ipv6Address address;
  uint8_t length = 0;
  uint8_t flags = 0;
  uint32_t valid = 0;
  uint32_t preferred = 0;
};
struct RaRoute {
  uint8_t units = 0;  // the option's length, in units of 8 bytes
  uint8_t length = 0;
  uint8_t flags = 0;
  uint32_t lifetime = 0;
  Frame prefix;
};
struct RaServers {
  uint8_t units = 0;
  uint32_t lifetime = 0;
  std::vector<Ipv6Address> servers;
};
struct RaDomains {
  uint8_t units = 0;
  uint32_t lifetime = 0;
  Frame names;  // with padding
};

struct SentRa {
  MacAddress to;
  MacAddress from;
  Ipv6Address source;
  Ipv6Address destination;
  uint8_t ip_hop_limit = 0;
  bool checksum_good = false;
  std::size_t ip_length = 0;  // header and payload
  uint8_t code = 0;
  uint8_t hop_limit = 0;
  uint8_t flags = 0;
  uint16_t lifetime = 0;
  uint32_t reachable = 0;
  uint32_t retransmission = 0;
  std::vector<MacAddress> sllao;
  std::vector<uint32_t> mtu;
  std::vector<RaPrefix> prefixes;
  std::vector<RaRoute> routes;
  std::vector<RaServers> rdnss;
  std::vector<RaDomains> dnssl;
};

// ICMPv6 type of an IPv6 frame without extension headers.
uint8_t type_of(const Frame& frame);
// A frame that is not a well-formed RA ends the test with a failure.
SentRa read_ra(const Frame& frame);

// ---- what hosts and other routers send ----
Frame lladdr_option(const MacAddress& mac);
Frame prefix_option(const Ipv6Address& prefix, uint32_t valid, uint32_t preferred);
Frame mtu_option(uint32_t mtu);

struct Solicitation {
  MacAddress ether_source = mac("02:00:00:00:00:77");
  Ipv6Address source = ip6("fe80::77");
  Frame options = lladdr_option(mac("02:00:00:00:00:77"));
  [[nodiscard]] PacketBuilder packet(uint8_t hop_limit = 255, uint8_t code = 0) const;
  [[nodiscard]] Frame build() const { return packet().build(); }
};

struct Announcement {
  Ipv6Address source = ip6("fe80::1");
  uint8_t hop_limit = 64;
  uint8_t flags = 0;
  uint16_t lifetime = 1800;
  uint32_t reachable = 0;
  uint32_t retransmission = 0;
  Frame options = {};
  [[nodiscard]] PacketBuilder packet(uint8_t ip_hop_limit = 255) const;
  [[nodiscard]] Frame build() const { return packet().build(); }
};

}  // namespace gate41::testing
