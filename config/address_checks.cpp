#include "config/address_checks.hpp"

#include <algorithm>

#include "dataplane/net/address_blocks.hpp"

namespace gate41::config {
namespace {

const std::string kGlobal = "allowed: a global unicast IPv4 address";

// Group G, X11.
void check_global(const Config& config, const std::string& path, Ipv4Address address, Findings& findings) {
  if (const Ipv4Block* block = never_embed(address, lab_of(config)))
    findings.add_check(path, address.to_string() + " is in " + std::string(block->name), kGlobal);
}
bool is_network_or_broadcast(const Ipv4Prefix& subnet, Ipv4Address address) {
  return subnet.length < 31 && (address == subnet.address || address == subnet.broadcast());
}

void check_gateway(const StaticIpv4& ipv4, Ipv4Address gateway, Findings& findings) {
  const std::string path = "wan.ipv4.gateway";
  const std::string allowed = "allowed: another host of " + ipv4.subnet.to_string();
  if (!ipv4.subnet.contains(gateway))
    findings.add_check(path, gateway.to_string() + " is outside the subnet", allowed);
  else if (gateway == ipv4.address)
    findings.add_check(path, gateway.to_string() + " is the own address", allowed);
  else if (is_network_or_broadcast(ipv4.subnet, gateway))
    findings.add_check(path, gateway.to_string() + " is the subnet's network or broadcast address", allowed);
}

void check_native(const Config& config, const RelayRole& relay, Findings& findings) {
  const std::string path = "relay.native";
  const Ipv6Prefix subnet = Ipv6Prefix::of(relay.native_address, relay.native_length);
  if (relay.native_address.is_unspecified()) return;  // missing or wrong: said already
  if (const Ipv6Block* block = never_on_tunnel(relay.native_address, lab_of(config)))
    findings.add_check(path + ".address",
                       relay.native_address.to_string() + " is in " + std::string(block->name),
                       "allowed: a global unicast IPv6 address");
  else if (relay.native_address == subnet.address && relay.native_length < 127)
    findings.add_check(path + ".address", "is the anycast address of all routers of its subnet",
                       "allowed: a host of " + subnet.to_string());
  const Ipv6Address& gateway = relay.native_gateway;
  const std::string allowed = "allowed: another host of " + subnet.to_string() + ", or a link-local address";
  if (gateway == relay.native_address)
    findings.add_check(path + ".gateway", gateway.to_string() + " is the own address", allowed);
  else if (!gateway.is_link_local() && !subnet.contains(gateway))
    findings.add_check(path + ".gateway", gateway.to_string() + " is outside the subnet", allowed);
}

void check_relay_addresses(const Config& config, const RelayRole& relay, Findings& findings) {
  if (relay.anycast) check_global_or_anycast(config, "relay.anycast", *relay.anycast, findings);
  if (relay.unicast)
    check_global(config, "relay.unicast", *relay.unicast, findings);
  else if (config.wan.static_ipv4)
    check_global(config, "wan.ipv4.address", config.wan.static_ipv4->address, findings);
}

}  // namespace

LabAllow lab_of(const Config& config) { return {.v4 = config.lab_allow_v4, .v6 = config.lab_allow_v6}; }

void check_global_or_anycast(const Config& config, const std::string& path, Ipv4Address address,
                             Findings& findings) {
  if (!kRelayAnycast.contains(address)) check_global(config, path, address, findings);
}

bool no_host_address(Ipv4Address address) {
  const uint32_t first = address.host() >> 24U;
  return first == 0 || first == 127 || first >= 224;
}

bool is_usable_host(const Ipv6Address& address) {
  const bool special = address.high() == 0;  // unspecified, loopback, IPv4-mapped and -compatible
  return !special && !address.is_multicast();
}

void check_static_ipv4(const Config& config, Findings& findings) {
  if (!config.wan.static_ipv4) return;
  const StaticIpv4& ipv4 = *config.wan.static_ipv4;
  const std::string path = "wan.ipv4.address";
  if (no_host_address(ipv4.address))
    findings.add_check(path, ipv4.address.to_string() + " is no address of a host",
                       "allowed: a unicast IPv4 address");
  if (is_network_or_broadcast(ipv4.subnet, ipv4.address))
    findings.add_check(path, ipv4.address.to_string() + " is the subnet's network or broadcast address",
                       "allowed: a host of " + ipv4.subnet.to_string());
  if (ipv4.gateway) check_gateway(ipv4, *ipv4.gateway, findings);
  for (std::size_t i = 0; i < ipv4.dns.size(); ++i)
    if (no_host_address(ipv4.dns[i]))
      findings.add_check("wan.ipv4.dns[" + std::to_string(i) + "]",
                         ipv4.dns[i].to_string() + " is no address of a host",
                         "allowed: a unicast IPv4 address");
}

void check_external_literal(const Config& config, Findings& findings) {
  if (config.wan.external.literal)
    check_global(config, "wan.external_address.from", *config.wan.external.literal, findings);
}

void check_syslog(const Config& config, Findings& findings) {
  if (config.syslog && no_host_address(*config.syslog))
    findings.add_check("log.syslog", config.syslog->to_string() + " is no address of a host",
                       "allowed: a unicast IPv4 address");
}

void check_rdnss(const Lan& lan, Findings& findings) {
  for (std::size_t i = 0; i < lan.rdnss.size(); ++i)
    if (!is_usable_host(lan.rdnss[i]))
      findings.add_check("lans." + lan.name + ".advertise.rdnss[" + std::to_string(i) + "]",
                         lan.rdnss[i].to_string() + " is no address of a host",
                         "allowed: unicast IPv6 addresses");
}

// X1, E12: errors about packets from an anycast address go to whichever relay is nearest to the router.
void check_anycast_mtu(const Config& config, Findings& findings) {
  for (const Tunnel& tunnel : config.tunnels)
    if (tunnel.mtu_auto)
      findings.add_check("tunnels." + tunnel.name + ".mtu",
                         "auto learns from ICMPv4 errors, and those of an anycast relay go to other relays",
                         "allowed with relay.anycast: 1280..1480");
}

void check_relay(const Config& config, const RelayRole& relay, Findings& findings) {
  if (relay.anycast) check_anycast_mtu(config, findings);
  const bool border = !config.tunnels.empty() && config.tunnels.front().mode == TunnelMode::six_rd;
  if (!border) check_relay_addresses(config, relay, findings);  // a domain may be private (E28)
  if (relay.anycast && relay.anycast == relay.unicast)
    findings.add_check("relay.unicast", relay.unicast->to_string() + " is the anycast address",
                       "allowed: another address");
  if (findings.given("relay.native")) check_native(config, relay, findings);
}

}  // namespace gate41::config
