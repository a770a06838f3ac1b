#include "control/daemon/udp_frame.hpp"

#include "dataplane/net/checksum.hpp"
#include "dataplane/net/parse.hpp"

namespace gate41 {
namespace {

constexpr uint16_t kServerPort = 67;
constexpr uint16_t kClientPort = 68;
constexpr std::size_t kShortestFrame = 60;
const Ipv4Address kBroadcast = Ipv4Address::of(255, 255, 255, 255);

void write_ethernet(Writer& writer, const MacAddress& source, uint16_t type) {
  writer.write(EthernetHeader{kBroadcastMac, source, Be16(type)});
}

Ipv4Header ipv4_header(std::size_t udp_length, Ipv4Address source) {
  Ipv4Header ip{};
  ip.version_ihl = 0x45;
  ip.total_length = Be16(static_cast<uint16_t>(sizeof(Ipv4Header) + udp_length));
  ip.ttl = 64;
  ip.protocol = ip_proto::kUdp;
  ip.source = source;
  ip.destination = kBroadcast;
  ip.checksum = Be16(checksum({reinterpret_cast<const uint8_t*>(&ip), sizeof ip}));
  return ip;
}

}  // namespace

std::vector<uint8_t> broadcast_udp_frame(Bytes payload, Ipv4Address source, const MacAddress& mac) {
  const std::size_t udp_length = sizeof(UdpHeader) + payload.size();
  std::vector<uint8_t> frame(sizeof(EthernetHeader) + sizeof(Ipv4Header) + udp_length);
  Writer writer(frame);
  write_ethernet(writer, mac, ether_type::kIpv4);
  writer.write(ipv4_header(udp_length, source));
  const std::size_t udp_at = writer.size();
  writer.write(
      UdpHeader{Be16(kClientPort), Be16(kServerPort), Be16(static_cast<uint16_t>(udp_length)), Be16(0)});
  writer.bytes(payload);
  const uint16_t sum = checksum_ipv4_pseudo(source, kBroadcast, ip_proto::kUdp, Bytes(frame).subspan(udp_at));
  writer.patch_u16(udp_at + 6, sum == 0 ? 0xffff : sum);
  return frame;
}

std::vector<uint8_t> arp_frame(const ArpPacket& packet, const MacAddress& mac) {
  std::vector<uint8_t> frame(kShortestFrame);
  Writer writer(frame);
  write_ethernet(writer, mac, ether_type::kArp);
  writer.write(packet);
  return frame;
}

std::optional<Bytes> udp_payload(Bytes frame) {
  const ParsedPacket parsed = parse_frame(frame);
  const Layer4Fields& l4 = parsed.l4;
  if (!parsed.ok() || parsed.layer3 != Layer3::ipv4 || !l4.present || l4.protocol != ip_proto::kUdp)
    return {};
  if (l4.source_port != kServerPort || l4.destination_port != kClientPort) return {};
  Reader reader(frame);
  reader.skip(l4.offset);
  const Bytes udp = reader.bytes(l4.length);
  Reader header(udp);
  const auto fields = header.read<UdpHeader>();
  if (header.failed() || fields.length.host() < sizeof(UdpHeader) || fields.length.host() > udp.size())
    return {};
  const Bytes whole = udp.first(fields.length.host());
  const bool checked = fields.checksum.raw() != 0;
  if (checked && checksum_ipv4_pseudo(parsed.v4.source, parsed.v4.destination, ip_proto::kUdp, whole) != 0)
    return {};
  return whole.subspan(sizeof(UdpHeader));
}

}  // namespace gate41
