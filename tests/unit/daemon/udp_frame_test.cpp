// Frames against the packet builder's own arithmetic.
#include "control/daemon/udp_frame.hpp"

#include <gtest/gtest.h>

#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

using Octets = std::vector<uint8_t>;

const MacAddress kOwn = mac("02:00:00:00:01:00");
const Octets kMessage{1, 2, 3, 4, 5, 6, 7};

Octets expected_broadcast(std::string_view source, const Octets& payload) {
  return PacketBuilder()
      .ethernet(kBroadcastMac, kOwn)
      .ipv4(ip4(source), ip4("255.255.255.255"))
      .set_u16(4, 0)  // no identification: it is never fragmented
      .udp(68, 67)
      .payload(payload)
      .build();
}

TEST(BroadcastUdpFrame, IsFromPort68To67OfEverybody) {
  EXPECT_EQ(broadcast_udp_frame(kMessage, ip4("0.0.0.0"), kOwn), expected_broadcast("0.0.0.0", kMessage));
}

TEST(BroadcastUdpFrame, CarriesTheSource) {
  const Octets even{9, 8, 7, 6};
  EXPECT_EQ(broadcast_udp_frame(even, ip4("11.0.0.42"), kOwn), expected_broadcast("11.0.0.42", even));
}

// RFC 768: a checksum of zero means none, so a sum of zero goes as all ones. The message makes up what is
// missing.
TEST(BroadcastUdpFrame, NeverSendsTheChecksumThatMeansNone) {
  Octets message(2);
  const Octets probe = broadcast_udp_frame(message, ip4("0.0.0.0"), kOwn);
  message = {probe[40], probe[41]};
  const Octets frame = broadcast_udp_frame(message, ip4("0.0.0.0"), kOwn);
  EXPECT_EQ(frame[40], 0xff);
  EXPECT_EQ(frame[41], 0xff);
}

// RFC 826 fields; 42 bytes, filled up to the shortest Ethernet frame.
TEST(ArpFrame, GoesToEverybodyAtTheShortestLength) {
  const ArpPacket packet{Be16(1), Be16(0x0800), 6, 4, Be16(1), kOwn, ip4("0.0.0.0"), {}, ip4("11.0.0.42")};
  Octets expected = PacketBuilder()
                        .ethernet(kBroadcastMac, kOwn)
                        .arp(1, kOwn, ip4("0.0.0.0"), {}, ip4("11.0.0.42"))
                        .build();
  expected.resize(60);
  EXPECT_EQ(arp_frame(packet, kOwn), expected);
}

PacketBuilder answer(uint16_t source_port = 67, uint16_t destination_port = 68) {
  return PacketBuilder()
      .ethernet(kOwn, mac("02:00:00:00:09:09"))
      .ipv4(ip4("11.0.0.1"), ip4("11.0.0.42"))
      .udp(source_port, destination_port);
}

std::optional<Octets> payload_of(const Octets& frame) {
  const auto payload = udp_payload(frame);
  return payload ? std::optional(Octets(payload->begin(), payload->end())) : std::nullopt;
}

TEST(UdpPayload, IsWhatTheServerSent) { EXPECT_EQ(payload_of(answer().payload(kMessage).build()), kMessage); }

TEST(UdpPayload, LeavesTheEthernetPaddingOut) {
  EXPECT_EQ(payload_of(answer().payload(kMessage).ethernet_padding(11).build()), kMessage);
}

// RFC 768: zero means that the sender made none.
// proves: M20
TEST(UdpPayload, IsTakenWithoutAChecksum) {
  EXPECT_EQ(payload_of(answer().spoil_u16(6, 0).payload(kMessage).build()), kMessage);
}

// proves: M20
TEST(UdpPayload, IsRefusedWithAWrongChecksum) {
  EXPECT_EQ(payload_of(answer().spoil_u16(6, 0x1234).payload(kMessage).build()), std::nullopt);
}

// proves: M20
TEST(UdpPayload, IsRefusedFromOrToOtherPorts) {
  EXPECT_EQ(payload_of(answer(68, 68).payload(kMessage).build()), std::nullopt);
  EXPECT_EQ(payload_of(answer(67, 67).payload(kMessage).build()), std::nullopt);
}

TEST(UdpPayload, IsRefusedWithALengthThatIsNone) {
  EXPECT_EQ(payload_of(answer().udp_length(7).payload(kMessage).build()), std::nullopt);
  EXPECT_EQ(payload_of(answer().udp_length(16).payload(kMessage).build()), std::nullopt);  // 15 are there
}

TEST(UdpPayload, IsRefusedOfAnyFrameCutShort) {
  const Octets whole = answer().payload(kMessage).build();
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(payload_of(Octets(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))),
              std::nullopt)
        << size;
}

TEST(UdpPayload, IsRefusedOfOtherProtocols) {
  EXPECT_EQ(payload_of(PacketBuilder().ethernet().ipv6(ip6("fe80::1"), ip6("fe80::2")).udp(67, 68).build()),
            std::nullopt);
  EXPECT_EQ(payload_of(PacketBuilder().ethernet().ipv4(ip4("11.0.0.1"), ip4("11.0.0.2")).tcp(67, 68).build()),
            std::nullopt);
}

}  // namespace
}  // namespace gate41::testing
