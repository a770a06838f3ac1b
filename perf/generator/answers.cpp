#include "perf/generator/answers.hpp"

#include <algorithm>

#include "control/ndwire/message.hpp"
#include "control/ndwire/options.hpp"
#include "control/ndwire/received.hpp"
#include "dataplane/net/checksum.hpp"
#include "dataplane/net/headers.hpp"
#include "perf/generator/frames.hpp"

namespace gate41::generator {
namespace {

using Frame = std::vector<uint8_t>;

constexpr uint16_t kRequest = 1;
constexpr uint16_t kReply = 2;

template <typename Prefix, typename Address>
bool is_in(const std::vector<Prefix>& prefixes, const Address& address) {
  return std::ranges::any_of(prefixes, [&](const Prefix& prefix) { return prefix.contains(address); });
}

bool is_ours(const Neighbourhood& side, Ipv4Address address) {
  return address != side.device_v4 && (address == side.own_v4 || is_in(side.hosts_v4, address));
}
bool is_ours(const Neighbourhood& side, const Ipv6Address& address) {
  return address != side.device_v6 && (address == side.own_v6 || is_in(side.hosts_v6, address));
}

Frame arp_frame(const MacAddress& destination, const ArpPacket& arp) {
  Frame frame(sizeof(EthernetHeader) + sizeof arp);
  Writer writer(frame);
  writer.write(EthernetHeader{destination, arp.sender_mac, Be16(ether_type::kArp)});
  writer.write(arp);
  return frame;
}

ArpPacket arp_packet(uint16_t operation) {
  ArpPacket arp{};
  arp.hardware = Be16(1);
  arp.protocol = Be16(ether_type::kIpv4);
  arp.hardware_length = sizeof(MacAddress);
  arp.protocol_length = sizeof(Ipv4Address);
  arp.operation = Be16(operation);
  return arp;
}

// Only of a frame that was parsed as ARP.
ArpPacket read_arp(const ParsedPacket& packet, Bytes frame) {
  Reader reader(frame.subspan(packet.ethernet_length));
  return reader.read<ArpPacket>();
}

Frame answer_arp(const Neighbourhood& side, const ArpPacket& asked) {
  const bool asks = asked.operation == Be16(kRequest) && !asked.sender_ip.is_unspecified();
  if (!asks || !is_ours(side, asked.target_ip)) return {};
  ArpPacket reply = arp_packet(kReply);
  reply.sender_mac = side.own_mac;
  reply.sender_ip = asked.target_ip;
  reply.target_mac = asked.sender_mac;
  reply.target_ip = asked.sender_ip;
  return arp_frame(asked.sender_mac, reply);
}

Frame answer_solicitation(const Neighbourhood& side, Bytes frame) {
  const auto asked = ndwire::read_nd(frame);
  if (!asked || asked->type != icmpv6_type::kNeighbourSolicitation || asked->source.is_unspecified())
    return {};
  Reader fields = asked->fields();
  fields.skip(4);
  const auto target = fields.read<Ipv6Address>();
  if (fields.failed() || !is_ours(side, target)) return {};
  ndwire::Message reply(icmpv6_type::kNeighbourAdvertisement);
  reply.u32(uint32_t{ndwire::advertisement_flag::kSolicited | ndwire::advertisement_flag::kOverride} << 24U);
  reply.address(target).lladdr(ndwire::option_type::kTargetLladdr, mac_of(target));
  return reply.frame({mac_of(target), asked->ether_source, target, asked->source});
}

// Pings of our hosts, and of relays that are 6to4 routers (B19).
Frame echo_reply(const ParsedPacket& packet, Bytes frame) {
  Frame reply(frame.begin(), frame.begin() + packet.frame_length);
  swap_addresses(reply, packet);
  Writer type_and_code{std::span(reply).subspan(packet.l4.offset)};
  const uint16_t before = uint16_t{icmpv6_type::kEchoRequest} << 8U | packet.l4.icmp_code;
  const uint16_t after = uint16_t{icmpv6_type::kEchoReply} << 8U | packet.l4.icmp_code;
  Reader checksum_field(frame.subspan(packet.l4.offset + 2U));
  type_and_code.u16(after);
  type_and_code.u16(checksum_update(checksum_field.u16(), before, after));
  return reply;
}

// A border relay sends a customer's packet to himself back through the tunnel (RFC 5969 §8).
Frame returned(const ParsedPacket& packet, Bytes frame) {
  Frame back(frame.begin(), frame.begin() + packet.frame_length);
  swap_addresses(back, packet);
  back[packet.v6.offset + 7U] = static_cast<uint8_t>(packet.v6.hop_limit - 1U);
  return back;
}

Frame answer_in_tunnel(const Neighbourhood& side, const ParsedPacket& packet, Bytes frame) {
  if (!packet.has_v6 || packet.inner_error != ParseError::none || !is_ours(side, packet.v4.destination))
    return {};
  if (packet.v6.source == packet.v6.destination)
    return packet.v6.hop_limit > 1 ? returned(packet, frame) : Frame{};
  const bool asks = packet.l4.present && packet.l4.protocol == ip_proto::kIcmpv6 &&
                    packet.l4.icmp_type == icmpv6_type::kEchoRequest;
  return asks ? echo_reply(packet, frame) : Frame{};
}

}  // namespace

Frame answer(const Neighbourhood& side, const ParsedPacket& packet, Bytes frame) {
  if (!packet.ok()) return {};
  if (!side.tunnel) return packet.layer3 == Layer3::ipv6 ? answer_solicitation(side, frame) : Frame{};
  if (packet.layer3 == Layer3::arp) return answer_arp(side, read_arp(packet, frame));
  return packet.layer3 == Layer3::ipv4 ? answer_in_tunnel(side, packet, frame) : Frame{};
}

Frame question(const Neighbourhood& side) {
  if (side.tunnel) {
    ArpPacket request = arp_packet(kRequest);
    request.sender_mac = side.own_mac;
    request.sender_ip = side.own_v4;
    request.target_ip = side.device_v4;
    return arp_frame(kBroadcastMac, request);
  }
  const Ipv6Address group = solicited_node(side.device_v6);
  ndwire::Message request(icmpv6_type::kNeighbourSolicitation);
  request.u32(0).address(side.device_v6).lladdr(ndwire::option_type::kSourceLladdr, mac_of(side.own_v6));
  return request.frame({mac_of(side.own_v6), multicast_mac(group), side.own_v6, group});
}

std::optional<MacAddress> device_mac(const Neighbourhood& side, const ParsedPacket& packet, Bytes frame) {
  if (!packet.ok()) return {};
  if (side.tunnel) {
    if (packet.layer3 != Layer3::arp) return {};
    const ArpPacket arp = read_arp(packet, frame);
    const bool told = arp.operation == Be16(kReply) && arp.sender_ip == side.device_v4;
    return told ? std::optional(arp.sender_mac) : std::nullopt;
  }
  const auto message = ndwire::read_nd(frame);
  if (!message || message->type != icmpv6_type::kNeighbourAdvertisement) return {};
  Reader fields = message->fields();
  fields.skip(4);
  if (fields.read<Ipv6Address>() != side.device_v6) return {};
  return ndwire::find_lladdr(message->options, ndwire::option_type::kTargetLladdr);
}

}  // namespace gate41::generator
