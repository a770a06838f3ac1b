#include "control/relay/probe.hpp"

#include "control/ndwire/message.hpp"
#include "control/ndwire/received.hpp"
#include "dataplane/net/checksum.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/net/parse.hpp"

namespace gate41::relay {
namespace {

constexpr std::size_t kProbeLength = sizeof(Ipv6Header) + sizeof(IcmpHeader);
constexpr std::size_t kChecksumOffset = sizeof(Ipv6Header) + offsetof(IcmpHeader, checksum);
constexpr uint8_t kHopLimitExceeded = 0;

constexpr uint8_t kHopLimit = 64;

// A 6to4 relay must not forward a probe; a border relay forwards it back, whatever that takes inside it.
constexpr uint8_t hop_limit_of(ProbeForm form) { return form == ProbeForm::relay_form ? 1 : kHopLimit; }

std::vector<uint8_t> build_echo_request(const Ipv6Address& own, const Ipv6Address& target, uint32_t token,
                                        uint8_t hop_limit) {
  std::vector<uint8_t> packet(kProbeLength);
  Writer writer(packet);
  writer.write(Ipv6Header{Be32(uint32_t{6} << 28U), Be16(sizeof(IcmpHeader)), ip_proto::kIcmpv6, hop_limit,
                          own, target});
  writer.write(IcmpHeader{icmpv6_type::kEchoRequest, 0, Be16(0), Be32(token)});
  const Bytes message = writer.written().subspan(sizeof(Ipv6Header));
  writer.patch_u16(kChecksumOffset, checksum_ipv6(own, target, ip_proto::kIcmpv6, message));
  return packet;
}

bool is_whole_icmpv6(const ParsedPacket& packet) {
  return packet.ok() && packet.l4.present && packet.l4.protocol == ip_proto::kIcmpv6 &&
         packet.v6.fragment == FragmentState::none;
}

bool is_sound(const ParsedPacket& packet, Bytes message) {
  return checksum_ipv6(packet.v6.source, packet.v6.destination, ip_proto::kIcmpv6, message) == 0;
}

std::optional<Answer> read_quote(Bytes quote, const Ipv6Address& own) {
  const ParsedPacket packet = parse_quoted_ipv6(quote);
  if (!is_whole_icmpv6(packet) || packet.v6.source != own) return std::nullopt;
  Reader reader(quote);
  reader.skip(packet.l4.offset);
  const auto header = reader.read<IcmpHeader>();
  if (reader.failed() || header.type != icmpv6_type::kEchoRequest || header.code != 0) return std::nullopt;
  return Answer{header.rest.host(), packet.v6.destination};
}

std::vector<uint8_t> build_solicitation(const Ipv6Address& own, const Ipv6Address& target) {
  return ndwire::Message(icmpv6_type::kNeighbourSolicitation).u32(0).address(target).packet(own, target);
}

std::optional<Answer> read_advertisement(Bytes ipv6, const Ipv6Address& own) {
  const auto received = ndwire::read_nd_packet(ipv6);
  if (!received || received->type != icmpv6_type::kNeighbourAdvertisement || received->destination != own)
    return std::nullopt;
  Reader fields = received->fields();
  const uint8_t flags = fields.u8();
  fields.skip(3);  // reserved
  if ((flags & ndwire::advertisement_flag::kSolicited) == 0) return std::nullopt;
  return Answer{{}, fields.read<Ipv6Address>()};
}

}  // namespace

Ipv6Address probe_target(Ipv4Address relay) { return six_to_four_prefix(relay).address; }

Ipv6Address probe_target(ProbeForm form, const Ipv6Address& own, const Ipv6Address& peer, Ipv4Address relay) {
  switch (form) {
    case ProbeForm::returned:
      return own;
    case ProbeForm::peer:
    case ProbeForm::neighbour:
      return peer;
    case ProbeForm::relay_form:
      break;
  }
  return probe_target(relay);
}

std::vector<uint8_t> build_probe(ProbeForm form, const Ipv6Address& own, const Ipv6Address& target,
                                 uint32_t token) {
  if (form == ProbeForm::neighbour) return build_solicitation(own, target);
  return build_echo_request(own, target, token, hop_limit_of(form));
}

std::vector<uint8_t> build_keepalive(ProbeForm form, const Ipv6Address& own, const Ipv6Address& target,
                                     uint32_t token) {
  return build_echo_request(own, target, token, form == ProbeForm::returned ? kHopLimit : 1);
}

std::optional<Answer> read_answer(ProbeForm form, Bytes ipv6, const Ipv6Address& own) {
  if (form == ProbeForm::neighbour) return read_advertisement(ipv6, own);
  const ParsedPacket packet = parse_ipv6_packet(ipv6);
  if (!is_whole_icmpv6(packet) || packet.v6.destination != own) return std::nullopt;
  const Bytes message = ipv6.subspan(packet.l4.offset, packet.l4.length);
  if (!is_sound(packet, message)) return std::nullopt;
  Reader reader(message);
  const auto header = reader.read<IcmpHeader>();
  const uint8_t expected = form == ProbeForm::returned ? icmpv6_type::kEchoRequest : icmpv6_type::kEchoReply;
  if (form == ProbeForm::returned && packet.v6.source != own) return std::nullopt;
  if (header.type == expected && header.code == 0) return Answer{header.rest.host(), {}};
  if (header.type == icmpv6_type::kTimeExceeded && header.code == kHopLimitExceeded)
    return read_quote(reader.rest(), own);
  return std::nullopt;
}

}  // namespace gate41::relay
