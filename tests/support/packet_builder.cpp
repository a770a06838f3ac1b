#include "tests/support/packet_builder.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <span>

namespace gate41::testing {
namespace {

using Bytes = PacketBuilder::Bytes;

template <typename T>
T parse_or_abort(std::string_view text) {
  const auto value = T::parse(text);
  if (value) return *value;
  std::fprintf(stderr, "not an address: %.*s\n", static_cast<int>(text.size()), text.data());
  std::abort();
}

void put_u8(Bytes& bytes, uint8_t value) { bytes.push_back(value); }
void put_u16(Bytes& bytes, uint16_t value) {
  put_u8(bytes, static_cast<uint8_t>(value >> 8U));
  put_u8(bytes, static_cast<uint8_t>(value));
}
void put_u32(Bytes& bytes, uint32_t value) {
  put_u16(bytes, static_cast<uint16_t>(value >> 16U));
  put_u16(bytes, static_cast<uint16_t>(value));
}
void put(Bytes& bytes, std::span<const uint8_t> more) { bytes.insert(bytes.end(), more.begin(), more.end()); }
void put(Bytes& bytes, const MacAddress& address) { put(bytes, address.bytes); }
void put(Bytes& bytes, const Ipv6Address& address) { put(bytes, address.bytes); }
void put(Bytes& bytes, Ipv4Address address) { put_u32(bytes, address.host()); }

void store_u16(Bytes& bytes, std::size_t offset, std::size_t value) {
  bytes.at(offset) = static_cast<uint8_t>(value >> 8U);
  bytes.at(offset + 1) = static_cast<uint8_t>(value);
}

// RFC 1071 as its text reads, two bytes at a time.
uint16_t ones_complement_sum(const Bytes& bytes) {
  uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    const uint32_t low = i + 1 < bytes.size() ? bytes[i + 1] : 0U;
    sum += uint32_t{bytes[i]} * 256 + low;
    if (sum > 0xffff) sum -= 0xffff;
  }
  return static_cast<uint16_t>(0xffffU - sum);
}

Bytes counting_bytes(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<uint8_t>(i);
  return bytes;
}

}  // namespace

Ipv4Address ip4(std::string_view text) { return parse_or_abort<Ipv4Address>(text); }
Ipv6Address ip6(std::string_view text) { return parse_or_abort<Ipv6Address>(text); }
MacAddress mac(std::string_view text) { return parse_or_abort<MacAddress>(text); }

bool PacketBuilder::Layer::is_fixed(std::size_t offset) const {
  return std::find(fixed.begin(), fixed.end(), offset) != fixed.end();
}

PacketBuilder::Layer& PacketBuilder::add(Layer layer) {
  layers_.push_back(std::move(layer));
  return layers_.back();
}

// --- layers

PacketBuilder& PacketBuilder::ethernet(const MacAddress& destination, const MacAddress& source) {
  Layer& layer = add({.kind = Kind::link, .next_at = 12});
  put(layer.bytes, destination);
  put(layer.bytes, source);
  put_u16(layer.bytes, 0);
  return *this;
}

PacketBuilder& PacketBuilder::vlan(uint16_t id, uint8_t priority) {
  Layer& layer = add({.kind = Kind::link, .number = ether_type::kVlan, .next_at = 2});
  put_u16(layer.bytes, static_cast<uint16_t>(priority << 13U | id));
  put_u16(layer.bytes, 0);
  return *this;
}

PacketBuilder& PacketBuilder::arp(uint16_t operation, const MacAddress& sender_mac, Ipv4Address sender_ip,
                                  const MacAddress& target_mac, Ipv4Address target_ip) {
  Layer& layer = add({.kind = Kind::data, .number = ether_type::kArp});
  put(layer.bytes, Bytes{0, 1, 8, 0, 6, 4});
  put_u16(layer.bytes, operation);
  put(layer.bytes, sender_mac);
  put(layer.bytes, sender_ip);
  put(layer.bytes, target_mac);
  put(layer.bytes, target_ip);
  return *this;
}

PacketBuilder& PacketBuilder::ipv4(Ipv4Address source, Ipv4Address destination) {
  Layer& layer = add({.kind = Kind::ipv4, .number = ether_type::kIpv4, .next_at = 9});
  constexpr uint8_t kExperimental = 253;
  put(layer.bytes, Bytes{0x45, 0, 0, 0, 0, 1, 0, 0, 64, kExperimental, 0, 0});
  put(layer.bytes, source);
  put(layer.bytes, destination);
  return *this;
}

PacketBuilder& PacketBuilder::ipv4_options(const Bytes& options) {
  Bytes& bytes = last().bytes;
  put(bytes, options);
  bytes[0] = static_cast<uint8_t>(0x40U | bytes.size() / 4);
  return *this;
}

PacketBuilder& PacketBuilder::ipv6(const Ipv6Address& source, const Ipv6Address& destination) {
  Layer& layer = add({.kind = Kind::ipv6, .number = ether_type::kIpv6, .next_at = 6});
  put(layer.bytes, Bytes{0x60, 0, 0, 0, 0, 0, ip_proto::kNoNext, 64});
  put(layer.bytes, source);
  put(layer.bytes, destination);
  return *this;
}

PacketBuilder& PacketBuilder::extension(uint8_t type, std::size_t size) {
  Layer& layer = add({.kind = Kind::extension, .number = type, .next_at = 0});
  put(layer.bytes,
      Bytes{ip_proto::kNoNext, static_cast<uint8_t>(size / 8 - 1), 1, static_cast<uint8_t>(size - 4)});
  layer.bytes.resize(size);
  return *this;
}

PacketBuilder& PacketBuilder::routing(uint8_t type, uint8_t segments_left, std::size_t size) {
  extension(ip_proto::kRouting, size);
  last().bytes[2] = type;
  last().bytes[3] = segments_left;
  return *this;
}

PacketBuilder& PacketBuilder::fragment(uint16_t offset_bytes, bool more, uint32_t id) {
  Layer& layer = add({.kind = Kind::extension, .number = ip_proto::kFragment, .next_at = 0});
  put(layer.bytes, Bytes{ip_proto::kNoNext, 0});
  put_u16(layer.bytes, static_cast<uint16_t>((offset_bytes & 0xfff8U) | (more ? 1U : 0U)));
  put_u32(layer.bytes, id);
  return *this;
}

PacketBuilder& PacketBuilder::ah(std::size_t size) {
  Layer& layer = add({.kind = Kind::extension, .number = ip_proto::kAh, .next_at = 0});
  put(layer.bytes, Bytes{ip_proto::kNoNext, static_cast<uint8_t>(size / 4 - 2)});
  layer.bytes.resize(size);
  return *this;
}

PacketBuilder& PacketBuilder::udp(uint16_t source_port, uint16_t destination_port) {
  Layer& layer = add({.kind = Kind::upper, .number = ip_proto::kUdp, .checksum_at = 6});
  put_u16(layer.bytes, source_port);
  put_u16(layer.bytes, destination_port);
  put_u32(layer.bytes, 0);
  return *this;
}

PacketBuilder& PacketBuilder::udp_lite(uint16_t source_port, uint16_t destination_port) {
  udp(source_port, destination_port);
  last().number = ip_proto::kUdpLite;
  return *this;
}

PacketBuilder& PacketBuilder::tcp(uint16_t source_port, uint16_t destination_port, const TcpFields& fields) {
  Layer& layer = add({.kind = Kind::upper, .number = ip_proto::kTcp, .checksum_at = 16});
  put_u16(layer.bytes, source_port);
  put_u16(layer.bytes, destination_port);
  put_u32(layer.bytes, fields.sequence);
  put_u32(layer.bytes, fields.acknowledgement);
  put_u8(layer.bytes, static_cast<uint8_t>((5 + fields.options.size() / 4) << 4U));
  put_u8(layer.bytes, fields.flags);
  put_u16(layer.bytes, fields.window);
  put_u32(layer.bytes, 0);
  put(layer.bytes, fields.options);
  return *this;
}

PacketBuilder& PacketBuilder::sctp(uint16_t source_port, uint16_t destination_port) {
  Layer& layer = add({.kind = Kind::upper, .number = ip_proto::kSctp});
  put_u16(layer.bytes, source_port);
  put_u16(layer.bytes, destination_port);
  layer.bytes.resize(12);
  return *this;
}

PacketBuilder& PacketBuilder::dccp(uint16_t source_port, uint16_t destination_port) {
  Layer& layer = add({.kind = Kind::upper, .number = ip_proto::kDccp, .checksum_at = 6});
  put_u16(layer.bytes, source_port);
  put_u16(layer.bytes, destination_port);
  put(layer.bytes, Bytes{5, 0, 0, 0, 0x01});  // data offset 5 words; type Request, long sequence numbers
  layer.bytes.resize(20);
  return *this;
}

PacketBuilder& PacketBuilder::esp(uint32_t spi, uint32_t sequence) {
  Layer& layer = add({.kind = Kind::upper, .number = ip_proto::kEsp});
  put_u32(layer.bytes, spi);
  put_u32(layer.bytes, sequence);
  return *this;
}

PacketBuilder& PacketBuilder::icmpv6(uint8_t type, uint8_t code, uint32_t rest) {
  Layer& layer = add({.kind = Kind::upper, .number = ip_proto::kIcmpv6, .checksum_at = 2});
  put(layer.bytes, Bytes{type, code, 0, 0});
  put_u32(layer.bytes, rest);
  return *this;
}

PacketBuilder& PacketBuilder::icmpv4(uint8_t type, uint8_t code, uint32_t rest) {
  icmpv6(type, code, rest);
  last().number = ip_proto::kIcmp;
  return *this;
}

PacketBuilder& PacketBuilder::echo_request(uint16_t id, uint16_t sequence) {
  return icmpv6(icmpv6_type::kEchoRequest, 0, uint32_t{id} << 16U | sequence);
}

PacketBuilder& PacketBuilder::echo_reply(uint16_t id, uint16_t sequence) {
  return icmpv6(icmpv6_type::kEchoReply, 0, uint32_t{id} << 16U | sequence);
}

PacketBuilder& PacketBuilder::payload(std::size_t size) { return payload(counting_bytes(size)); }

PacketBuilder& PacketBuilder::payload(const Bytes& bytes) {
  add({.kind = Kind::data, .bytes = bytes});
  return *this;
}

PacketBuilder& PacketBuilder::ethernet_padding(std::size_t size) {
  add({.kind = Kind::ethernet_padding, .bytes = Bytes(size, 0xee)});
  return *this;
}

PacketBuilder& PacketBuilder::tunnel_padding(std::size_t size) {
  add({.kind = Kind::tunnel_padding, .bytes = Bytes(size, 0xdd)});
  return *this;
}

// --- fields

PacketBuilder& PacketBuilder::set_u8(std::size_t offset, uint8_t value) {
  last().bytes.at(offset) = value;
  last().fixed.push_back(offset);
  return *this;
}

PacketBuilder& PacketBuilder::set_u16(std::size_t offset, uint16_t value) {
  return set_u8(offset, static_cast<uint8_t>(value >> 8U)).set_u8(offset + 1, static_cast<uint8_t>(value));
}

PacketBuilder& PacketBuilder::set_u32(std::size_t offset, uint32_t value) {
  return set_u16(offset, static_cast<uint16_t>(value >> 16U))
      .set_u16(offset + 2, static_cast<uint16_t>(value));
}

PacketBuilder& PacketBuilder::spoil_u8(std::size_t offset, uint8_t value) {
  last().spoiled.push_back({offset, value});
  return *this;
}

PacketBuilder& PacketBuilder::spoil_u16(std::size_t offset, uint16_t value) {
  return spoil_u8(offset, static_cast<uint8_t>(value >> 8U))
      .spoil_u8(offset + 1, static_cast<uint8_t>(value));
}

PacketBuilder& PacketBuilder::ether_type(uint16_t type) { return set_u16(last().next_at, type); }
PacketBuilder& PacketBuilder::next_header(uint8_t protocol) { return set_u8(last().next_at, protocol); }

PacketBuilder& PacketBuilder::ipv4_fragment(uint16_t offset_bytes, bool more) {
  return set_u16(6, static_cast<uint16_t>(offset_bytes / 8U | (more ? 0x2000U : 0U)));
}

PacketBuilder& PacketBuilder::traffic_class(uint8_t value) {
  return set_u16(0, static_cast<uint16_t>(0x6000U | unsigned{value} << 4U));
}

// --- building

void PacketBuilder::fill_next(Layer& layer, const Layer& next) {
  const bool has_number = next.number != 0 || next.kind == Kind::extension;  // hop-by-hop is 0
  if (layer.next_at == kNone || layer.is_fixed(layer.next_at) || !has_number) return;
  if (layer.kind == Kind::link) {
    store_u16(layer.bytes, layer.next_at, next.number);
    return;
  }
  layer.bytes[layer.next_at] = next.kind == Kind::ipv6   ? ip_proto::kIpv6
                               : next.kind == Kind::ipv4 ? ip_proto::kIpip
                                                         : static_cast<uint8_t>(next.number);
}

void PacketBuilder::fill_length(std::vector<Layer>& layers, std::size_t index) {
  Layer& layer = layers[index];
  const bool outer = layer.kind == Kind::ipv4;
  std::size_t behind = 0;
  for (std::size_t i = index + 1; i < layers.size(); ++i) {
    const bool counted =
        layers[i].kind < Kind::tunnel_padding || (outer && layers[i].kind == Kind::tunnel_padding);
    if (counted) behind += layers[i].bytes.size();
  }
  if (layer.kind == Kind::ipv4 && !layer.is_fixed(2)) store_u16(layer.bytes, 2, layer.bytes.size() + behind);
  if (layer.kind == Kind::ipv6 && !layer.is_fixed(4)) store_u16(layer.bytes, 4, behind);
  const bool udp = layer.kind == Kind::upper && layer.number == ip_proto::kUdp;
  if (udp && !layer.is_fixed(4)) store_u16(layer.bytes, 4, layer.bytes.size() + behind);
}

// The bytes that the checksum of layer `index` covers: for IPv4 its header, for upper layers pseudo header
// (but for ICMPv4) and everything behind.
void PacketBuilder::fill_checksum(std::vector<Layer>& layers, std::size_t index) {
  Layer& layer = layers[index];
  if (layer.kind == Kind::ipv4 && !layer.is_fixed(10))
    store_u16(layer.bytes, 10, ones_complement_sum(layer.bytes));
  if (layer.kind != Kind::upper || layer.checksum_at == kNone || layer.is_fixed(layer.checksum_at)) return;
  Bytes body;
  for (std::size_t i = index; i < layers.size() && layers[i].kind < Kind::tunnel_padding; ++i)
    put(body, layers[i].bytes);
  Bytes covered;
  for (std::size_t i = index; i-- > 0 && layer.number != ip_proto::kIcmp;) {
    if (layers[i].kind != Kind::ipv4 && layers[i].kind != Kind::ipv6) continue;
    const std::size_t addresses_at = layers[i].kind == Kind::ipv6 ? 8 : 12;
    const std::size_t addresses_size = layers[i].kind == Kind::ipv6 ? 32 : 8;
    put(covered, std::span(layers[i].bytes).subspan(addresses_at, addresses_size));
    put_u32(covered, static_cast<uint32_t>(body.size()));
    put_u32(covered, layer.number);
    break;
  }
  put(covered, body);
  const uint16_t sum = ones_complement_sum(covered);
  const bool zero_means_none = layer.number == ip_proto::kUdp || layer.number == ip_proto::kUdpLite;
  store_u16(layer.bytes, layer.checksum_at, sum == 0 && zero_means_none ? 0xffff : sum);
}

PacketBuilder::Bytes PacketBuilder::build() const {
  std::vector<Layer> layers = layers_;
  for (std::size_t i = 0; i + 1 < layers.size(); ++i) fill_next(layers[i], layers[i + 1]);
  for (std::size_t i = 0; i < layers.size(); ++i) fill_length(layers, i);
  for (std::size_t i = layers.size(); i-- > 0;) fill_checksum(layers, i);
  Bytes packet;
  for (Layer& layer : layers) {
    for (const Spoiled& spoiled : layer.spoiled) layer.bytes.at(spoiled.offset) = spoiled.value;
    put(packet, layer.bytes);
  }
  return packet;
}

}  // namespace gate41::testing
