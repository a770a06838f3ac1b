// Neighbour discovery and MLD frames as RFC 4861 §4, RFC 3810 §5 and RFC 2464 lay them out, for what the
// engine is given and for what it must send.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <vector>

#include "tests/support/packet_builder.hpp"

namespace gate41::testing {

using Frame = std::vector<uint8_t>;

// A link-layer address option: type, length 1, MAC.
Frame lladdr_option(uint8_t type, const MacAddress& mac);
inline Frame sllao(const MacAddress& mac) { return lladdr_option(1, mac); }
inline Frame tllao(const MacAddress& mac) { return lladdr_option(2, mac); }

struct Nd {
  MacAddress ether_source;
  MacAddress ether_destination;
  Ipv6Address source;
  Ipv6Address destination;
  Ipv6Address target;
  Frame options = {};
  uint32_t flags = 0;  // of an advertisement
  uint8_t hop_limit = 255;
  uint8_t code = 0;
};
inline constexpr uint32_t kR = 0x80000000, kS = 0x40000000, kO = 0x20000000;

Frame solicitation(const Nd& fields);
Frame advertisement(const Nd& fields);

struct MldRecord {
  uint8_t type;  // 2 is exclude, 3 to include, 4 to exclude
  Ipv6Address group;
};
Frame mld_report(const MacAddress& from, const Ipv6Address& source, std::initializer_list<MldRecord> records);
struct MldQuery {
  MacAddress ether_source;
  Ipv6Address source;
  Ipv6Address group{};
  uint16_t max_response = 10000;
  uint8_t version = 2;
  uint8_t hop_limit = 1;
  bool router_alert = true;
};
Frame mld_query(const MldQuery& query);
// Version 1 report (131) or done (132).
Frame mld_v1(uint8_t type, const MacAddress& from, const Ipv6Address& source, const Ipv6Address& destination,
             const Ipv6Address& group);

uint8_t icmp_type(const Frame& frame);  // also behind a hop-by-hop header of 8 bytes
MacAddress ether_destination(const Frame& frame);

}  // namespace gate41::testing
