#include "perf/generator/frames.hpp"

#include <algorithm>

#include "dataplane/net/checksum.hpp"

namespace gate41::generator {
namespace {

constexpr uint8_t kHopLimit = 64;
constexpr uint16_t kUdp = sizeof(UdpHeader);
constexpr uint32_t kVersion6 = 0x60000000;

Ipv6Header ipv6_header(const Flow& flow, Side from, uint16_t payload_length) noexcept {
  const bool lan = from == Side::lan;
  return {Be32(kVersion6), Be16(payload_length),      ip_proto::kUdp,
          kHopLimit,       lan ? flow.lan : flow.wan, lan ? flow.wan : flow.lan};
}

UdpHeader udp_header(const Flow& flow, Side from, uint16_t length) noexcept {
  const bool lan = from == Side::lan;
  return {
      Be16(lan ? flow.lan_port : flow.wan_port), Be16(lan ? flow.wan_port : flow.lan_port), Be16(length), {}};
}

// What follows the stamp is zeros, which add nothing. The pseudo header has the length once more (RFC 8200
// §8.1).
uint16_t udp_checksum(Bytes from_udp_on, const Ipv6Header& ipv6) noexcept {
  uint64_t sum = checksum_partial(ipv6.source.bytes);
  sum = checksum_partial(ipv6.destination.bytes, sum);
  sum += uint64_t{ipv6.payload_length.host()} + ip_proto::kUdp;
  const uint16_t result = checksum_finish(checksum_partial(from_udp_on.first(kUdp + sizeof(WireStamp)), sum));
  return result == 0 ? 0xffff : result;
}

void swap_bytes_at(std::span<uint8_t> frame, std::size_t one, std::size_t other,
                   std::size_t length) noexcept {
  std::swap_ranges(frame.begin() + static_cast<std::ptrdiff_t>(one),
                   frame.begin() + static_cast<std::ptrdiff_t>(one + length),
                   frame.begin() + static_cast<std::ptrdiff_t>(other));
}

}  // namespace

FrameMaker::FrameMaker(const Link& link, Side from) noexcept : link_(link), from_(from) {
  OuterFields fields;
  fields.destination_mac = link.device;
  fields.source_mac = link.own;
  fields.destination = link.device_v4;
  build_outer_template(outer_, fields);
}

std::size_t FrameMaker::write_link(std::span<uint8_t> out, const Flow& flow, uint16_t inner_length) noexcept {
  if (!link_.tunnel) {
    Writer writer(out);
    writer.write(EthernetHeader{link_.device, mac_of(from_ == Side::lan ? flow.lan : flow.wan),
                                Be16(ether_type::kIpv6)});
    return writer.size();
  }
  std::ranges::copy_n(outer_.begin(), kEthernet + kOuter, out.begin());
  OuterPatch patch;
  patch.inner_length = inner_length;
  patch.id = id_++;
  patch.source = flow.peer;
  patch_outer(out.subspan<kEthernet, kOuter>(), patch);
  return kEthernet + kOuter;
}

std::size_t FrameMaker::make(std::span<uint8_t> out, const Flow& flow, const Stamp& stamp,
                             uint16_t size) noexcept {
  const auto inner_length = static_cast<uint16_t>(size - kEthernet - kCheckSequence);
  const auto payload_length = static_cast<uint16_t>(inner_length - sizeof(Ipv6Header));
  const std::size_t at = write_link(out, flow, inner_length);
  Writer writer(out.subspan(at));
  const Ipv6Header ipv6 = ipv6_header(flow, from_, payload_length);
  writer.write(ipv6);
  writer.write(udp_header(flow, from_, payload_length));
  writer.write(to_wire(stamp));
  writer.zeros(payload_length - kUdp - sizeof(WireStamp));
  writer.patch_u16(sizeof ipv6 + 6, udp_checksum(writer.written().subspan(sizeof ipv6), ipv6));
  return at + writer.size();
}

std::optional<Stamp> stamp_of(bool tunnel, const ParsedPacket& packet, Bytes frame) noexcept {
  const bool whole =
      packet.ok() && packet.inner_error == ParseError::none && packet.has_v6 && packet.l4.present;
  const Layer3 expected = tunnel ? Layer3::ipv4 : Layer3::ipv6;
  if (!whole || packet.layer3 != expected || packet.l4.protocol != ip_proto::kUdp || packet.l4.length < kUdp)
    return {};
  return read_stamp(frame.subspan(packet.l4.offset + kUdp, packet.l4.length - kUdp));
}

bool matches(const Link& link, const ParsedPacket& packet, const Flow& flow, Side from) noexcept {
  const bool lan = from == Side::lan;
  const bool inside = packet.v6.source == (lan ? flow.lan : flow.wan) &&
                      packet.v6.destination == (lan ? flow.wan : flow.lan) &&
                      packet.l4.source_port == (lan ? flow.lan_port : flow.wan_port) &&
                      packet.l4.destination_port == (lan ? flow.wan_port : flow.lan_port);
  if (!link.tunnel) return inside;
  return inside && packet.v4.source == link.device_v4 && packet.v4.destination == flow.peer;
}

void swap_addresses(std::span<uint8_t> frame, const ParsedPacket& packet) noexcept {
  swap_bytes_at(frame, 0, sizeof(MacAddress), sizeof(MacAddress));
  if (packet.layer3 == Layer3::ipv4)
    swap_bytes_at(frame, packet.v4.offset + 12U, packet.v4.offset + 16U, sizeof(Ipv4Address));
  swap_bytes_at(frame, packet.v6.offset + 8U, packet.v6.offset + 24U, sizeof(Ipv6Address));
  frame[packet.v6.offset + 7U] = kHopLimit;
}

void turn_around(std::span<uint8_t> frame, const ParsedPacket& packet) noexcept {
  swap_addresses(frame, packet);
  swap_bytes_at(frame, packet.l4.offset, packet.l4.offset + 2U, 2);
}

}  // namespace gate41::generator
