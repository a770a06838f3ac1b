// Wire headers as structs of big-endian fields (which need no alignment), and the protocol numbers. Sizes are
// proved below.
#pragma once

#include <cstdint>

#include "dataplane/net/address.hpp"
#include "dataplane/net/byte_order.hpp"

namespace gate41 {

namespace ether_type {
inline constexpr uint16_t kIpv4 = 0x0800;
inline constexpr uint16_t kArp = 0x0806;
inline constexpr uint16_t kVlan = 0x8100;
inline constexpr uint16_t kIpv6 = 0x86dd;
}  // namespace ether_type

// IANA "Assigned Internet Protocol Numbers".
namespace ip_proto {
inline constexpr uint8_t kHopByHop = 0;
inline constexpr uint8_t kIcmp = 1;
inline constexpr uint8_t kIpip = 4;
inline constexpr uint8_t kTcp = 6;
inline constexpr uint8_t kUdp = 17;
inline constexpr uint8_t kDccp = 33;
inline constexpr uint8_t kIpv6 = 41;
inline constexpr uint8_t kRouting = 43;
inline constexpr uint8_t kFragment = 44;
inline constexpr uint8_t kGre = 47;
inline constexpr uint8_t kEsp = 50;
inline constexpr uint8_t kAh = 51;
inline constexpr uint8_t kIcmpv6 = 58;
inline constexpr uint8_t kNoNext = 59;
inline constexpr uint8_t kDestinationOptions = 60;
inline constexpr uint8_t kSctp = 132;
inline constexpr uint8_t kMobility = 135;
inline constexpr uint8_t kUdpLite = 136;
inline constexpr uint8_t kHip = 139;
inline constexpr uint8_t kShim6 = 140;
}  // namespace ip_proto

namespace icmpv4_type {
inline constexpr uint8_t kEchoReply = 0;
inline constexpr uint8_t kUnreachable = 3;
inline constexpr uint8_t kSourceQuench = 4;
inline constexpr uint8_t kRedirect = 5;
inline constexpr uint8_t kEchoRequest = 8;
inline constexpr uint8_t kTimeExceeded = 11;
inline constexpr uint8_t kParameterProblem = 12;
}  // namespace icmpv4_type

namespace icmpv6_type {
inline constexpr uint8_t kUnreachable = 1;
inline constexpr uint8_t kPacketTooBig = 2;
inline constexpr uint8_t kTimeExceeded = 3;
inline constexpr uint8_t kParameterProblem = 4;
inline constexpr uint8_t kEchoRequest = 128;
inline constexpr uint8_t kEchoReply = 129;
inline constexpr uint8_t kRouterSolicitation = 133;
inline constexpr uint8_t kRouterAdvertisement = 134;
inline constexpr uint8_t kNeighbourSolicitation = 135;
inline constexpr uint8_t kNeighbourAdvertisement = 136;
inline constexpr uint8_t kRedirect = 137;
inline constexpr uint8_t kMldv2Report = 143;
}  // namespace icmpv6_type

struct EthernetHeader {
  MacAddress destination;
  MacAddress source;
  Be16 type;
};

struct VlanTag {
  Be16 control;  // priority 3, drop eligible 1, id 12
  Be16 type;
};

// RFC 791 §3.1
struct Ipv4Header {
  uint8_t version_ihl;
  uint8_t tos;
  Be16 total_length;
  Be16 id;
  Be16 fragment;  // reserved 1, DF 1, MF 1, offset 13 (units of 8)
  uint8_t ttl;
  uint8_t protocol;
  Be16 checksum;
  Ipv4Address source;
  Ipv4Address destination;
};

// RFC 8200 §3
struct Ipv6Header {
  Be32 version_class_flow;
  Be16 payload_length;
  uint8_t next_header;
  uint8_t hop_limit;
  Ipv6Address source;
  Ipv6Address destination;
};

// RFC 8200 §4.5
struct FragmentHeader {
  uint8_t next_header;
  uint8_t reserved;
  Be16 offset_and_more;  // offset 13 (units of 8), reserved 2, more 1
  Be32 id;
};

struct UdpHeader {
  Be16 source_port;
  Be16 destination_port;
  Be16 length;
  Be16 checksum;
};

// RFC 9293 §3.1
struct TcpHeader {
  Be16 source_port;
  Be16 destination_port;
  Be32 sequence;
  Be32 acknowledgement;
  uint8_t data_offset;  // upper four bits, in words
  uint8_t flags;
  Be16 window;
  Be16 checksum;
  Be16 urgent;
};

struct IcmpHeader {
  uint8_t type;
  uint8_t code;
  Be16 checksum;
  Be32 rest;  // echo: id, sequence; packet too big: MTU
};

// RFC 826, Ethernet and IPv4
struct ArpPacket {
  Be16 hardware;
  Be16 protocol;
  uint8_t hardware_length;
  uint8_t protocol_length;
  Be16 operation;  // 1 request, 2 reply
  MacAddress sender_mac;
  Ipv4Address sender_ip;
  MacAddress target_mac;
  Ipv4Address target_ip;
};

inline constexpr uint16_t kMinIpv6Mtu = 1280;  // RFC 8200 §5

static_assert(sizeof(EthernetHeader) == 14 && sizeof(VlanTag) == 4 && sizeof(Ipv4Header) == 20);
static_assert(sizeof(FragmentHeader) == 8);
static_assert(sizeof(Ipv6Header) == 40 && sizeof(UdpHeader) == 8 && sizeof(TcpHeader) == 20);
static_assert(sizeof(IcmpHeader) == 8 && sizeof(ArpPacket) == 28);

}  // namespace gate41
