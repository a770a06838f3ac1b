#include "config/tunnel_checks.hpp"

#include <algorithm>
#include <set>

#include "config/address_checks.hpp"
#include "dataplane/base/limits.hpp"

namespace gate41::config {
namespace {

std::string path_of(const Tunnel& tunnel, const std::string& key) {
  return "tunnels." + tunnel.name + "." + key;
}

bool overlap(const Ipv6Prefix& a, const Ipv6Prefix& b) {
  return a.contains(b.address) || b.contains(a.address);
}

// --- relays

// B15: no relay is preset. X4: the anycast address is fine where somebody wrote it down. Of 6rd a relay may
// be private (E28).
void check_relay_address(const Config& config, const Tunnel& tunnel, const std::string& path,
                         Ipv4Address address, Findings& findings) {
  if (tunnel.mode != TunnelMode::six_rd)
    check_global_or_anycast(config, path, address, findings);
  else if (no_host_address(address))
    findings.add_check(path, address.to_string() + " is no address of a host",
                       "allowed: the IPv4 address of a border relay");
  if (config.wan.static_ipv4 && config.wan.static_ipv4->address == address)
    findings.add_check(path, address.to_string() + " is our own address", "allowed: another address");
}

void check_each_relay(const Config& config, const Tunnel& tunnel, Findings& findings) {
  std::set<Ipv4Address> seen;
  for (std::size_t i = 0; i < tunnel.relays.size(); ++i) {
    const std::string item = path_of(tunnel, "relays") + "[" + std::to_string(i) + "]";
    check_relay_address(config, tunnel, item, tunnel.relays[i], findings);
    if (!seen.insert(tunnel.relays[i]).second)
      findings.add_check(item, tunnel.relays[i].to_string() + " stands here twice",
                         "allowed: each relay once");
  }
}

void check_relays(const Config& config, const Tunnel& tunnel, Findings& findings) {
  const std::string path = path_of(tunnel, "relays");
  const bool gateway = config.role == Role::gateway;
  if (!gateway && tunnel.mode != TunnelMode::six_rd) {
    if (findings.given(path))
      findings.add_check(path, "a relay sends to no relay", "allowed: in role gateway only");
    return;
  }
  if (gateway && tunnel.mode == TunnelMode::six_in_four) {
    if (findings.given(path))
      findings.add_check(path, "has no place in mode 6in4", "allowed: 6in4.remote in its place");
    return;
  }
  if (gateway && tunnel.relays.empty())
    findings.add_check(path, "no relay, and none is preset",
                       "allowed: the IPv4 addresses of relays that you may use, as in [192.88.99.1]");
  check_each_relay(config, tunnel, findings);
}

// --- 6rd

void check_native_prefix(const Config& config, const std::string& path, const Ipv6Prefix& prefix,
                         Findings& findings) {
  if (prefix.length < kShortestDomain || prefix.length > 64)
    findings.add_check(path, "a length of " + std::to_string(prefix.length), "allowed: 16..64");
  else if (const auto objection = objection_to_domain(config, prefix))
    findings.add_check(path, objection->wrong, objection->allowed);
}

// E4, E29: the delegated prefix has room for a LAN.
void check_six_rd(const Config& config, const Tunnel& tunnel, Findings& findings) {
  const SixRd& domain = *tunnel.six_rd;
  const std::string path = path_of(tunnel, "6rd.prefix");
  check_native_prefix(config, path, domain.prefix, findings);
  const int embedded = 32 - domain.ipv4_mask_len;
  if (domain.prefix.length + embedded > 64)
    findings.add_check(
        path,
        "with " + std::to_string(embedded) + " bits of the IPv4 address sites get a /" +
            std::to_string(domain.prefix.length + embedded) + ", too small for a LAN",
        "allowed: a length of at most " + std::to_string(64 - embedded) + " with this ipv4_mask_len");
}

// --- 6in4

void check_remote(const Config& config, const Tunnel& tunnel, Findings& findings) {
  const Ipv4Address remote = tunnel.six_in_four->remote;
  const std::string path = path_of(tunnel, "6in4.remote");
  if (no_host_address(remote))
    findings.add_check(path, remote.to_string() + " is no address of a host",
                       "allowed: the IPv4 address of the other end");
  if (config.wan.static_ipv4 && config.wan.static_ipv4->address == remote)
    findings.add_check(path, remote.to_string() + " is our own address",
                       "allowed: the IPv4 address of the other end");
}

void check_six_in_four(const Config& config, const Tunnel& tunnel, Findings& findings) {
  const SixInFour& wanted = *tunnel.six_in_four;
  check_remote(config, tunnel, findings);
  check_native_prefix(config, path_of(tunnel, "6in4.prefix"), wanted.prefix, findings);
  if (!is_usable_host(wanted.address) || wanted.address.is_link_local())
    findings.add_check(path_of(tunnel, "6in4.address"), wanted.address.to_string() + " is no global address",
                       "allowed: a unicast IPv6 address");
  else if (wanted.prefix.contains(wanted.address))
    findings.add_check(path_of(tunnel, "6in4.address"),
                       wanted.address.to_string() + " is inside the prefix that the LANs are numbered from",
                       "allowed: an address outside 6in4.prefix");
  const Ipv6Prefix subnet = Ipv6Prefix::of(wanted.address, wanted.length);
  if (wanted.peer && (!subnet.contains(*wanted.peer) || *wanted.peer == wanted.address))
    findings.add_check(path_of(tunnel, "6in4.peer"), wanted.peer->to_string() + " is not the other end",
                       "allowed: another host of " + subnet.to_string());
}

// --- one tunnel

// The map that describes a mode is there with that mode, and only then.
void check_map_of_mode(const Tunnel& tunnel, TunnelMode mode, const std::string& name, bool given,
                       Findings& findings) {
  if (tunnel.mode == mode && !given)
    findings.add_check(path_of(tunnel, name), "missing key", "allowed: a map, which mode " + name + " needs");
  if (tunnel.mode != mode && given)
    findings.add_check(path_of(tunnel, name), "has no place in this mode",
                       "allowed: with mode: " + name + " only");
}

// Sites of 6to4 and 6rd are known by the prefix that their address gives them.
void check_broker(const Tunnel& tunnel, Findings& findings) {
  if (tunnel.broker && tunnel.mode != TunnelMode::six_in_four)
    findings.add_check(path_of(tunnel, "broker"), "has no place in this mode",
                       "allowed: with mode: 6in4 only");
}

// --- keep-alive

// S26: who a keep-alive may go to, as far as the mode says: 6rd and 6in4 send to nobody else.
std::optional<Objection> objection_to_target(const Tunnel& tunnel, Ipv4Address target) {
  const std::string text = target.to_string();
  if (tunnel.six_in_four) {
    if (tunnel.six_in_four->remote == target) return std::nullopt;
    return Objection{text + " is not the other end", "allowed: 6in4.remote"};
  }
  if (std::ranges::find(tunnel.relays, target) != tunnel.relays.end()) return std::nullopt;
  if (tunnel.mode == TunnelMode::six_rd)
    return Objection{text + " is no border relay of this tunnel", "allowed: addresses of `relays`"};
  if (tunnel.accept_relays_only)
    return Objection{text + " is none of `relays`, and nobody else's traffic is let in",
                     "allowed: addresses of `relays`, or accept: any"};
  return std::nullopt;
}

void check_target(const Config& config, const Tunnel& tunnel, const std::string& item, Ipv4Address target,
                  Findings& findings) {
  if (const auto objection = objection_to_target(tunnel, target))
    findings.add_check(item, objection->wrong, objection->allowed);
  else if (!tunnel.six_in_four)  // whose remote is checked where it stands
    check_relay_address(config, tunnel, item, target, findings);
}

void check_keepalive(const Config& config, const Tunnel& tunnel, Findings& findings) {
  if (!tunnel.keepalive) return;
  const std::string path = path_of(tunnel, "keepalive");
  if (config.role == Role::relay)
    return findings.add_check(path, "a relay keeps nothing alive", "allowed: in role gateway only");
  std::set<Ipv4Address> seen;
  for (std::size_t i = 0; i < tunnel.keepalive->targets.size(); ++i) {
    const Ipv4Address target = tunnel.keepalive->targets[i];
    const std::string item = path + ".targets[" + std::to_string(i) + "]";
    check_target(config, tunnel, item, target, findings);
    if (!seen.insert(target).second)
      findings.add_check(item, target.to_string() + " stands here twice", "allowed: each target once");
  }
}

void check_tunnel(const Config& config, const Tunnel& tunnel, Findings& findings) {
  check_map_of_mode(tunnel, TunnelMode::six_rd, "6rd", tunnel.six_rd.has_value(), findings);
  check_map_of_mode(tunnel, TunnelMode::six_in_four, "6in4", tunnel.six_in_four.has_value(), findings);
  if (tunnel.six_rd) check_six_rd(config, tunnel, findings);
  if (tunnel.six_in_four) check_six_in_four(config, tunnel, findings);
  check_relays(config, tunnel, findings);
  check_broker(tunnel, findings);
  check_keepalive(config, tunnel, findings);
  const bool relays = tunnel.mode == TunnelMode::six_to_four || tunnel.mode == TunnelMode::six_rd;
  if (config.role == Role::relay && !relays)
    findings.add_check(path_of(tunnel, "mode"), "is no mode of a relay", "allowed: 6to4 | 6rd");
}

// --- several tunnels

// 6to4 of one IPv4 address is one tunnel; `auto` may become one.
bool may_be_six_to_four(const Tunnel& tunnel) {
  return tunnel.mode == TunnelMode::six_to_four || tunnel.mode == TunnelMode::automatic;
}

const Ipv6Prefix* prefix_of(const Tunnel& tunnel) {
  if (tunnel.six_rd) return &tunnel.six_rd->prefix;
  return tunnel.six_in_four ? &tunnel.six_in_four->prefix : nullptr;
}

// Two ways to the same place are one prefix (P35); a part of another's is a mistake.
bool do_clash(const Tunnel& a, const Tunnel& b) {
  const Ipv6Prefix* one = prefix_of(a);
  const Ipv6Prefix* other = prefix_of(b);
  if (one == nullptr || other == nullptr || !overlap(*one, *other)) return false;
  return *one != *other || a.six_rd || b.six_rd;
}

void check_pair(const Tunnel& first, const Tunnel& second, Findings& findings) {
  const std::string of_first = " of tunnel " + first.name;
  if (may_be_six_to_four(first) && may_be_six_to_four(second))
    findings.add_check(path_of(second, "mode"), "a second 6to4 beside that" + of_first,
                       "allowed: one tunnel of mode 6to4 or auto");
  if (first.six_in_four && second.six_in_four && first.six_in_four->remote == second.six_in_four->remote)
    findings.add_check(path_of(second, "6in4.remote"), "is the other end" + of_first + " already",
                       "allowed: one tunnel to each IPv4 address");
  if (do_clash(first, second))
    findings.add_check(path_of(second, second.six_rd ? "6rd.prefix" : "6in4.prefix"),
                       "overlaps the prefix" + of_first, "allowed: a prefix apart from the others");
}

}  // namespace

std::optional<Objection> objection_to_domain(const Config& config, const Ipv6Prefix& prefix) {
  if (const Ipv6Block* block = never_on_tunnel(prefix.address, lab_of(config)))
    return Objection{prefix.to_string() + " is in " + std::string(block->name),
                     "allowed: a global unicast IPv6 prefix"};
  if (!kSixToFour.contains(prefix.address)) return std::nullopt;
  return Objection{prefix.to_string() + " is 6to4's", "allowed: a prefix of native addresses"};
}

const Tunnel* owner_of(const Config& config, const Ipv6Prefix& prefix) {
  const auto owns = [&](const Tunnel& tunnel) {
    const Ipv6Prefix* own = prefix_of(tunnel);
    return own != nullptr && overlap(*own, prefix);
  };
  const auto owner = std::ranges::find_if(config.tunnels, owns);
  return owner == config.tunnels.end() ? nullptr : &*owner;
}

void check_tunnels(const Config& config, Findings& findings) {
  const std::vector<Tunnel>& tunnels = config.tunnels;
  const std::size_t most = config.role == Role::relay ? 1 : kMaxTunnels;
  if (tunnels.empty()) findings.add_check("tunnels", "no tunnel", "allowed: at least one tunnel");
  if (tunnels.size() > most)
    findings.add_check("tunnels." + tunnels[most].name, "one tunnel too many",
                       "allowed: at most " + std::to_string(most) + " in this role");
  for (const Tunnel& tunnel : tunnels) check_tunnel(config, tunnel, findings);
  for (std::size_t i = 0; i < tunnels.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) check_pair(tunnels[j], tunnels[i], findings);
}

}  // namespace gate41::config
