#include "control/daemon/tunnel_ways.hpp"

#include <algorithm>

namespace gate41 {
namespace {

// As the kernel has it: the longest of the subnet, the classless routes (option 121) and the default route.
std::optional<Ipv4Address> next_hop_to(const Wan::Address& wan, Ipv4Address destination) {
  std::optional<Ipv4Address> hop = wan.gateway;
  int length = -1;
  const auto consider = [&](const Ipv4Prefix& prefix, Ipv4Address by) {
    if (prefix.length <= length || !prefix.contains(destination)) return;
    length = prefix.length;
    hop = by;
  };
  consider(wan.subnet(), destination);
  for (const dhcp::Route& route : wan.routes)
    consider(route.destination, route.gateway.is_unspecified() ? destination : route.gateway);
  return hop;
}

std::optional<MacAddress> mac_towards(const Wan& wan, std::optional<Ipv4Address> next_hop) {
  return next_hop ? wan.neighbours().mac_of(*next_hop) : std::nullopt;
}

}  // namespace

TunnelWays::TunnelWays(AdjacencyTable& table, const Link& wan, uint16_t link_index)
    : table_(table),
      wan_(wan),
      link_index_(link_index),
      relay_(table.allocate()),
      direct_(table.allocate()) {}

Adjacency TunnelWays::way_to(std::optional<Ipv4Address> peer, const Tunnel& tunnel, uint8_t index,
                             const Wan& wan) const {
  if (!wan.address() || !tunnel.up) return {};
  const auto mac = mac_towards(wan, peer ? next_hop_to(*wan.address(), *peer) : wan.address()->gateway);
  return mac ? tunnel_way(tunnel, index, wan_, link_index_, *mac, peer) : Adjacency{};
}

void TunnelWays::update(const Tunnel& tunnel, uint8_t index, const Wan& wan,
                        std::optional<Ipv4Address> live_relay) {
  const bool has_peer = tunnel.kind == TunnelKind::six_in_four;
  const auto peer = has_peer ? std::optional(tunnel.relays.front()) : std::nullopt;
  table_.write(relay_, live_relay ? way_to(live_relay, tunnel, index, wan) : Adjacency{});
  table_.write(direct_, way_to(peer, tunnel, index, wan));
}

bool TunnelWays::reaches_any(const Wan::Address& wan, const std::vector<Ipv4Address>& relays,
                             bool gateway_answers) {
  return std::ranges::any_of(relays, [&](Ipv4Address relay) {
    const auto hop = next_hop_to(wan, relay);
    return hop && (gateway_answers || hop != wan.gateway);
  });
}

std::vector<Ipv4Address> TunnelWays::next_hops(const Wan::Address& wan,
                                               const std::vector<Ipv4Address>& relays) {
  std::vector<Ipv4Address> hops;
  if (wan.gateway) hops.push_back(*wan.gateway);
  for (const Ipv4Address relay : relays)
    if (const auto hop = next_hop_to(wan, relay); hop && hop != wan.gateway) hops.push_back(*hop);
  return hops;
}

}  // namespace gate41
