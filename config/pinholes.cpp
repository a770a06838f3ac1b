#include "config/pinholes.hpp"

#include <algorithm>

#include "config/bindings.hpp"
#include "config/map_reader.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/net/protocol_name.hpp"

namespace gate41::config {
namespace {

constexpr const char* kPattern = "filter.inbound[]";
constexpr uint64_t kHour = 3'600'000;
constexpr Key kLifetime{.unit = "duration", .min = 1000, .max = 8760 * kHour};

std::string port_text(const Pinhole& pinhole) {
  const std::string first = std::to_string(pinhole.port_first);
  return pinhole.port_first == pinhole.port_last ? first : first + "-" + std::to_string(pinhole.port_last);
}

void check_host(const Pinhole& pinhole, const std::string& path, Findings& findings) {
  const std::string allowed = "allowed: interface_id or address";
  const bool by_id = findings.given(path + ".interface_id");
  const bool by_address = findings.given(path + ".address");
  if (!by_id && !by_address) findings.add_check(path + ".interface_id", "missing key", allowed);
  if (by_id && by_address && pinhole.address)
    findings.add_check(path + ".address", "the host is named by interface_id already", allowed);
}

void check_port(const Pinhole& pinhole, const std::string& path, Findings& findings) {
  if (pinhole.protocol == 0) return;  // it is wrong itself
  const bool wants_port = has_ports(pinhole.protocol);
  if (wants_port && pinhole.port_first == 0)
    findings.add_check(path + ".port", "missing key", "allowed: 1..65535, or a range as in \"1000-2000\"");
  if (wants_port || pinhole.port_first == 0) return;
  const bool echo = pinhole.protocol == ip_proto::kIcmpv6;
  const std::string proto = echo ? "echo" : protocol_name(pinhole.protocol);
  findings.add_check(path + ".port", (echo ? proto : "protocol " + proto) + " has no port",
                     "allowed: no port with proto " + proto);
}

Node node_of(const std::map<std::string, std::string>& members) {
  Node map{.kind = Node::Kind::map};
  for (const auto& [key, text] : members)
    map.children.push_back({.kind = Node::Kind::scalar, .text = text, .key = key});
  return map;
}

}  // namespace

void check_pinhole(const Pinhole& pinhole, const std::string& path, const Config& config,
                   Findings& findings) {
  if (!pinhole.lan.empty() && std::ranges::find(config.lans, pinhole.lan, &Lan::name) == config.lans.end())
    findings.add_check(path + ".lan", "no LAN " + quoted(pinhole.lan), "allowed: a name under lans");
  check_host(pinhole, path, findings);
  check_port(pinhole, path, findings);
}

Result<Pinhole> read_pinhole(const std::map<std::string, std::string>& members, const Config& config) {
  const Node node = node_of(members);
  Findings findings("");
  Pinhole pinhole;
  MapReader reader(findings, node, "pinhole", kPattern);
  visit(reader, pinhole);
  check_pinhole(pinhole, "pinhole", config, findings);
  std::string wrong;
  for (const Problem& problem : findings.take())
    wrong +=
        (wrong.empty() ? "" : "\n") + problem.key.substr(problem.key.find('.') + 1) + ": " + problem.text;
  if (!wrong.empty()) return fail(wrong);
  return pinhole;
}

std::map<std::string, std::string> pinhole_members(const Pinhole& pinhole) {
  std::map<std::string, std::string> members{
      {"proto", pinhole.protocol == ip_proto::kIcmpv6 ? "echo" : protocol_name(pinhole.protocol)},
      {"lan", pinhole.lan}};
  if (pinhole.address)
    members["address"] = pinhole.address->to_string();
  else
    members["interface_id"] = Ipv6Address::from_halves(0, pinhole.interface_id).to_string();
  if (pinhole.port_first != 0) members["port"] = port_text(pinhole);
  if (pinhole.from != kEveryIpv6) members["from"] = pinhole.from.to_string();
  return members;
}

Result<Seconds> read_lifetime(const std::string& text) {
  Seconds lifetime{0};
  if (const Wrong wrong = from_text(text, kLifetime, lifetime))
    return fail("lifetime: " + quoted(text) + " " + wrong + "; allowed: " + allowed_text(kLifetime));
  return lifetime;
}

}  // namespace gate41::config
