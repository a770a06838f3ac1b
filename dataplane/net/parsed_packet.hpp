// ParsedPacket: everything later stages know of a packet. One parser fills it (parse.hpp), checking lengths
// against lengths; no later stage reads a length from a header again. Offsets count from the first byte of
// the frame.
#pragma once

#include <cstdint>
#include <type_traits>

#include "dataplane/net/address.hpp"

namespace gate41 {

// Why a header could not be taken as what it claims to be. Order: as met on the wire.
enum class ParseError : uint8_t {
  none,
  ethernet_truncated,  // no room for an Ethernet header or VLAN tag
  ether_type_unknown,  // neither ARP, IPv4 nor IPv6 (also a second VLAN tag)
  arp_malformed,
  ipv4_truncated,  // frame shorter than the header, or than total length
  ipv4_version,
  ipv4_header_length,  // IHL < 5, or options past the packet
  ipv4_total_length,   // total length < header length
  ipv4_checksum,
  ipv6_truncated,  // shorter than the header, or than payload length
  ipv6_version,
  ipv6_jumbo,             // payload length 0 with hop-by-hop (RFC 2675): refused (D14)
  extension_truncated,    // chain runs past the packet
  extension_too_long,     // chain longer than the byte limit (K54)
  extension_order,        // hop-by-hop not first (RFC 8200 §4.1)
  routing_type_0,         // RFC 5095
  fragment_header_chain,  // first fragment without the whole chain (RFC 7112)
  l4_truncated,           // TCP, UDP, ICMP header past the packet, or their own lengths wrong
};

enum class Layer3 : uint8_t { none, arp, ipv4, ipv6 };

// none: whole. atomic: a fragment header but offset 0 and no more (RFC 6946).
enum class FragmentState : uint8_t { none, atomic, first, later };

struct Ipv4Fields {
  Ipv4Address source;
  Ipv4Address destination;
  uint16_t offset = 0;  // of the IPv4 header
  uint16_t header_length = 0;
  uint16_t total_length = 0;  // header and payload, without Ethernet padding
  uint16_t id = 0;
  uint16_t fragment_offset = 0;  // bytes
  uint8_t protocol = 0;
  uint8_t ttl = 0;
  uint8_t tos = 0;
  bool more_fragments = false;
  FragmentState fragment = FragmentState::none;
  [[nodiscard]] bool is_fragment() const noexcept { return fragment != FragmentState::none; }
  bool operator==(const Ipv4Fields&) const = default;
};

struct Ipv6Fields {
  Ipv6Address source;
  Ipv6Address destination;
  uint16_t offset = 0;          // of the IPv6 header
  uint16_t payload_length = 0;  // as in the header, proved to be in the packet; padding is beyond it
  uint8_t traffic_class = 0;
  uint8_t hop_limit = 0;
  uint8_t next_header = 0;      // of the fixed header
  uint8_t security = 0;         // kAh or kHip, whichever the chain has first; 0: neither
  uint16_t next_header_at = 0;  // offset of the last next header field, which names the upper layer
  FragmentState fragment = FragmentState::none;
  bool more_fragments = false;
  uint16_t fragment_offset = 0;  // bytes
  uint16_t fragment_length = 0;  // bytes behind the fragment header
  uint32_t fragment_id = 0;
  [[nodiscard]] uint16_t total_length() const noexcept { return static_cast<uint16_t>(payload_length + 40); }
  bool operator==(const Ipv6Fields&) const = default;
};

// SCTP's common header and first chunk (RFC 9260 §3).
struct SctpFields {
  uint32_t tag = 0;           // verification tag
  uint32_t initiate_tag = 0;  // of INIT and INIT ACK
  uint8_t chunk = 0;          // type of the first chunk
  uint8_t chunk_flags = 0;
  bool has_chunk = false;  // there is one, and it ends within the packet
  bool alone = false;      // nothing but padding behind it
  bool operator==(const SctpFields&) const = default;
};

// DCCP's generic header (RFC 4340 §5.1).
struct DccpFields {
  uint8_t type = 0;
  bool extended = false;  // X: long sequence numbers
  bool fits = false;      // header and options are in the packet
  bool operator==(const DccpFields&) const = default;
};

// The upper layer of the IPv6 packet if there is one, else of the IPv4 packet. For later fragments only
// `protocol`.
struct Layer4Fields {
  uint8_t protocol = 0;      // the last next header; kNoNext when there is nothing
  bool present = false;      // header below was there and checked
  uint16_t offset = 0;       // of the upper-layer header
  uint16_t length = 0;       // bytes from there to the end of the packet
  uint16_t source_port = 0;  // TCP, UDP, UDP-Lite, SCTP, DCCP; ICMP echo: id in both
  uint16_t destination_port = 0;
  uint8_t icmp_type = 0;
  uint8_t icmp_code = 0;
  uint8_t tcp_flags = 0;
  uint8_t tcp_header_length = 0;
  uint32_t tcp_sequence = 0;
  uint32_t tcp_acknowledgement = 0;
  uint16_t tcp_window = 0;
  uint8_t tcp_window_scale = 0xff;  // option 3 of a SYN segment (RFC 7323 §2.2, at most 14); 0xff = absent
  uint16_t quote_offset = 0;        // ICMP errors: first byte of the quoted packet; 0 otherwise
  SctpFields sctp;
  DccpFields dccp;
  bool operator==(const Layer4Fields&) const = default;
};

namespace tcp_flag {
inline constexpr uint8_t kFin = 0x01;
inline constexpr uint8_t kSyn = 0x02;
inline constexpr uint8_t kRst = 0x04;
inline constexpr uint8_t kPsh = 0x08;
inline constexpr uint8_t kAck = 0x10;
inline constexpr uint8_t kUrg = 0x20;
}  // namespace tcp_flag

struct ParsedPacket {
  MacAddress destination_mac;
  MacAddress source_mac;
  uint16_t frame_length = 0;
  uint16_t vlan = 0;                          // 0 = untagged
  uint8_t ethernet_length = 0;                // 14 or 18
  Layer3 layer3 = Layer3::none;               // of the frame; ipv4 with protocol 41 has both v4 and v6
  ParseError error = ParseError::none;        // of the frame's own headers
  ParseError inner_error = ParseError::none;  // of the IPv6 packet inside protocol 41
  bool has_v6 = false;                        // `v6` is valid (bare or inside protocol 41)
  Ipv4Fields v4;
  Ipv6Fields v6;
  Layer4Fields l4;
  uint64_t pair_hash = 0;  // flow_hash.hpp: owner
  uint64_t signature = 0;  // flow_hash.hpp: flow table
  [[nodiscard]] bool ok() const noexcept { return error == ParseError::none; }
  // What its flow goes by: behind AH and HIP nobody looks for ports (RFC 6092 REC-21, REC-26).
  [[nodiscard]] uint8_t flow_protocol() const noexcept {
    return v6.security != 0 ? v6.security : l4.protocol;
  }
  bool operator==(const ParsedPacket&) const = default;
};

static_assert(std::is_trivially_copyable_v<ParsedPacket>);

}  // namespace gate41
