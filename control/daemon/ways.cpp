#include "control/daemon/ways.hpp"

#include "dataplane/net/cursor.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/tunnel/outer_header.hpp"

namespace gate41 {
namespace {

uint8_t ethernet_length(const Link& link) { return link.vlan == 0 ? 14 : 18; }

}  // namespace

Adjacency lan_way(const Link& link, uint16_t link_index, const MacAddress& neighbour) {
  Adjacency way;
  Writer writer(way.header);
  writer.write(neighbour);
  writer.write(link.mac);
  if (link.vlan != 0) {
    writer.u16(ether_type::kVlan);
    writer.u16(link.vlan);
  }
  writer.u16(ether_type::kIpv6);
  way.header_length = ethernet_length(link);
  way.ethernet_length = way.header_length;
  way.kind = AdjacencyKind::ethernet;
  way.link = link_index;
  way.mtu = link.mtu;
  return way;
}

Adjacency tunnel_way(const Tunnel& tunnel, uint8_t index, const Link& wan, uint16_t link_index,
                     const MacAddress& next_hop, std::optional<Ipv4Address> destination) {
  const bool anycast = !tunnel.anycast.is_unspecified();
  Adjacency way;
  OuterFields fields;
  fields.destination_mac = next_hop;
  fields.source_mac = wan.mac;
  fields.vlan = wan.vlan;
  fields.source = anycast ? tunnel.anycast : tunnel.local;
  fields.destination = destination.value_or(Ipv4Address{});
  fields.dont_fragment = anycast;  // E12: its ICMPv4 errors go elsewhere
  way.header_length = static_cast<uint8_t>(build_outer_template(way.header, fields));
  way.ethernet_length = ethernet_length(wan);
  way.kind = destination ? AdjacencyKind::tunnel : AdjacencyKind::tunnel_direct;
  way.link = link_index;
  way.mtu = tunnel.mtu;
  way.tunnel = index;
  return way;
}

std::vector<uint8_t> encapsulated(std::span<const uint8_t> ipv6, const Adjacency& way) {
  std::vector<uint8_t> frame(way.header.begin(), way.header.begin() + way.header_length);
  OuterPatch patch;
  patch.inner_length = static_cast<uint16_t>(ipv6.size());
  patch_outer(std::span(frame).subspan(way.ethernet_length).first<20>(), patch);
  frame.insert(frame.end(), ipv6.begin(), ipv6.end());
  return frame;
}

}  // namespace gate41
