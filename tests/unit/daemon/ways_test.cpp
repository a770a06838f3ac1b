// Adjacencies byte for byte.
#include "control/daemon/ways.hpp"

#include <algorithm>

#include "tests/unit/daemon/site.hpp"

namespace gate41::testing {
namespace {

using Octets = std::vector<uint8_t>;

Octets header_of(const Adjacency& way) {
  return {way.header.begin(), way.header.begin() + way.header_length};
}

Link link(const MacAddress& address, uint16_t vlan, uint16_t mtu) {
  Link result;
  result.mac = address;
  result.vlan = vlan;
  result.mtu = mtu;
  return result;
}

const MacAddress kNeighbour = mac("02:aa:bb:cc:dd:ee");

TEST(LanWay, IsAnEthernetHeader) {
  const Adjacency way = lan_way(link(kLanMac, 0, 1500), 3, kNeighbour);
  EXPECT_EQ(way.kind, AdjacencyKind::ethernet);
  EXPECT_EQ(way.link, 3);
  EXPECT_EQ(way.mtu, 1500);
  EXPECT_EQ(way.ethernet_length, 14);
  EXPECT_EQ(header_of(way), (Octets{0x02, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0x02, 0, 0, 0, 0x02, 0, 0x86, 0xdd}));
}

TEST(LanWay, CarriesTheVlansTag) {
  const Adjacency way = lan_way(link(kLanMac, 10, 1500), 3, kNeighbour);
  EXPECT_EQ(way.ethernet_length, 18);
  EXPECT_EQ(header_of(way), (Octets{0x02, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0x02, 0, 0, 0, 0x02, 0, 0x81, 0x00, 0,
                                    10, 0x86, 0xdd}));
}

Tunnel tunnel(uint16_t mtu) {
  Tunnel result;
  result.local = ip4("11.0.0.42");
  result.mtu = mtu;
  return result;
}

// RFC 4213 §3.5: version 4, five words, protocol 41, no DF; length, id and checksum are the packet path's.
TEST(TunnelWay, IsAnOuterHeaderToTheRelay) {
  const Adjacency way =
      tunnel_way(tunnel(1280), 0, link(kWanMac, 0, 1500), 2, kNeighbour, ip4("192.88.99.1"));
  EXPECT_EQ(way.kind, AdjacencyKind::tunnel);
  EXPECT_EQ(way.link, 2);
  EXPECT_EQ(way.ethernet_length, 14);
  EXPECT_EQ(header_of(way),
            (Octets{0x02, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0x02, 0, 0,  0,  0x01, 0, 0x08, 0x00,  //
                    0x45, 0,    0,    0,    0,    0,    0,    0, 64, 41, 0,    0, 11,   0,
                    0,    42,   192,  88,   99,   1}));
}

TEST(TunnelWay, ToAnySiteLeavesTheDestinationOpen) {
  const Adjacency way = tunnel_way(tunnel(1280), 0, link(kWanMac, 0, 1500), 2, kNeighbour, std::nullopt);
  EXPECT_EQ(way.kind, AdjacencyKind::tunnel_direct);
  EXPECT_EQ(Octets(way.header.begin() + 30, way.header.begin() + 34), (Octets{0, 0, 0, 0}));
}

TEST(TunnelWay, OnAVlanIsFourBytesLonger) {
  const Adjacency way = tunnel_way(tunnel(1280), 0, link(kWanMac, 7, 1500), 2, kNeighbour, std::nullopt);
  EXPECT_EQ(way.header_length, 38);
  EXPECT_EQ(way.ethernet_length, 18);
  EXPECT_EQ(Octets(way.header.begin() + 12, way.header.begin() + 18), (Octets{0x81, 0x00, 0, 7, 0x08, 0x00}));
}

// X27, E12
TEST(TunnelWay, OfAnAnycastRelayComesFromTheAnycastAddressWithDf) {
  Tunnel relay = tunnel(1280);
  relay.anycast = ip4("192.88.99.1");
  const Adjacency way = tunnel_way(relay, 0, link(kWanMac, 0, 1500), 2, kNeighbour, std::nullopt);
  EXPECT_EQ(Octets(way.header.begin() + 26, way.header.begin() + 30), (Octets{192, 88, 99, 1}));
  EXPECT_EQ(way.header[20], 0x40);
}

TEST(TunnelWay, HasTheTunnelsMtu) {
  EXPECT_EQ(tunnel_way(tunnel(1400), 0, link(kWanMac, 0, 1500), 0, kNeighbour, std::nullopt).mtu, 1400);
}

}  // namespace
}  // namespace gate41::testing
