// The common frame at fixed offsets: what parse_frame() says of it, for a third of the instructions.
#include <cstddef>

#include "dataplane/net/checksum.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/net/parse.hpp"

namespace gate41 {
namespace {

constexpr uint16_t kFragmented = 0x3fff;  // Ipv4Header::fragment: MF and offset
constexpr uint8_t kPlainIpv4 = 0x45;      // version 4, no options

// Where one of these stands is known before anything is read: the caller has compared one length.
template <typename Header>
Header at(Bytes frame, std::size_t offset) noexcept {
  Header header;
  std::memcpy(&header, frame.data() + offset, sizeof header);
  return header;
}

bool take_udp(Bytes frame, Layer4Fields& l4) noexcept {
  const auto udp = at<UdpHeader>(frame, l4.offset);
  l4.source_port = udp.source_port.host();
  l4.destination_port = udp.destination_port.host();
  l4.tcp_flags = l4.tcp_header_length = 0;
  l4.tcp_sequence = l4.tcp_acknowledgement = 0;
  l4.tcp_window = 0;
  return udp.length.host() >= sizeof(UdpHeader) && udp.length.host() <= l4.length;
}

// Not SYN: its options are to be read.
bool take_tcp(Bytes frame, Layer4Fields& l4) noexcept {
  if (l4.length < sizeof(TcpHeader)) return false;
  const auto tcp = at<TcpHeader>(frame, l4.offset);
  l4.source_port = tcp.source_port.host();
  l4.destination_port = tcp.destination_port.host();
  l4.tcp_flags = tcp.flags;
  l4.tcp_header_length = static_cast<uint8_t>((tcp.data_offset >> 4U) * 4U);
  l4.tcp_sequence = tcp.sequence.host();
  l4.tcp_acknowledgement = tcp.acknowledgement.host();
  l4.tcp_window = tcp.window.host();
  return (tcp.flags & tcp_flag::kSyn) == 0 && l4.tcp_header_length >= sizeof(TcpHeader) &&
         l4.tcp_header_length <= l4.length;
}

// `end`: of the packet by what is around it.
bool take_ipv6(Bytes frame, std::size_t offset, std::size_t end, ParsedPacket& out) noexcept {
  const uint32_t first = at<Be32>(frame, offset).host();  // version, class, flow label
  const std::size_t length = at<Be16>(frame, offset + offsetof(Ipv6Header, payload_length)).host();
  const auto next_header = at<uint8_t>(frame, offset + offsetof(Ipv6Header, next_header));
  const bool fits = offset + sizeof(Ipv6Header) + length <= end && length >= sizeof(UdpHeader);
  if (first >> 28U != 6 || !fits) return false;
  Ipv6Fields& v6 = out.v6;
  v6.source = at<Ipv6Address>(frame, offset + offsetof(Ipv6Header, source));
  v6.destination = at<Ipv6Address>(frame, offset + offsetof(Ipv6Header, destination));
  v6.offset = static_cast<uint16_t>(offset);
  v6.payload_length = static_cast<uint16_t>(length);
  v6.traffic_class = static_cast<uint8_t>(first >> 20U);
  v6.hop_limit = at<uint8_t>(frame, offset + offsetof(Ipv6Header, hop_limit));
  v6.next_header = next_header;
  v6.next_header_at = static_cast<uint16_t>(offset + offsetof(Ipv6Header, next_header));
  out.has_v6 = true;
  out.l4.protocol = next_header;
  out.l4.present = true;
  out.l4.offset = static_cast<uint16_t>(offset + sizeof(Ipv6Header));
  out.l4.length = static_cast<uint16_t>(length);
  if (next_header == ip_proto::kUdp) return take_udp(frame, out.l4);
  return next_header == ip_proto::kTcp && take_tcp(frame, out.l4);
}

bool take_ipv4(Bytes frame, ParsedPacket& out) noexcept {
  constexpr std::size_t kOffset = sizeof(EthernetHeader);
  const auto header = at<Ipv4Header>(frame, kOffset);
  const std::size_t end = kOffset + header.total_length.host();
  const bool whole = header.version_ihl == kPlainIpv4 && (header.fragment.host() & kFragmented) == 0;
  if (!whole || header.protocol != ip_proto::kIpv6 || end > frame.size() || checksum_of(header) != 0)
    return false;
  out.v4 = {.source = header.source,
            .destination = header.destination,
            .offset = kOffset,
            .header_length = sizeof header,
            .total_length = header.total_length.host(),
            .id = header.id.host(),
            .protocol = header.protocol,
            .ttl = header.ttl,
            .tos = header.tos};
  return take_ipv6(frame, kOffset + sizeof header, end, out);
}

}  // namespace

bool parse_plain_frame(Bytes frame, ParsedPacket& out) noexcept {
  constexpr std::size_t kBare = sizeof(EthernetHeader) + sizeof(Ipv6Header) + sizeof(UdpHeader);
  if (frame.size() < kBare || frame.size() > 0xffff) return false;
  const uint16_t type = at<Be16>(frame, offsetof(EthernetHeader, type)).host();
  out.destination_mac = at<MacAddress>(frame, offsetof(EthernetHeader, destination));
  out.source_mac = at<MacAddress>(frame, offsetof(EthernetHeader, source));
  out.frame_length = static_cast<uint16_t>(frame.size());
  out.ethernet_length = sizeof(EthernetHeader);
  if (type == ether_type::kIpv6) {
    out.layer3 = Layer3::ipv6;
    out.v4 = {};
    return take_ipv6(frame, sizeof(EthernetHeader), frame.size(), out);
  }
  out.layer3 = Layer3::ipv4;
  return type == ether_type::kIpv4 && frame.size() >= kBare + sizeof(Ipv4Header) && take_ipv4(frame, out);
}

}  // namespace gate41
