#include "perf/generator/frames.hpp"

#include <array>
#include <gtest/gtest.h>

#include "dataplane/net/checksum.hpp"
#include "dataplane/net/parse.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::generator {
namespace {

using testing::ip4;
using testing::ip6;
using testing::PacketBuilder;
using Frame = std::vector<uint8_t>;

const Flow kFlow{ip6("2002:b00:2:1::10"), ip6("2600:42::80"), 2000, 80, ip4("192.88.99.1")};
const Link kLan{false, {}, testing::mac("02:00:00:00:00:aa"), {}};
const Link kWan{true, testing::mac("02:00:00:00:00:01"), testing::mac("02:00:00:00:00:bb"), ip4("11.0.0.2")};
const Stamp kStamp{7, Side::lan, 41, 0x1122334455667788};

Frame made(const Link& link, Side from, uint16_t size = kSmallestFrame, const Stamp& stamp = kStamp) {
  std::array<uint8_t, 2048> room{};
  const std::size_t length = FrameMaker(link, from).make(room, kFlow, stamp, size);
  return {room.begin(), room.begin() + static_cast<std::ptrdiff_t>(length)};
}

// By the builder's own arithmetic.
Frame built(PacketBuilder builder, const Stamp& stamp, std::size_t payload) {
  Frame bytes(payload);
  const WireStamp wire = to_wire(stamp);
  std::memcpy(bytes.data(), &wire, sizeof wire);
  return builder.payload(bytes).build();
}

TEST(FrameMaker, writes_bare_ipv6_from_the_hosts_own_mac) {
  const PacketBuilder builder =
      PacketBuilder().ethernet(kLan.device, mac_of(kFlow.lan)).ipv6(kFlow.lan, kFlow.wan).udp(2000, 80);
  EXPECT_EQ(made(kLan, Side::lan), built(builder, kStamp, 18));
}

TEST(FrameMaker, writes_protocol_41_from_the_peer_to_the_device) {
  const PacketBuilder builder = PacketBuilder()
                                    .ethernet(kWan.device, kWan.own)
                                    .ipv4(kFlow.peer, kWan.device_v4)
                                    .id(0)
                                    .ipv6(kFlow.wan, kFlow.lan)
                                    .udp(80, 2000);
  EXPECT_EQ(made(kWan, Side::wan), built(builder, kStamp, 18));
}

TEST(FrameMaker, makes_frames_of_the_size_asked_for_with_their_check_sequence) {
  EXPECT_EQ(made(kLan, Side::lan, 512).size(), 512U - 4);
  EXPECT_EQ(made(kWan, Side::wan, 1280).size(), 1280U - 4 + 20);
}

TEST(FrameMaker, gives_every_outer_packet_another_id) {
  FrameMaker maker(kWan, Side::wan);
  std::array<uint8_t, 2048> one{};
  std::array<uint8_t, 2048> two{};
  maker.make(one, kFlow, kStamp, 84);
  const std::size_t length = maker.make(two, kFlow, kStamp, 84);
  EXPECT_NE(parse_frame(Bytes(one).first(length)).v4.id, parse_frame(Bytes(two).first(length)).v4.id);
}

TEST(StampOf, finds_what_was_written) {
  const Frame frame = made(kWan, Side::wan, 128, {7, Side::wan, 41, 0x1122334455667788});
  const auto stamp = stamp_of(true, parse_frame(frame), frame);
  ASSERT_TRUE(stamp);
  EXPECT_EQ(stamp->run, 7);
  EXPECT_EQ(stamp->origin, Side::wan);
  EXPECT_EQ(stamp->sequence, 41U);
  EXPECT_EQ(stamp->cycles, 0x1122334455667788U);
}

TEST(StampOf, finds_none_where_the_packet_should_be_in_a_tunnel_and_is_not) {
  const Frame frame = made(kLan, Side::lan);
  EXPECT_FALSE(stamp_of(true, parse_frame(frame), frame));
}

TEST(StampOf, finds_none_in_what_others_send) {
  const Frame frame =
      PacketBuilder().ethernet().ipv6(kFlow.lan, kFlow.wan).udp(2000, 80).payload(std::size_t{18}).build();
  EXPECT_FALSE(stamp_of(false, parse_frame(frame), frame));
}

TEST(StampOf, finds_none_in_a_payload_that_is_too_short) {
  const Frame frame = PacketBuilder()
                          .ethernet()
                          .ipv6(kFlow.lan, kFlow.wan)
                          .udp(2000, 80)
                          .payload(Frame{0x67, 0x34, 1, 0, 0, 0})
                          .build();
  EXPECT_FALSE(stamp_of(false, parse_frame(frame), frame));
}

// What the device makes of a frame from the LAN.
Frame encapsulated(Ipv4Address to, uint16_t lan_port = 2000) {
  const PacketBuilder builder = PacketBuilder()
                                    .ethernet(kWan.own, kWan.device)
                                    .ipv4(kWan.device_v4, to)
                                    .ipv6(kFlow.lan, kFlow.wan)
                                    .udp(lan_port, 80);
  return built(builder, kStamp, 18);
}

TEST(Matches, what_came_as_the_flow_says) {
  EXPECT_TRUE(matches(kWan, parse_frame(encapsulated(kFlow.peer)), kFlow, Side::lan));
}

TEST(Matches, not_what_went_to_another_peer) {
  EXPECT_FALSE(matches(kWan, parse_frame(encapsulated(ip4("12.0.0.1"))), kFlow, Side::lan));
}

TEST(Matches, not_what_has_another_port) {
  EXPECT_FALSE(matches(kWan, parse_frame(encapsulated(kFlow.peer, 2001)), kFlow, Side::lan));
}

TEST(Matches, not_what_comes_from_the_other_end) {
  EXPECT_FALSE(matches(kWan, parse_frame(encapsulated(kFlow.peer)), kFlow, Side::wan));
}

TEST(TurnAround, gives_what_came_through_the_tunnel_back_to_the_device) {
  Frame frame = encapsulated(kFlow.peer);
  turn_around(frame, parse_frame(frame));
  const PacketBuilder builder = PacketBuilder()
                                    .ethernet(kWan.device, kWan.own)
                                    .ipv4(kFlow.peer, kWan.device_v4)
                                    .ipv6(kFlow.wan, kFlow.lan)
                                    .udp(80, 2000);
  EXPECT_EQ(frame, built(builder, kStamp, 18));
}

TEST(TurnAround, gives_it_a_new_hop_limit) {
  const PacketBuilder builder =
      PacketBuilder().ethernet().ipv6(kFlow.wan, kFlow.lan).hop_limit(3).udp(80, 2000);
  Frame frame = built(builder, kStamp, 18);
  turn_around(frame, parse_frame(frame));
  EXPECT_EQ(parse_frame(frame).v6.hop_limit, 64);
}

}  // namespace
}  // namespace gate41::generator
