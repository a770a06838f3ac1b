// TCP, UDP, UDP-Lite, SCTP, DCCP, ICMPv4 and ICMPv6: as much as the filter needs of them.
#include "dataplane/net/headers.hpp"
#include "dataplane/net/parse_layers.hpp"
#include "dataplane/net/protocol_name.hpp"

namespace gate41::parse {
namespace {

constexpr std::size_t kSctpHeaderLength = 12;  // RFC 9260 §3.1
constexpr std::size_t kSctpChunkHeaderLength = 4;
constexpr uint8_t kSctpInit = 1;
constexpr uint8_t kSctpInitAck = 2;
constexpr std::size_t kDccpHeaderLength = 12;  // RFC 4340 §5.1: short sequence numbers
constexpr std::size_t kDccpLongHeaderLength = 16;

// A reader at the header, and the length of header and payload by the lengths of the layers below.
struct Segment {
  Reader in;
  std::size_t length;
  bool whole;  // not the first of several fragments: lengths within have to fit
};

// RFC 7323 §2.2; options as in RFC 9293 §3.2. A malformed list counts up to where it breaks.
uint8_t find_window_scale(Reader options) noexcept {
  constexpr uint8_t kEnd = 0, kNoOperation = 1, kWindowScale = 3;
  constexpr uint8_t kLargestShift = 14;
  while (options.remaining() > 0) {
    const uint8_t kind = options.u8();
    if (kind == kEnd) break;
    if (kind == kNoOperation) continue;
    const uint8_t length = options.u8();
    if (length < 2) break;
    const Bytes value = options.bytes(length - 2U);
    if (kind == kWindowScale && value.size() == 1) return std::min(value[0], kLargestShift);
  }
  return Layer4Fields{}.tcp_window_scale;
}

bool parse_tcp(Segment& segment, Layer4Fields& out) noexcept {
  const auto tcp = segment.in.read<TcpHeader>();
  const auto header_length = static_cast<uint8_t>((tcp.data_offset >> 4U) * 4U);
  out.source_port = tcp.source_port.host();
  out.destination_port = tcp.destination_port.host();
  out.tcp_flags = tcp.flags;
  out.tcp_header_length = header_length;
  out.tcp_sequence = tcp.sequence.host();
  out.tcp_acknowledgement = tcp.acknowledgement.host();
  out.tcp_window = tcp.window.host();
  if (header_length < sizeof(TcpHeader) || header_length > segment.length) return false;
  if ((tcp.flags & tcp_flag::kSyn) != 0)
    out.tcp_window_scale =
        find_window_scale(Reader(Reader(segment.in).bytes(header_length - sizeof(TcpHeader))));
  return true;
}

// RFC 768; RFC 3828 §3.1: UDP-Lite has its checksum's coverage where UDP has the length, 0 for all.
bool parse_udp(Segment& segment, bool lite, Layer4Fields& out) noexcept {
  const auto udp = segment.in.read<UdpHeader>();
  const std::size_t length = udp.length.host();
  out.source_port = udp.source_port.host();
  out.destination_port = udp.destination_port.host();
  if (lite && length == 0) return true;
  return length >= sizeof(UdpHeader) && (!segment.whole || length <= segment.length);
}

// The first chunk. It may go on in later fragments; what is behind it may then, too.
void parse_chunk(Reader in, const Segment& segment, SctpFields& sctp) noexcept {
  const std::size_t room = segment.length - kSctpHeaderLength;
  sctp.chunk = in.u8();
  sctp.chunk_flags = in.u8();
  const std::size_t length = in.u16();
  const std::size_t padded = (length + 3) & ~std::size_t{3};
  sctp.has_chunk = !in.failed() && length >= kSctpChunkHeaderLength && (!segment.whole || length <= room);
  sctp.alone = padded >= room;
  const bool has_tag = length >= kSctpChunkHeaderLength + sizeof(uint32_t);
  if (has_tag && (sctp.chunk == kSctpInit || sctp.chunk == kSctpInitAck)) sctp.initiate_tag = in.u32();
}

// What is wrong with the chunk, the filter says.
bool parse_sctp(Segment& segment, Layer4Fields& out) noexcept {
  out.source_port = segment.in.u16();
  out.destination_port = segment.in.u16();
  out.sctp.tag = segment.in.u32();
  segment.in.skip(sizeof(uint32_t));  // checksum: end to end
  if (!segment.in.failed()) parse_chunk(segment.in, segment, out.sctp);
  return true;
}

// RFC 4340 §5.1. What is wrong with the type and its lengths, the filter says.
bool parse_dccp(Segment& segment, Layer4Fields& out) noexcept {
  out.source_port = segment.in.u16();
  out.destination_port = segment.in.u16();
  const std::size_t data_offset = std::size_t{segment.in.u8()} * 4;
  segment.in.skip(3);  // CCVal, CsCov, checksum
  const uint8_t type_and_x = segment.in.u8();
  segment.in.skip(3);  // what both forms have of the sequence number
  out.dccp.extended = (type_and_x & 1U) != 0;
  out.dccp.type = (type_and_x >> 1U) & 0xfU;
  const std::size_t header = out.dccp.extended ? kDccpLongHeaderLength : kDccpHeaderLength;
  out.dccp.fits = data_offset >= header && data_offset <= segment.length;
  return true;
}

bool is_icmpv6(const UpperLayer& upper) noexcept { return upper.icmp_protocol == ip_proto::kIcmpv6; }

bool is_echo(uint8_t type, bool v6) noexcept {
  if (v6) return type == icmpv6_type::kEchoRequest || type == icmpv6_type::kEchoReply;
  return type == icmpv4_type::kEchoRequest || type == icmpv4_type::kEchoReply;
}

// RFC 4443 §2.1: ICMPv6 error types are below 128. RFC 1122 §3.2.2 lists those of ICMPv4.
bool is_error(uint8_t type, bool v6) noexcept {
  if (v6) return type < icmpv6_type::kEchoRequest;
  return type == icmpv4_type::kUnreachable || type == icmpv4_type::kSourceQuench ||
         type == icmpv4_type::kRedirect || type == icmpv4_type::kTimeExceeded ||
         type == icmpv4_type::kParameterProblem;
}

bool parse_icmp(Segment& segment, bool v6, Layer4Fields& out) noexcept {
  const auto icmp = segment.in.read<IcmpHeader>();
  out.icmp_type = icmp.type;
  out.icmp_code = icmp.code;
  if (is_echo(icmp.type, v6))
    out.source_port = out.destination_port = static_cast<uint16_t>(icmp.rest.host() >> 16U);
  if (is_error(icmp.type, v6)) out.quote_offset = static_cast<uint16_t>(out.offset + sizeof(IcmpHeader));
  return true;
}

// False when the header's own lengths do not fit. A protocol that we do not know is always fine.
bool parse_header(Segment& segment, const UpperLayer& upper, Layer4Fields& out) noexcept {
  switch (upper.protocol) {
    case ip_proto::kTcp:
      return parse_tcp(segment, out);
    case ip_proto::kUdp:
      return parse_udp(segment, false, out);
    case ip_proto::kUdpLite:
      return parse_udp(segment, true, out);
    case ip_proto::kSctp:
      return parse_sctp(segment, out);
    case ip_proto::kDccp:
      return parse_dccp(segment, out);
    default:
      return upper.protocol != upper.icmp_protocol || parse_icmp(segment, is_icmpv6(upper), out);
  }
}

// A quote promises no more than the first bytes: the ports or the echo's id are enough; TCP's sequence number
// is taken where it is there.
bool parse_quoted_ports(Reader in, uint8_t protocol, Layer4Fields& out) noexcept {
  out.source_port = in.u16();
  out.destination_port = in.u16();
  const bool present = !in.failed();
  if (protocol == ip_proto::kTcp) out.tcp_sequence = in.u32();
  return present;
}

bool parse_quoted_icmp(Reader in, bool v6, Layer4Fields& out) noexcept {
  out.icmp_type = in.u8();
  out.icmp_code = in.u8();
  if (!is_echo(out.icmp_type, v6)) return !in.failed();
  in.skip(sizeof(Be16));
  out.source_port = out.destination_port = in.u16();
  return !in.failed();
}

bool parse_quoted_header(const Reader& in, const UpperLayer& upper, Layer4Fields& out) noexcept {
  if (has_ports(upper.protocol)) return parse_quoted_ports(in, upper.protocol, out);
  if (upper.protocol == upper.icmp_protocol) return parse_quoted_icmp(in, is_icmpv6(upper), out);
  return !in.failed();
}

}  // namespace

ParseError parse_upper_layer(const Input& input, std::size_t offset, const UpperLayer& upper,
                             Layer4Fields& out) noexcept {
  out.protocol = upper.protocol;
  if (upper.fragment == FragmentState::later || upper.protocol == ip_proto::kNoNext) return ParseError::none;
  out.offset = static_cast<uint16_t>(offset);
  out.length = static_cast<uint16_t>(input.end - std::min(offset, input.end));
  if (input.quoted) {
    out.present = parse_quoted_header(input.at(offset), upper, out);
    return ParseError::none;
  }
  Segment segment{input.at(offset), out.length, upper.fragment != FragmentState::first};
  if (!parse_header(segment, upper, out))
    return segment.in.failed() ? upper.cut_off : ParseError::l4_truncated;
  if (segment.in.failed()) return upper.cut_off;
  out.present = true;
  return ParseError::none;
}

}  // namespace gate41::parse
