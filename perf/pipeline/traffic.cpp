#include "perf/pipeline/traffic.hpp"

#include "dataplane/net/headers.hpp"
#include "dataplane/tunnel/outer_header.hpp"
#include "perf/mixed.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::perf {
namespace {

constexpr std::size_t kOutside = sizeof(EthernetHeader) + 4;  // what is not IPv6: Ethernet and its FCS
constexpr uint64_t kServers = 0x2600004200000000ULL;          // the native Internet: one /64
constexpr uint32_t kFirstSite = 0x0c000100;                   // 12.0.1.0
constexpr uint64_t kFirstHost = 0x1000;                       // interface identifier
constexpr uint16_t kFirstPort = 1024;
constexpr std::array<FrameSize, 12> kMix = {84, 570, 84, 84, 570, 84, 1280, 84, 570, 84, 84, 570};

uint16_t port_of(uint64_t random) {
  return static_cast<uint16_t>(kFirstPort + random % (65536 - kFirstPort));
}

template <typename T>
void put(uint8_t* at, const T& value) {
  std::memcpy(at, &value, sizeof value);
}

}  // namespace

MacAddress host_mac(std::size_t host) {
  return {{0x02, 0, 0, 1, static_cast<uint8_t>(host >> 8U), static_cast<uint8_t>(host)}};
}
MacAddress router_mac() { return {{0x02, 0, 0, 0, 1, 1}}; }

Traffic::Traffic(const Snapshot& snapshot, uint32_t sites)
    : role_(snapshot.role), domain_(main_tunnel(snapshot).domain), sites_(sites) {
  const Tunnel& tunnel = main_tunnel(snapshot);
  const bool relay = role_ == TunnelRole::relay;
  near_ = relay && !tunnel.anycast.is_unspecified() ? tunnel.anycast : tunnel.local;
  if (!relay) far_ = tunnel.relays.front();
  for (const Ipv6Prefix& prefix : snapshot.lans.front().prefixes)
    if (relay || tunnel.prefix.contains(prefix.address)) lan_ = prefix;
  lan_mac_ = snapshot.links[snapshot.lans.front().link].mac;
  wan_mac_ = snapshot.links[snapshot.wan_link].mac;
}

Ipv6Address Traffic::host(std::size_t number) const {
  return Ipv6Address::from_halves(lan_.address.high(), kFirstHost + number);
}

Ipv4Address Traffic::site_of(uint64_t flow) const {
  return Ipv4Address(Be32(kFirstSite + static_cast<uint32_t>(mixed(4 * flow) % sites_)));
}

FlowKey Traffic::key_of(uint64_t flow) const {
  FlowKey key;
  key.interior =
      role_ == TunnelRole::gateway
          ? host(mixed(4 * flow) % kHosts)
          : Ipv6Address::from_halves(domain_.prefix_of(site_of(flow)).address.high(), mixed(4 * flow + 3));
  key.exterior = Ipv6Address::from_halves(kServers, mixed(4 * flow + 1));
  const uint64_t ports = mixed(4 * flow + 2);
  key.interior_port = port_of(ports >> 32U);
  key.exterior_port = port_of(ports & 0xffffffffU);
  key.protocol = ip_proto::kUdp;
  return key;
}

// To a gateway from the LAN, to a relay from a site: outbound. A relay has its LAN on the other side.
Traffic::Bytes Traffic::frame_of(Direction direction, FrameSize size) const {
  const bool relay = role_ == TunnelRole::relay;
  const bool from_tunnel = relay == (direction == Direction::outbound);
  testing::PacketBuilder builder;
  if (from_tunnel)
    builder.ethernet(wan_mac_, router_mac()).ipv4(far_, near_);
  else
    builder.ethernet(lan_mac_, relay ? router_mac() : host_mac(0));
  const std::size_t headers = kOutside + sizeof(Ipv6Header) + sizeof(UdpHeader);
  return builder.ipv6(host(0), Ipv6Address::from_halves(kServers, 1))
      .udp(kFirstPort, kFirstPort)
      .payload(size - headers)
      .build();
}

const Traffic::Bytes& Traffic::pattern(Direction direction, FrameSize size) {
  auto& known = patterns_[index_of(direction)];
  for (const auto& [length, bytes] : known)
    if (length == size) return bytes;
  return known.emplace_back(size, frame_of(direction, size)).second;
}

void Traffic::write(rte_mbuf* frame, uint64_t flow, Direction direction, FrameSize size) {
  const Bytes& bytes = pattern(direction, size == kImix ? kMix[flow % kMix.size()] : size);
  auto* start = reinterpret_cast<uint8_t*>(rte_pktmbuf_append(frame, static_cast<uint16_t>(bytes.size())));
  std::memcpy(start, bytes.data(), bytes.size());
  const FlowKey key = key_of(flow);
  const bool outbound = direction == Direction::outbound;
  const bool relay = role_ == TunnelRole::relay;
  uint8_t* v6 = start + sizeof(EthernetHeader);
  if (relay == outbound) {
    const std::span<uint8_t, sizeof(Ipv4Header)> outer(v6, sizeof(Ipv4Header));
    if (relay) {
      put(v6 + offsetof(Ipv4Header, source), site_of(flow));
      Ipv4Header header;
      std::memcpy(&header, v6, sizeof header);
      write_with_checksum(outer, header);
    }
    v6 += sizeof(Ipv4Header);
  }
  put(v6 + offsetof(Ipv6Header, source), outbound ? key.interior : key.exterior);
  put(v6 + offsetof(Ipv6Header, destination), outbound ? key.exterior : key.interior);
  const Be16 ports[2] = {Be16(outbound ? key.interior_port : key.exterior_port),
                         Be16(outbound ? key.exterior_port : key.interior_port)};
  put(v6 + sizeof(Ipv6Header), ports);
}

}  // namespace gate41::perf
