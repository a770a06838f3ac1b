// The IPv6 header and its extension headers (RFC 8200 §3, §4).
#include <cstddef>

#include "dataplane/net/headers.hpp"
#include "dataplane/net/parse.hpp"
#include "dataplane/net/parse_layers.hpp"

namespace gate41::parse {
namespace {

void fill_ipv6(const Ipv6Header& header, std::size_t offset, Ipv6Fields& v6) noexcept {
  v6.source = header.source;
  v6.destination = header.destination;
  v6.offset = static_cast<uint16_t>(offset);
  v6.payload_length = header.payload_length.host();
  v6.traffic_class = static_cast<uint8_t>(header.version_class_flow.host() >> 20U);
  v6.hop_limit = header.hop_limit;
  v6.next_header = header.next_header;
  v6.next_header_at = static_cast<uint16_t>(offset + offsetof(Ipv6Header, next_header));
}

ParseError parse_ipv6_header(Input& input, std::size_t offset, Ipv6Fields& v6) noexcept {
  Reader in = input.at(offset);
  const auto header = in.read<Ipv6Header>();
  if (in.failed()) return ParseError::ipv6_truncated;
  if (header.version_class_flow.host() >> 28U != 6) return ParseError::ipv6_version;
  if (header.payload_length.host() == 0 && header.next_header == ip_proto::kHopByHop)
    return ParseError::ipv6_jumbo;
  const std::size_t end = in.offset() + header.payload_length.host();
  if (!input.quoted && end > input.end) return ParseError::ipv6_truncated;
  fill_ipv6(header, offset, v6);
  input.end_at(end);
  return ParseError::none;
}

// The start that every extension header but ESP has; the meaning of `length` differs. Routing has its type,
// the fragment header its offset, in the third and fourth byte.
struct ExtensionStart {
  uint8_t next_header;
  uint8_t length;
  Be16 more;
};
constexpr std::size_t kFragmentHeaderLength = 8;

bool is_extension(uint8_t protocol) noexcept {
  switch (protocol) {
    case ip_proto::kHopByHop:
    case ip_proto::kRouting:
    case ip_proto::kFragment:
    case ip_proto::kAh:
    case ip_proto::kDestinationOptions:
    case ip_proto::kMobility:
    case ip_proto::kHip:
    case ip_proto::kShim6:
      return true;
    default:
      return false;
  }
}

bool is_security(uint8_t protocol) noexcept {
  return protocol == ip_proto::kAh || protocol == ip_proto::kHip;
}

std::size_t extension_length(uint8_t type, uint8_t length) noexcept {
  if (type == ip_proto::kFragment) return kFragmentHeaderLength;
  if (type == ip_proto::kAh) return (std::size_t{length} + 2) * 4;  // RFC 4302 §2.2
  return (std::size_t{length} + 1) * 8;
}

// RFC 8200 §4.5; offset 0 and no more fragments: RFC 6946.
void fill_fragment(uint16_t offset_and_more, uint32_t id, Ipv6Fields& v6) noexcept {
  const bool more = (offset_and_more & 1U) != 0;
  v6.fragment_id = id;
  v6.fragment_offset = offset_and_more & 0xfff8U;
  v6.more_fragments = more;
  if (offset_and_more >> 3U != 0)
    v6.fragment = FragmentState::later;
  else
    v6.fragment = more ? FragmentState::first : FragmentState::atomic;
}

// Faults that the header's type alone shows. A second fragment header would hide which fragment this is.
ParseError check_order(uint8_t type, bool first_header, const Ipv6Fields& v6) noexcept {
  const bool misplaced = (type == ip_proto::kHopByHop && !first_header) ||
                         (type == ip_proto::kFragment && v6.fragment != FragmentState::none);
  return misplaced ? ParseError::extension_order : ParseError::none;
}

ParseError cut_off_error(const Ipv6Fields& v6) noexcept {
  return v6.fragment == FragmentState::first ? ParseError::fragment_header_chain
                                             : ParseError::extension_truncated;
}

// One extension header: checks it, moves `offset` and `next_header` past it.
ParseError parse_extension(const Input& input, std::size_t chain, std::size_t& offset, uint8_t& next_header,
                           Ipv6Fields& v6) noexcept {
  Reader in = input.at(offset);
  const auto start = in.read<ExtensionStart>();
  const uint32_t fragment_id = in.u32();
  const std::size_t length = extension_length(next_header, start.length);
  const ParseError order = check_order(next_header, offset == chain, v6);
  if (order != ParseError::none) return order;
  if (in.failed() || (!input.quoted && offset + length > input.end)) return cut_off_error(v6);
  if (offset + length - chain > kExtensionByteLimit) return ParseError::extension_too_long;
  if (next_header == ip_proto::kRouting && start.more.host() >> 8U == 0) return ParseError::routing_type_0;
  if (next_header == ip_proto::kFragment) fill_fragment(start.more.host(), fragment_id, v6);
  if (is_security(next_header) && v6.security == 0) v6.security = next_header;
  v6.next_header_at = static_cast<uint16_t>(offset);
  offset += length;
  if (next_header == ip_proto::kFragment && offset < input.end)
    v6.fragment_length = static_cast<uint16_t>(input.end - offset);
  next_header = start.next_header;
  return ParseError::none;
}

}  // namespace

ParseError parse_extensions(const Input& input, std::size_t& offset, uint8_t& next_header,
                            Ipv6Fields& v6) noexcept {
  const std::size_t chain = offset;
  while (is_extension(next_header) && v6.fragment != FragmentState::later) {
    const ParseError error = parse_extension(input, chain, offset, next_header, v6);
    if (error != ParseError::none) return error;
  }
  return ParseError::none;
}

ParseError parse_ipv6(Input input, std::size_t offset, ParsedPacket& out) noexcept {
  ParseError error = parse_ipv6_header(input, offset, out.v6);
  if (error != ParseError::none) return error;
  out.has_v6 = true;
  out.l4 = {};
  std::size_t upper = offset + sizeof(Ipv6Header);
  uint8_t protocol = out.v6.next_header;
  error = parse_extensions(input, upper, protocol, out.v6);
  out.l4.protocol = protocol;
  // A quote may end within the chain; what was read of it stands.
  if (error != ParseError::none)
    return input.quoted && error == cut_off_error(out.v6) ? ParseError::none : error;
  const ParseError cut_off =
      out.v6.fragment == FragmentState::first ? ParseError::fragment_header_chain : ParseError::l4_truncated;
  return parse_upper_layer(input, upper, {protocol, ip_proto::kIcmpv6, out.v6.fragment, cut_off}, out.l4);
}

}  // namespace gate41::parse
