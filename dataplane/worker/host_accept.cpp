#include "dataplane/worker/host_accept.hpp"

#include "dataplane/net/headers.hpp"

namespace gate41 {
namespace {

constexpr uint16_t kBgpPort = 179;
constexpr uint16_t kBfdPort = 3784;
constexpr uint8_t kFromTheLink = 255;  // it has crossed no router (RFC 5082)

uint8_t hops_left(const ParsedPacket& packet) noexcept {
  return packet.layer3 == Layer3::ipv4 ? packet.v4.ttl : packet.v6.hop_limit;
}

}  // namespace

bool HostAccept::lets_in(const ParsedPacket& packet) const noexcept {
  const Layer4Fields& l4 = packet.l4;
  if (!l4.present) return false;
  if (l4.protocol == ip_proto::kTcp) return bgp && l4.destination_port == kBgpPort;
  return bfd && l4.protocol == ip_proto::kUdp && l4.destination_port == kBfdPort &&
         hops_left(packet) == kFromTheLink;
}

}  // namespace gate41
