// PacketBuilder: packets for tests, layer by layer from the outside in. Lengths, next-header numbers and
// checksums are filled in by build(), by the builder's own arithmetic: a mistake in dataplane/net cannot hide
// itself here.
//
//   PacketBuilder().ethernet().ipv4(ip4("11.0.0.2"), ip4("192.88.99.1"))
//                  .ipv6(ip6("2002:b00:2::1"), ip6("2600:41::1")).udp(1234, 53).payload(20).build()
//
// set_* give a field of the layer added last another value, and checksums follow it (they are then right for
// a wrong field); spoil_* write at the very end and nothing follows. A field that was set is not filled in.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "dataplane/net/address.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/net/parsed_packet.hpp"

namespace gate41::testing {

// From text; an invalid text ends the test program.
Ipv4Address ip4(std::string_view text);
Ipv6Address ip6(std::string_view text);
MacAddress mac(std::string_view text);

inline constexpr MacAddress kTestSourceMac{{0x02, 0, 0, 0, 0, 0x01}};
inline constexpr MacAddress kTestDestinationMac{{0x02, 0, 0, 0, 0, 0x02}};

struct TcpFields {
  uint8_t flags = tcp_flag::kSyn;
  uint32_t sequence = 1000;
  uint32_t acknowledgement = 0;
  uint16_t window = 65535;
  std::vector<uint8_t> options = {};  // a multiple of four bytes
};

class PacketBuilder {
 public:
  using Bytes = std::vector<uint8_t>;

  PacketBuilder& ethernet(const MacAddress& destination = kTestDestinationMac,
                          const MacAddress& source = kTestSourceMac);
  PacketBuilder& vlan(uint16_t id, uint8_t priority = 0);
  PacketBuilder& arp(uint16_t operation, const MacAddress& sender_mac, Ipv4Address sender_ip,
                     const MacAddress& target_mac, Ipv4Address target_ip);
  // An ipv6() that follows makes it protocol 41.
  PacketBuilder& ipv4(Ipv4Address source, Ipv4Address destination);
  PacketBuilder& ipv4_options(const Bytes& options);  // right after ipv4(); a multiple of four bytes
  PacketBuilder& ipv6(const Ipv6Address& source, const Ipv6Address& destination);

  // Extension headers. `size` is the whole header's, a multiple of 8; options are one PadN.
  PacketBuilder& extension(uint8_t type, std::size_t size = 8);
  PacketBuilder& hop_by_hop(std::size_t size = 8) { return extension(ip_proto::kHopByHop, size); }
  PacketBuilder& destination_options(std::size_t size = 8) {
    return extension(ip_proto::kDestinationOptions, size);
  }
  PacketBuilder& routing(uint8_t type, uint8_t segments_left = 0, std::size_t size = 24);
  PacketBuilder& fragment(uint16_t offset_bytes, bool more, uint32_t id);
  PacketBuilder& ah(std::size_t size = 24);

  PacketBuilder& udp(uint16_t source_port, uint16_t destination_port);
  PacketBuilder& udp_lite(uint16_t source_port, uint16_t destination_port);
  PacketBuilder& tcp(uint16_t source_port, uint16_t destination_port, const TcpFields& fields = {});
  PacketBuilder& sctp(uint16_t source_port, uint16_t destination_port);  // its CRC is left 0
  PacketBuilder& dccp(uint16_t source_port, uint16_t destination_port);  // a Request: 20 bytes
  PacketBuilder& esp(uint32_t spi, uint32_t sequence);
  PacketBuilder& icmpv6(uint8_t type, uint8_t code, uint32_t rest = 0);
  PacketBuilder& icmpv4(uint8_t type, uint8_t code, uint32_t rest = 0);
  PacketBuilder& echo_request(uint16_t id, uint16_t sequence);  // ICMPv6
  PacketBuilder& echo_reply(uint16_t id, uint16_t sequence);

  PacketBuilder& payload(std::size_t size);  // 0, 1, 2, ...
  PacketBuilder& payload(const Bytes& bytes);
  // Bytes behind the packet: of the Ethernet frame, in no length; or within the outer IPv4 packet but behind
  // the IPv6 packet in it (RFC 4213 §3.6).
  PacketBuilder& ethernet_padding(std::size_t size);
  PacketBuilder& tunnel_padding(std::size_t size);

  // Fields of the layer added last. Offsets count from its first byte.
  PacketBuilder& set_u8(std::size_t offset, uint8_t value);
  PacketBuilder& set_u16(std::size_t offset, uint16_t value);
  PacketBuilder& set_u32(std::size_t offset, uint32_t value);
  PacketBuilder& spoil_u8(std::size_t offset, uint8_t value);
  PacketBuilder& spoil_u16(std::size_t offset, uint16_t value);

  // By name: ether_type of ethernet() and vlan(); next_header of ipv4(), ipv6() and extension headers.
  PacketBuilder& ether_type(uint16_t type);
  PacketBuilder& next_header(uint8_t protocol);
  // ipv4()
  PacketBuilder& tos(uint8_t value) { return set_u8(1, value); }
  PacketBuilder& total_length(uint16_t value) { return set_u16(2, value); }
  PacketBuilder& id(uint16_t value) { return set_u16(4, value); }
  PacketBuilder& ipv4_fragment(uint16_t offset_bytes, bool more);
  PacketBuilder& dont_fragment() { return set_u16(6, 0x4000); }
  PacketBuilder& ttl(uint8_t value) { return set_u8(8, value); }
  PacketBuilder& spoil_ipv4_checksum(uint16_t value) { return spoil_u16(10, value); }
  // ipv6()
  PacketBuilder& traffic_class(uint8_t value);
  PacketBuilder& payload_length(uint16_t value) { return set_u16(4, value); }
  PacketBuilder& hop_limit(uint8_t value) { return set_u8(7, value); }
  // udp(), udp_lite()
  PacketBuilder& udp_length(uint16_t value) { return set_u16(4, value); }
  // tcp(): in words of four bytes
  PacketBuilder& tcp_data_offset(uint8_t words) { return set_u8(12, static_cast<uint8_t>(words << 4U)); }

  [[nodiscard]] Bytes build() const;

 private:
  enum class Kind : uint8_t { link, ipv4, ipv6, extension, upper, data, tunnel_padding, ethernet_padding };
  static constexpr std::size_t kNone = SIZE_MAX;
  struct Spoiled {
    std::size_t offset;
    uint8_t value;
  };
  struct Layer {
    Kind kind{};
    uint16_t number = 0;  // EtherType or protocol number
    Bytes bytes;
    std::size_t next_at = kNone;       // where the next layer's number goes
    std::size_t checksum_at = kNone;   // upper layers
    std::vector<std::size_t> fixed{};  // offsets that were set by hand
    std::vector<Spoiled> spoiled{};
    [[nodiscard]] bool is_fixed(std::size_t offset) const;
  };

  Layer& add(Layer layer);
  Layer& last() { return layers_.back(); }
  static void fill_next(Layer& layer, const Layer& next);
  static void fill_length(std::vector<Layer>& layers, std::size_t index);
  static void fill_checksum(std::vector<Layer>& layers, std::size_t index);

  std::vector<Layer> layers_;
};

}  // namespace gate41::testing
