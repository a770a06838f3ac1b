#include "control/relay/probe.hpp"

#include "control/echowire/echo.hpp"
#include "control/ndwire/message.hpp"
#include "control/ndwire/received.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41::relay {
namespace {

// A 6to4 relay must not forward a probe; a border relay forwards it back, whatever that takes inside it.
constexpr uint8_t hop_limit_of(ProbeForm form) {
  return form == ProbeForm::relay_form ? 1 : echowire::kHopLimit;
}

std::vector<uint8_t> build_echo(const Ipv6Address& own, const Ipv6Address& target, uint32_t token,
                                uint8_t hop_limit) {
  return echowire::build_request(
      {.source = own, .destination = target, .token = token, .size = 0, .hop_limit = hop_limit});
}

std::optional<Answer> read_returned(Bytes ipv6, const Ipv6Address& own) {
  const auto request = echowire::read_request(ipv6);
  if (!request || request->source != own || request->destination != own) return std::nullopt;
  return Answer{request->token, {}};
}

std::optional<Answer> read_echo_answer(Bytes ipv6, const Ipv6Address& own) {
  const auto answer = echowire::read_answer(ipv6);
  if (!answer || answer->own != own) return std::nullopt;
  const bool alive = answer->verdict.is_reply() || answer->verdict.is_hop_limit();
  return alive ? std::optional(Answer{answer->token, answer->target}) : std::nullopt;
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
  return build_echo(own, target, token, hop_limit_of(form));
}

std::vector<uint8_t> build_keepalive(ProbeForm form, const Ipv6Address& own, const Ipv6Address& target,
                                     uint32_t token) {
  return build_echo(own, target, token, form == ProbeForm::returned ? echowire::kHopLimit : 1);
}

std::optional<Answer> read_answer(ProbeForm form, Bytes ipv6, const Ipv6Address& own) {
  if (form == ProbeForm::neighbour) return read_advertisement(ipv6, own);
  return form == ProbeForm::returned ? read_returned(ipv6, own) : read_echo_answer(ipv6, own);
}

}  // namespace gate41::relay
