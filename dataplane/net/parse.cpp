#include "dataplane/net/parse.hpp"

#include "dataplane/net/checksum.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/net/parse_layers.hpp"

namespace gate41 {
namespace {

using parse::Input;

constexpr std::size_t kMaxPacket = 0xffff;  // offsets are 16 bits wide

FragmentState fragment_state(uint16_t offset, bool more) noexcept {
  if (offset != 0) return FragmentState::later;
  return more ? FragmentState::first : FragmentState::none;
}

void fill_ipv4(const Ipv4Header& header, std::size_t offset, Ipv4Fields& v4) noexcept {
  const uint16_t fragment = header.fragment.host();
  v4.source = header.source;
  v4.destination = header.destination;
  v4.offset = static_cast<uint16_t>(offset);
  v4.header_length = static_cast<uint16_t>((header.version_ihl & 0xfU) * 4U);
  v4.total_length = header.total_length.host();
  v4.id = header.id.host();
  v4.fragment_offset = static_cast<uint16_t>((fragment & 0x1fffU) * 8U);
  v4.protocol = header.protocol;
  v4.ttl = header.ttl;
  v4.tos = header.tos;
  v4.more_fragments = (fragment & 0x2000U) != 0;
  v4.fragment = fragment_state(v4.fragment_offset, v4.more_fragments);
}

// RFC 791 §3.1. A fragment that would end past 65535 has a wrong length too: no datagram can hold it.
ParseError check_ipv4_lengths(const Input& input, const Ipv4Fields& v4) noexcept {
  if (v4.header_length < sizeof(Ipv4Header)) return ParseError::ipv4_header_length;
  if (v4.total_length < v4.header_length) return ParseError::ipv4_total_length;
  if (v4.fragment_offset + v4.total_length - v4.header_length > 0xffff) return ParseError::ipv4_total_length;
  if (input.quoted) return ParseError::none;
  if (v4.offset + v4.header_length > input.end) return ParseError::ipv4_header_length;
  if (v4.offset + v4.total_length > input.end) return ParseError::ipv4_truncated;
  return ParseError::none;
}

ParseError parse_ipv4_header(const Input& input, std::size_t offset, Ipv4Fields& v4) noexcept {
  Reader in = input.at(offset);
  const auto header = in.read<Ipv4Header>();
  if (in.failed()) return ParseError::ipv4_truncated;
  if (header.version_ihl >> 4U != 4) return ParseError::ipv4_version;
  fill_ipv4(header, offset, v4);
  const ParseError error = check_ipv4_lengths(input, v4);
  if (error != ParseError::none) return error;
  in = input.at(offset);
  const Bytes whole = in.bytes(v4.header_length);
  if (in.failed()) return ParseError::ipv4_truncated;
  // The router that quotes may have changed the header; a wrong sum there means nothing.
  if (input.quoted) return ParseError::none;
  const bool plain = v4.header_length == sizeof header;
  return (plain ? checksum_of(header) : checksum(whole)) == 0 ? ParseError::none : ParseError::ipv4_checksum;
}

// What the IPv4 packet carries. The packet inside protocol 41 is looked at when its first bytes are there
// and, but for a quote, when it is whole: fragments are put together first.
ParseError parse_ipv4_payload(const Input& input, ParsedPacket& out) noexcept {
  const std::size_t payload = std::size_t{out.v4.offset} + out.v4.header_length;
  const FragmentState fragment = out.v4.fragment;
  const bool whole = fragment == FragmentState::none;
  const ParseError error = parse_upper_layer(
      input, payload, {out.v4.protocol, ip_proto::kIcmp, fragment, ParseError::l4_truncated}, out.l4);
  const bool look_inside = whole || (input.quoted && fragment == FragmentState::first);
  if (out.v4.protocol == ip_proto::kIpv6 && look_inside) out.inner_error = parse_ipv6(input, payload, out);
  return error;
}

ParseError parse_ipv4(Input input, std::size_t offset, ParsedPacket& out) noexcept {
  out.layer3 = Layer3::ipv4;
  const ParseError error = parse_ipv4_header(input, offset, out.v4);
  if (error != ParseError::none) return error;
  input.end_at(offset + out.v4.total_length);
  return parse_ipv4_payload(input, out);
}

ParseError parse_bare_ipv6(const Input& input, std::size_t offset, ParsedPacket& out) noexcept {
  out.layer3 = Layer3::ipv6;
  return parse_ipv6(input, offset, out);
}

// RFC 826 for Ethernet and IPv4, the only ARP that anybody here speaks.
ParseError parse_arp(const Input& input, std::size_t offset, ParsedPacket& out) noexcept {
  out.layer3 = Layer3::arp;
  Reader in = input.at(offset);
  const auto arp = in.read<ArpPacket>();
  const bool as_expected = arp.hardware.host() == 1 && arp.protocol.host() == ether_type::kIpv4 &&
                           arp.hardware_length == sizeof(MacAddress) &&
                           arp.protocol_length == sizeof(Ipv4Address);
  return in.failed() || !as_expected ? ParseError::arp_malformed : ParseError::none;
}

ParseError parse_network(uint16_t type, const Input& input, ParsedPacket& out) noexcept {
  const std::size_t offset = out.ethernet_length;
  switch (type) {
    case ether_type::kIpv4:
      return parse_ipv4(input, offset, out);
    case ether_type::kIpv6:
      return parse_bare_ipv6(input, offset, out);
    case ether_type::kArp:
      return parse_arp(input, offset, out);
    default:
      return ParseError::ether_type_unknown;
  }
}

ParseError parse_ethernet(const Input& input, ParsedPacket& out) noexcept {
  Reader in = input.at(0);
  const auto ethernet = in.read<EthernetHeader>();
  out.destination_mac = ethernet.destination;
  out.source_mac = ethernet.source;
  uint16_t type = ethernet.type.host();
  if (type == ether_type::kVlan) {
    const auto tag = in.read<VlanTag>();
    out.vlan = tag.control.host() & 0xfffU;
    type = tag.type.host();
  }
  if (in.failed()) return ParseError::ethernet_truncated;
  out.ethernet_length = static_cast<uint8_t>(in.offset());
  return parse_network(type, input, out);
}

// Longer frames than a 16-bit offset reaches are parsed as if cut off there: a packet that needs more is
// refused.
Input packet_input(Bytes bytes, std::size_t length, ParsedPacket& out) noexcept {
  const std::size_t end = std::min(length, kMaxPacket);
  out.frame_length = static_cast<uint16_t>(end);
  return {bytes.first(std::min(bytes.size(), end)), end, false};
}

Input quote_input(Bytes quote, ParsedPacket& out) noexcept {
  Input input = packet_input(quote, quote.size(), out);
  input.quoted = true;
  return input;
}

}  // namespace

ParsedPacket parse_frame(Bytes frame) noexcept { return parse_frame(frame, frame.size()); }

ParsedPacket parse_frame(Bytes head, std::size_t frame_length) noexcept {
  ParsedPacket out;
  out.error = parse_ethernet(packet_input(head, frame_length, out), out);
  return out;
}

void parse_frame(Bytes frame, ParsedPacket& out) noexcept {
  out.error = parse_ethernet(packet_input(frame, frame.size(), out), out);
}

ParsedPacket parse_ipv6_packet(Bytes packet) noexcept {
  ParsedPacket out;
  out.error = parse_bare_ipv6(packet_input(packet, packet.size(), out), 0, out);
  return out;
}

ParsedPacket parse_ipv4_packet(Bytes packet) noexcept {
  ParsedPacket out;
  out.error = parse_ipv4(packet_input(packet, packet.size(), out), 0, out);
  return out;
}

ParsedPacket parse_quoted_ipv6(Bytes quote) noexcept {
  ParsedPacket out;
  out.error = parse_bare_ipv6(quote_input(quote, out), 0, out);
  return out;
}

ParsedPacket parse_quoted_ipv4(Bytes quote) noexcept {
  ParsedPacket out;
  out.error = parse_ipv4(quote_input(quote, out), 0, out);
  return out;
}

}  // namespace gate41
