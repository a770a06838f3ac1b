#include "control/echowire/echo.hpp"

#include <array>
#include <fmt/core.h>
#include <string_view>

#include "dataplane/net/checksum.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/net/parse.hpp"

namespace gate41::echowire {
namespace {

constexpr std::size_t kHeaders = sizeof(Ipv6Header) + sizeof(IcmpHeader);
constexpr std::size_t kChecksumOffset = sizeof(Ipv6Header) + offsetof(IcmpHeader, checksum);
constexpr uint8_t kHopLimitExceeded = 0;

// RFC 4443 §3.1, by code.
constexpr std::array<std::string_view, 7> kUnreachable = {"no route",
                                                          "prohibited",
                                                          "beyond the scope of its source",
                                                          "address unreachable",
                                                          "port unreachable",
                                                          "source address failed a policy",
                                                          "rejected by a route"};

bool is_whole_icmpv6(const ParsedPacket& packet) {
  return packet.ok() && packet.l4.present && packet.l4.protocol == ip_proto::kIcmpv6 &&
         packet.v6.fragment == FragmentState::none;
}

// The ICMPv6 message of a packet, `packet` being what the parser says of it.
std::optional<Bytes> sound_message(Bytes ipv6, const ParsedPacket& packet) {
  if (!is_whole_icmpv6(packet)) return std::nullopt;
  const Bytes message = ipv6.subspan(packet.l4.offset, packet.l4.length);
  if (checksum_ipv6(packet.v6.source, packet.v6.destination, ip_proto::kIcmpv6, message) != 0)
    return std::nullopt;
  return message;
}

bool is_error(uint8_t type) {
  return type >= icmpv6_type::kUnreachable && type <= icmpv6_type::kParameterProblem;
}

// The request that an error quotes, as far as it does.
bool read_quote(Bytes quote, Answer& answer) {
  const ParsedPacket packet = parse_quoted_ipv6(quote);
  if (!is_whole_icmpv6(packet) || packet.v6.source != answer.own) return false;
  Reader reader(quote);
  reader.skip(packet.l4.offset);
  const auto header = reader.read<IcmpHeader>();
  answer.token = header.rest.host();
  answer.target = packet.v6.destination;
  return !reader.failed() && header.type == icmpv6_type::kEchoRequest && header.code == 0;
}

bool read_message(Bytes message, Answer& answer) {
  Reader reader(message);
  const auto header = reader.read<IcmpHeader>();
  answer.verdict = {header.type, header.code, header.rest.host()};
  if (is_error(header.type)) return read_quote(reader.rest(), answer);
  answer.token = header.rest.host();
  answer.size = static_cast<uint16_t>(reader.remaining());
  return answer.verdict.is_reply() && header.code == 0;
}

}  // namespace

std::vector<uint8_t> build_request(const Request& request) {
  std::vector<uint8_t> packet(kHeaders + request.size);
  Writer writer(packet);
  writer.write(Ipv6Header{Be32(uint32_t{6} << 28U),
                          Be16(static_cast<uint16_t>(sizeof(IcmpHeader) + request.size)), ip_proto::kIcmpv6,
                          request.hop_limit, request.source, request.destination});
  writer.write(IcmpHeader{icmpv6_type::kEchoRequest, 0, Be16(0), Be32(request.token)});
  for (uint16_t i = 0; i < request.size; ++i) writer.u8(static_cast<uint8_t>(i));
  const Bytes message = writer.written().subspan(sizeof(Ipv6Header));
  writer.patch_u16(kChecksumOffset,
                   checksum_ipv6(request.source, request.destination, ip_proto::kIcmpv6, message));
  return packet;
}

bool Verdict::is_reply() const { return type == icmpv6_type::kEchoReply; }

bool Verdict::is_hop_limit() const { return type == icmpv6_type::kTimeExceeded && code == kHopLimitExceeded; }

std::optional<uint32_t> Verdict::mtu() const {
  return type == icmpv6_type::kPacketTooBig ? std::optional(parameter) : std::nullopt;
}

std::string Verdict::to_string() const {
  switch (type) {
    case icmpv6_type::kUnreachable:
      return code < kUnreachable.size() ? fmt::format("destination unreachable, {}", kUnreachable[code])
                                        : fmt::format("destination unreachable, code {}", code);
    case icmpv6_type::kPacketTooBig:
      return fmt::format("packet too big, mtu {}", parameter);
    case icmpv6_type::kTimeExceeded:
      return is_hop_limit() ? "time exceeded" : "time exceeded, a fragment was missing";
    case icmpv6_type::kParameterProblem:
      return fmt::format("parameter problem at byte {}", parameter);
    default:
      return "answered";
  }
}

std::optional<Answer> read_answer(Bytes ipv6) {
  const ParsedPacket packet = parse_ipv6_packet(ipv6);
  const auto message = sound_message(ipv6, packet);
  if (!message) return std::nullopt;
  Answer answer;
  answer.from = packet.v6.source;
  answer.own = packet.v6.destination;
  answer.hop_limit = packet.v6.hop_limit;
  return read_message(*message, answer) ? std::optional(answer) : std::nullopt;
}

std::optional<Request> read_request(Bytes ipv6) {
  const ParsedPacket packet = parse_ipv6_packet(ipv6);
  const auto message = sound_message(ipv6, packet);
  if (!message) return std::nullopt;
  Reader reader(*message);
  const auto header = reader.read<IcmpHeader>();
  if (header.type != icmpv6_type::kEchoRequest || header.code != 0) return std::nullopt;
  return Request{packet.v6.source, packet.v6.destination, header.rest.host(),
                 static_cast<uint16_t>(reader.remaining()), packet.v6.hop_limit};
}

}  // namespace gate41::echowire
