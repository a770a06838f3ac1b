#include "control/ndwire/message.hpp"

#include "dataplane/net/checksum.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41::ndwire {
namespace {

constexpr std::size_t kChecksumOffset = 2;  // in the ICMPv6 header
constexpr std::size_t kOptionUnit = 8;
// RFC 2711 §2.1, value 0 (MLD), in a hop-by-hop header with two bytes of padding (PadN).
constexpr std::array<uint8_t, 8> kRouterAlert{ip_proto::kIcmpv6, 0, 5, 2, 0, 0, 1, 0};

std::size_t options_length(const Envelope& envelope) {
  return envelope.router_alert ? kRouterAlert.size() : 0;
}

}  // namespace

Message::Message(uint8_t type) : bytes_{type, 0, 0, 0} {}

Message& Message::u8(uint8_t value) {
  bytes_.push_back(value);
  return *this;
}

Message& Message::u16(uint16_t value) {
  return u8(static_cast<uint8_t>(value >> 8U)).u8(static_cast<uint8_t>(value));
}

Message& Message::u32(uint32_t value) {
  return u16(static_cast<uint16_t>(value >> 16U)).u16(static_cast<uint16_t>(value));
}

Message& Message::bytes(Bytes value) {
  bytes_.insert(bytes_.end(), value.begin(), value.end());
  return *this;
}

Message& Message::option(uint8_t type, Bytes data) {
  const std::size_t units = (2 + data.size() + kOptionUnit - 1) / kOptionUnit;
  const std::size_t end = bytes_.size() + units * kOptionUnit;
  u8(type).u8(static_cast<uint8_t>(units)).bytes(data);
  bytes_.resize(end);
  return *this;
}

std::vector<uint8_t> Message::frame(const Envelope& envelope) const {
  std::vector<uint8_t> frame(sizeof(EthernetHeader) + sizeof(Ipv6Header) + options_length(envelope) + size());
  Writer writer(frame);
  writer.write(EthernetHeader{envelope.ether_destination, envelope.ether_source, Be16(ether_type::kIpv6)});
  write_ipv6(writer, envelope);
  return frame;
}

std::vector<uint8_t> Message::packet(const Ipv6Address& source, const Ipv6Address& destination) const {
  std::vector<uint8_t> packet(sizeof(Ipv6Header) + size());
  Writer writer(packet);
  write_ipv6(writer,
             {.ether_source = {}, .ether_destination = {}, .source = source, .destination = destination});
  return packet;
}

void Message::write_ipv6(Writer& writer, const Envelope& envelope) const {
  const auto payload = static_cast<uint16_t>(options_length(envelope) + size());
  writer.write(Ipv6Header{Be32(uint32_t{6} << 28U), Be16(payload),
                          envelope.router_alert ? ip_proto::kHopByHop : ip_proto::kIcmpv6, envelope.hop_limit,
                          envelope.source, envelope.destination});
  if (envelope.router_alert) writer.bytes(kRouterAlert);
  const std::size_t start = writer.size();
  writer.bytes(bytes_);
  writer.patch_u16(start + kChecksumOffset,
                   checksum_ipv6(envelope.source, envelope.destination, ip_proto::kIcmpv6, bytes_));
}

}  // namespace gate41::ndwire
