#include "tests/model/driver/story.hpp"

#include <array>
#include <fmt/format.h>

namespace gate41::model {
namespace {

std::string text_of(const Host& host) {
  static constexpr std::array<const char*, 7> kPlaces = {"lan",       "net",          "site",     "withdrawn",
                                                         "elsewhere", "unique-local", "multicast"};
  return fmt::format("{}.{}", kPlaces[static_cast<std::size_t>(host.place)], host.number);
}

std::string name_of_protocol(uint8_t number) {
  switch (number) {
    case protocol::tcp:
      return "tcp";
    case protocol::udp:
      return "udp";
    case protocol::udp_lite:
      return "udp-lite";
    case protocol::icmpv6:
      return "icmpv6";
    case protocol::sctp:
      return "sctp";
    case protocol::dccp:
      return "dccp";
    case protocol::esp:
      return "esp";
    case protocol::ah:
      return "ah";
    case protocol::hip:
      return "hip";
    default:
      return fmt::format("protocol {}", number);
  }
}

std::string text_of(const Headers& headers) {
  static constexpr std::array<const char*, 4> kParts = {"", " atomic", " first", " later"};
  std::string text = fmt::format("{} {}", name_of_protocol(headers.protocol), text_of(headers.source));
  const bool ports = headers.source_port != 0 || headers.destination_port != 0;
  if (ports) text += fmt::format(":{}", headers.source_port);
  text += " > " + text_of(headers.destination);
  if (ports) text += fmt::format(":{}", headers.destination_port);
  if (headers.protocol == protocol::icmpv6)
    text += fmt::format(" type {} code {} id {}", headers.icmp.type, headers.icmp.code, headers.icmp.id);
  if (headers.part != Part::whole)
    text +=
        fmt::format("{} fragment of {}", kParts[static_cast<std::size_t>(headers.part)], headers.fragment);
  if (headers.length != 0)
    text += fmt::format(" {}+{}{}", headers.offset, headers.length, headers.more ? "" : " the last");
  return text;
}

std::string text_of(const TcpFields& tcp) {
  static constexpr std::array<char, 6> kLetters = {'F', 'S', 'R', 'P', 'A', 'U'};
  std::string flags;
  for (std::size_t i = 0; i < kLetters.size(); ++i)
    if ((tcp.flags >> i & 1U) != 0) flags += kLetters[i];
  std::string text = fmt::format(" {} seq {} ack {} win {}", flags.empty() ? "-" : flags, tcp.sequence,
                                 tcp.acknowledgement, tcp.window);
  if (tcp.length != 0) text += fmt::format(" len {}", tcp.length);
  if (tcp.scale) text += fmt::format(" scale {}", *tcp.scale);
  return text;
}

std::string name_of_chunk(uint8_t type) {
  static constexpr std::array<const char*, 15> kNames = {
      "DATA",          "INIT",       "INIT-ACK", "SACK",         "HEARTBEAT",
      "HEARTBEAT-ACK", "ABORT",      "SHUTDOWN", "SHUTDOWN-ACK", "ERROR",
      "COOKIE-ECHO",   "COOKIE-ACK", "ECNE",     "CWR",          "SHUTDOWN-COMPLETE"};
  return type < kNames.size() ? kNames[type] : fmt::format("chunk {}", type);
}

std::string text_of(const SctpFields& sctp) {
  static constexpr std::array<const char*, 5> kForms = {"", " without a chunk", " too short", " cut off",
                                                        " bare"};
  std::string text = fmt::format(" {}{} tag {}", name_of_chunk(sctp.chunk), sctp.t ? "(T)" : "", sctp.tag);
  if (sctp.initiate != 0) text += fmt::format(" initiate {}", sctp.initiate);
  if (sctp.second) text += " and " + name_of_chunk(*sctp.second);
  return text + kForms[static_cast<std::size_t>(sctp.form)];
}

std::string text_of(const DccpFields& dccp) {
  static constexpr std::array<const char*, 10> kNames = {"Request",  "Response", "Data",  "Ack",  "DataAck",
                                                         "CloseReq", "Close",    "Reset", "Sync", "SyncAck"};
  static constexpr std::array<const char*, 3> kForms = {"", ", offset low", ", offset high"};
  std::string text =
      dccp.type < kNames.size() ? fmt::format(" {}", kNames[dccp.type]) : fmt::format(" type {}", dccp.type);
  if (!dccp.extended) text += " short";
  return text + kForms[static_cast<std::size_t>(dccp.form)];
}

std::string text_of(const Packet& packet) {
  static constexpr std::array<const char*, 4> kCuts = {
      "", ", cut off behind its ports", ", cut off before its ports", ", cut off within its header"};
  std::string text = text_of(packet.headers);
  const bool upper = packet.headers.part != Part::later;
  if (upper && packet.headers.protocol == protocol::tcp) text += text_of(packet.tcp);
  if (upper && packet.headers.protocol == protocol::sctp) text += text_of(packet.sctp);
  if (upper && packet.headers.protocol == protocol::dccp) text += text_of(packet.dccp);
  if (packet.options) text += " with options";
  if (packet.quote)
    text += fmt::format(" about [{}{}]", text_of(packet.quote->headers),
                        kCuts[static_cast<std::size_t>(packet.quote->cut)]);
  return text;
}

std::string text_of(const Timers& timers) {
  const Timers usual;
  std::string text;
  const auto add = [&](const char* name, seconds Timers::*timer) {
    if (timers.*timer != usual.*timer) text += fmt::format(", {} {} s", name, (timers.*timer).count());
  };
  add("tcp_established", &Timers::tcp_established);
  add("tcp_transitory", &Timers::tcp_transitory);
  add("udp", &Timers::udp);
  add("udp_well_known", &Timers::udp_well_known);
  add("icmpv6_echo", &Timers::echo);
  add("generic", &Timers::generic);
  add("sctp_established", &Timers::sctp_established);
  add("sctp_transitory", &Timers::sctp_transitory);
  add("dccp_established", &Timers::dccp_established);
  add("dccp_transitory", &Timers::dccp_transitory);
  return text;
}

std::string text_of(const Policy& policy) {
  static constexpr std::array<const char*, 3> kProfiles = {"strict", "simple-security", "transparent"};
  std::string text =
      fmt::format("policy: {}, echo {}, {}", kProfiles[static_cast<std::size_t>(policy.profile)],
                  policy.allows_echo() ? "allowed" : "not allowed",
                  policy.is_endpoint_independent() ? "endpoint-independent" : "address-dependent");
  text += text_of(policy.timers);
  for (const Pinhole& pinhole : policy.pinholes) {
    text += fmt::format(", {} to {}:{}-{}", name_of_protocol(pinhole.protocol), text_of(pinhole.host),
                        pinhole.first, pinhole.last);
    if (pinhole.from)
      text += fmt::format(" from {}/-{}", text_of(pinhole.from->host), pinhole.from->free_bits);
  }
  return text;
}

std::string text_of(const Event& event) {
  if (event.policy) return text_of(*event.policy);
  return fmt::format("{} {}", event.direction == Direction::outbound ? "out" : "in ", text_of(event.packet));
}

std::string text_of(const Verdicts& verdicts) {
  if (verdicts.reference == verdicts.product) return std::string(name_of(verdicts.reference));
  return fmt::format("expected {}, found {}  <<<", name_of(verdicts.reference), name_of(verdicts.product));
}

}  // namespace

std::string story_of(std::span<const Event> sequence, std::span<const Verdicts> verdicts) {
  std::string text;
  for (std::size_t i = 0; i < std::min(sequence.size(), verdicts.size()); ++i) {
    const auto whole = std::chrono::floor<seconds>(sequence[i].at);
    text += fmt::format("{:6}.{:09} {} {}", whole.count(), (sequence[i].at - whole).count(),
                        sequence[i].together ? '+' : ' ', text_of(sequence[i]));
    if (!sequence[i].policy) text += "  -> " + text_of(verdicts[i]);
    text += '\n';
  }
  return text;
}

}  // namespace gate41::model
