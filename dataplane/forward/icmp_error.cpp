#include "dataplane/forward/icmp_error.hpp"

#include <algorithm>

#include "dataplane/net/checksum.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41 {
namespace {

constexpr uint8_t kFirstInformational = 128;  // RFC 4443 §2.1
constexpr std::size_t kChecksumOffset = sizeof(Ipv6Header) + offsetof(IcmpHeader, checksum);

bool is_error_or_redirect(const ParsedPacket& packet) noexcept {
  if (!packet.l4.present || packet.l4.protocol != ip_proto::kIcmpv6) return false;
  return packet.l4.icmp_type < kFirstInformational || packet.l4.icmp_type == icmpv6_type::kRedirect;
}

Ipv6Header header_of_error(const Ipv6Address& source, const Ipv6Address& destination,
                           std::size_t quoted) noexcept {
  return {Be32(uint32_t{6} << 28U),
          Be16(static_cast<uint16_t>(sizeof(IcmpHeader) + quoted)),
          ip_proto::kIcmpv6,
          64,
          source,
          destination};
}

}  // namespace

bool may_answer_with_error(const ParsedPacket& packet, const IcmpError& error) noexcept {
  const Ipv6Fields& v6 = packet.v6;
  if (v6.fragment == FragmentState::later || is_error_or_redirect(packet)) return false;
  if (v6.source.is_unspecified() || v6.source.is_multicast()) return false;
  const bool to_many = v6.destination.is_multicast() || packet.destination_mac.is_multicast();
  return !to_many || error.type == icmpv6_type::kPacketTooBig;
}

std::size_t build_icmp_error(std::span<uint8_t> out, const IcmpError& error, const Ipv6Address& source,
                             Bytes offending) noexcept {
  Reader in(offending);
  const auto header = in.read<Ipv6Header>();
  constexpr std::size_t kMaxQuote = kMaxIcmpError - sizeof(Ipv6Header) - sizeof(IcmpHeader);
  const Bytes quote = offending.first(std::min(offending.size(), kMaxQuote));
  Writer writer(out);
  writer.write(header_of_error(source, header.source, quote.size()));
  writer.write(IcmpHeader{error.type, error.code, Be16(0), Be32(error.parameter)});
  writer.bytes(quote);
  if (in.failed() || writer.failed()) return 0;
  const Bytes message = writer.written().subspan(sizeof(Ipv6Header));
  writer.patch_u16(kChecksumOffset, checksum_ipv6(source, header.source, ip_proto::kIcmpv6, message));
  return writer.size();
}

}  // namespace gate41
