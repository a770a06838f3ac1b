#include "control/ndwire/received.hpp"

#include "control/ndwire/message.hpp"
#include "control/ndwire/options.hpp"
#include "dataplane/net/checksum.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/net/parse.hpp"

namespace gate41::ndwire {
namespace {

// RFC 6980 §5: a fragment header makes an ND packet void, even when it is the whole packet.
bool carries_icmpv6(const ParsedPacket& packet) noexcept {
  return packet.ok() && packet.layer3 == Layer3::ipv6 && packet.v6.fragment == FragmentState::none &&
         packet.l4.present && packet.l4.protocol == ip_proto::kIcmpv6;
}

bool is_untagged(const ParsedPacket& packet) noexcept {
  return packet.vlan == 0 && packet.ethernet_length == sizeof(EthernetHeader);
}

bool may_send(const ParsedPacket& packet) noexcept {
  return !packet.v6.source.is_multicast() && !packet.source_mac.is_multicast();
}

constexpr uint8_t kPad1 = 0;
constexpr uint8_t kRouterAlertOption = 5;
constexpr uint16_t kRouterAlertMld = 0;

// The options of a hop-by-hop header, from behind its two fixed bytes (RFC 8200 §4.2).
bool has_router_alert(Reader options) noexcept {
  while (options.remaining() > 0) {
    const uint8_t type = options.u8();
    if (type == kPad1) continue;
    Reader data(options.bytes(options.u8()));
    const uint16_t value = data.u16();
    if (type == kRouterAlertOption && !data.failed()) return value == kRouterAlertMld;
  }
  return false;
}

bool has_router_alert(Bytes frame, const ParsedPacket& packet) noexcept {
  if (packet.v6.next_header != ip_proto::kHopByHop) return false;
  Reader header(frame);
  header.skip(std::size_t{packet.v6.offset} + sizeof(Ipv6Header) + 1);
  const std::size_t length = (std::size_t{header.u8()} + 1) * 8;
  return has_router_alert(Reader(header.bytes(length - 2)));
}

// `packet`: what the parser says of `bytes`.
std::optional<Received> read_message(Bytes bytes, const ParsedPacket& packet) noexcept {
  if (!carries_icmpv6(packet) || !may_send(packet)) return std::nullopt;
  const Bytes message = bytes.subspan(packet.l4.offset, packet.l4.length);
  if (checksum_ipv6(packet.v6.source, packet.v6.destination, ip_proto::kIcmpv6, message) != 0)
    return std::nullopt;
  return Received{.ether_source = packet.source_mac,
                  .ether_destination = packet.destination_mac,
                  .source = packet.v6.source,
                  .destination = packet.v6.destination,
                  .hop_limit = packet.v6.hop_limit,
                  .router_alert = has_router_alert(bytes, packet),
                  .type = packet.l4.icmp_type,
                  .code = packet.l4.icmp_code,
                  .message = message,
                  .options = {}};
}

// RFC 4861 §4.1 to §4.5: bytes before the options; 0 for other types.
std::size_t fixed_length(uint8_t type) noexcept {
  switch (type) {
    case icmpv6_type::kRouterSolicitation:
      return 8;
    case icmpv6_type::kRouterAdvertisement:
      return 16;
    case icmpv6_type::kNeighbourSolicitation:
    case icmpv6_type::kNeighbourAdvertisement:
      return 24;
    case icmpv6_type::kRedirect:
      return 40;
    default:
      return 0;
  }
}

std::optional<Received> checked_nd(std::optional<Received> received) noexcept {
  if (!received || received->hop_limit != kNdHopLimit || received->code != 0) return std::nullopt;
  const std::size_t fixed = fixed_length(received->type);
  if (fixed == 0 || received->message.size() < fixed) return std::nullopt;
  received->options = received->message.subspan(fixed);
  return well_formed(received->options) ? received : std::nullopt;
}

}  // namespace

std::optional<Received> read_icmpv6(Bytes frame) noexcept {
  const ParsedPacket packet = parse_frame(frame);
  return is_untagged(packet) ? read_message(frame, packet) : std::nullopt;
}

std::optional<Received> read_nd(Bytes frame) noexcept { return checked_nd(read_icmpv6(frame)); }

std::optional<Received> read_nd_packet(Bytes ipv6) noexcept {
  return checked_nd(read_message(ipv6, parse_ipv6_packet(ipv6)));
}

}  // namespace gate41::ndwire
