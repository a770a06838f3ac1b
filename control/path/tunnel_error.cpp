#include "control/path/tunnel_error.hpp"

#include <algorithm>
#include <array>

#include "dataplane/net/checksum.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/net/parse.hpp"
#include "dataplane/tunnel/fragment.hpp"
#include "dataplane/tunnel/outer_header.hpp"

namespace gate41::path {
namespace {

constexpr uint8_t kFragmentationNeeded = 4;  // code of type 3
constexpr uint8_t kVersion4Ihl5 = 0x45;      // as we send it (D14)
constexpr uint16_t kFragmentMask = 0x3fff;   // MF and offset
constexpr uint16_t kOffsetMask = 0x1fff;
constexpr std::size_t kLeastTunnelled = sizeof(Ipv4Header) + sizeof(Ipv6Header);

bool is_about_delivery(uint8_t type) noexcept {
  return type == icmpv4_type::kUnreachable || type == icmpv4_type::kTimeExceeded ||
         type == icmpv4_type::kParameterProblem;
}

// RFC 4884 §4: behind the quoted packet there may be extensions; then its length stands in words in the sixth
// byte.
Bytes quote_of(Bytes icmp) noexcept {
  constexpr std::size_t kWord = 4;
  Reader in(icmp);
  const auto header = in.read<IcmpHeader>();
  const std::size_t stated = kWord * (header.rest.host() >> 16U & 0xffU);
  const Bytes quote = in.rest();
  return stated == 0 ? quote : quote.first(std::min(stated, quote.size()));
}

void read_header(const Ipv4Header& header, TunnelError& out) noexcept {
  const uint16_t fragment = header.fragment.host();
  out.source = header.source;
  out.destination = header.destination;
  out.total_length = header.total_length.host();
  out.dont_fragment = (fragment & kDontFragment) != 0;
  out.fragmented = (fragment & kFragmentMask) != 0;
}

// What is there of the IPv6 packet: a header that agrees with the outer length, or no header at all.
bool read_inner(Bytes rest, uint16_t fragment, TunnelError& out) noexcept {
  if ((fragment & kOffsetMask) != 0) return true;
  out.inner = rest.first(std::min<std::size_t>(rest.size(), out.total_length - sizeof(Ipv4Header)));
  if (!out.holds_ipv6_header()) return true;
  Reader in(out.inner);
  const auto header = in.read<Ipv6Header>();
  const std::size_t whole = kLeastTunnelled + header.payload_length.host();
  return header.version_class_flow.host() >> 28U == 6 && (out.fragmented || whole == out.total_length);
}

bool read_quote(Bytes quote, TunnelError& out) noexcept {
  Reader in(quote);
  const auto header = in.read<Ipv4Header>();
  if (in.failed() || header.version_ihl != kVersion4Ihl5 || header.protocol != ip_proto::kIpv6) return false;
  read_header(header, out);
  if (out.total_length < (out.fragmented ? sizeof(Ipv4Header) + 1 : kLeastTunnelled)) return false;
  return read_inner(in.rest(), header.fragment.host(), out);
}

}  // namespace

bool TunnelError::is_too_big() const noexcept {
  return type == icmpv4_type::kUnreachable && code == kFragmentationNeeded;
}

bool TunnelError::holds_ipv6_header() const noexcept { return inner.size() >= sizeof(Ipv6Header); }

std::optional<TunnelError> read_tunnel_error(Bytes frame) noexcept {
  const ParsedPacket parsed = parse_frame(frame);
  if (!parsed.ok() || parsed.layer3 != Layer3::ipv4 || parsed.v4.fragment != FragmentState::none ||
      parsed.v4.protocol != ip_proto::kIcmp || !parsed.l4.present || !is_about_delivery(parsed.l4.icmp_type))
    return std::nullopt;
  const Bytes icmp = frame.subspan(parsed.l4.offset, parsed.l4.length);
  if (checksum(icmp) != 0) return std::nullopt;
  TunnelError error;
  error.reporter = parsed.v4.source;
  error.type = parsed.l4.icmp_type;
  error.code = parsed.l4.icmp_code;
  if (!read_quote(quote_of(icmp), error)) return std::nullopt;
  if (!error.is_too_big()) return error;
  if (!error.dont_fragment || error.fragmented) return std::nullopt;
  Reader in(icmp);
  error.next_hop_mtu = static_cast<uint16_t>(in.read<IcmpHeader>().rest.host());
  return error;
}

std::optional<uint16_t> path_mtu(const TunnelError& error) noexcept {
  constexpr std::array<uint16_t, 11> kPlateaus{65535, 32000, 17914, 8166, 4352, 2002,
                                               1492,  1006,  508,   296,  68};
  uint16_t mtu = error.next_hop_mtu;
  if (mtu == 0)
    for (const uint16_t plateau : kPlateaus)
      if (plateau < error.total_length) {
        mtu = plateau;
        break;
      }
  if (mtu < kLeastIpv4Mtu || mtu >= error.total_length) return std::nullopt;
  return mtu;
}

}  // namespace gate41::path
