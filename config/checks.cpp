#include "config/checks.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "config/address_checks.hpp"
#include "config/pinholes.hpp"
#include "config/tunnel_checks.hpp"
#include "dataplane/base/limits.hpp"

namespace gate41::config {
namespace {

std::string names_of(const std::map<std::string, Port>& ports) {
  std::string text;
  for (const auto& [name, port] : ports) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none is defined" : text;
}

void check_port_name(const Config& config, const std::string& path, const std::string& name,
                     Findings& findings) {
  if (!name.empty() && !config.ports.contains(name))
    findings.add_check(path, "no port " + quoted(name), "allowed: " + names_of(config.ports));
}

void check_ports(const Config& config, Findings& findings) {
  std::map<std::pair<std::string, uint16_t>, std::string> seen;
  for (const auto& [name, port] : config.ports) {
    const auto [first, is_new] = seen.emplace(std::pair{port.device, port.vlan}, name);
    if (!is_new && !port.device.empty())
      findings.add_check("ports." + name + ".device", "same device and vlan as port " + first->second,
                         "allowed: another device, or another vlan");
  }
}

void check_external(const Config& config, Findings& findings) {
  const ExternalAddress& external = config.wan.external;
  const std::string http = "wan.external_address.http";
  bool asks_http = false;
  for (const auto source : external.from) asks_http |= source == ExternalAddress::Source::http;
  if (external.urls.empty()) {
    if (asks_http && findings.given("wan.external_address.from") && !external.literal)
      findings.add_check(http + ".urls", "no server to ask, although `from` names http",
                         "allowed: at least as many URLs as must agree");
  } else if (external.agree > external.urls.size()) {
    findings.add_check(http + ".agree",
                       "more than there are URLs (" + std::to_string(external.urls.size()) + ")",
                       "allowed: at most the number of URLs");
  }
}

void check_lan_tunnels(const Config& config, const Lan& lan, Findings& findings) {
  for (std::size_t i = 0; i < lan.tunnels.size(); ++i)
    if (std::ranges::find(config.tunnels, lan.tunnels[i], &Tunnel::name) == config.tunnels.end())
      findings.add_check("lans." + lan.name + ".tunnels[" + std::to_string(i) + "]",
                         "no tunnel " + quoted(lan.tunnels[i]), "allowed: a name under tunnels");
}

void check_lans(const Config& config, Findings& findings) {
  std::map<std::string, std::string> ports;
  std::map<uint16_t, std::string> subnets;
  for (const Lan& lan : config.lans) {
    const std::string path = "lans." + lan.name;
    check_port_name(config, path + ".port", lan.port, findings);
    const auto [port, new_port] = ports.emplace(lan.port, lan.name);
    if (!new_port && !lan.port.empty())
      findings.add_check(path + ".port", "port of LAN " + port->second + " already", "allowed: a port a LAN");
    const auto [subnet, new_subnet] = subnets.emplace(lan.subnet_id, lan.name);
    if (!new_subnet)
      findings.add_check(
          path + ".subnet_id",
          std::to_string(lan.subnet_id) + " is the subnet of LAN " + subnet->second + " already",
          "allowed: a subnet_id a LAN");
    check_lan_tunnels(config, lan, findings);
    check_rdnss(lan, findings);
  }
}

void check_pinholes(const Config& config, Findings& findings) {
  for (std::size_t i = 0; i < config.filter.inbound.size(); ++i)
    check_pinhole(config.filter.inbound[i], "filter.inbound[" + std::to_string(i) + "]", config, findings);
}

void check_workers(const Config& config, Findings& findings) {
  std::set<unsigned> seen;
  for (const unsigned core : config.worker_cores)
    if (!seen.insert(core).second)
      findings.add_check("workers.cores", "core " + std::to_string(core) + " is there twice",
                         "allowed: every core once");
  if (seen.size() > kMaxWorkers)
    findings.add_check("workers.cores", std::to_string(seen.size()) + " workers are too many",
                       "allowed: at most " + std::to_string(kMaxWorkers) + " cores");
}

// What only a gateway knows, and B23: a relay stands on the open Internet.
void check_relay_role(const Config& config, Findings& findings) {
  const std::string role = "has no place in role relay";
  if (config.ports_auto) findings.add_check("ports", "auto " + role, "allowed: a map of names");
  for (const std::string path : {"lans", "filter"})
    if (findings.given(path)) findings.add_check(path, role, "allowed: in role gateway only");
  if (findings.given("wan.external_address.behind_nat") && config.wan.external.behind_nat_allowed)
    findings.add_check("wan.external_address.behind_nat", "a relay can't stand behind NAT",
                       "allowed: refuse");
  if (!config.relay)
    findings.add_check(
        "relay", "missing key",
        "allowed: a map with native and, if wanted, anycast, unicast, sites, site_limit, routes");
  else
    check_relay(config, *config.relay, findings);
  if (config.relay) check_port_name(config, "relay.native.port", config.relay->native_port, findings);
}

void check_gateway_role(const Config& /*config*/, Findings& findings) {
  if (findings.given("relay"))
    findings.add_check("relay", "has no place in role gateway", "allowed: in role relay only");
}

}  // namespace

void check_across_keys(const Config& config, Findings& findings) {
  check_ports(config, findings);
  check_port_name(config, "wan.port", config.wan.port, findings);
  check_static_ipv4(config, findings);
  check_external(config, findings);
  check_external_literal(config, findings);
  check_tunnels(config, findings);
  check_lans(config, findings);
  check_pinholes(config, findings);
  check_workers(config, findings);
  check_syslog(config, findings);
  if (config.role == Role::relay)
    check_relay_role(config, findings);
  else
    check_gateway_role(config, findings);
}

}  // namespace gate41::config
