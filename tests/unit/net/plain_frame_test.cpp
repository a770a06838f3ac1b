// What is read of a plain frame is what the parser says of it, or nothing.
#include "dataplane/net/plain_frame.hpp"

#include <gtest/gtest.h>
#include <random>

#include "dataplane/net/parse.hpp"
#include "tests/support/packet_builder.hpp"
#include "tests/support/plain_reading.hpp"

namespace gate41::testing {
namespace {

const Ipv6Address kInside = ip6("2002:b00:2:1::10");
const Ipv6Address kOutside = ip6("2600:41::80");
constexpr uint8_t kSyn = tcp_flag::kSyn, kAck = tcp_flag::kAck;

PacketBuilder bare() { return PacketBuilder().ethernet().ipv6(kInside, kOutside); }
PacketBuilder tunnelled() {
  return PacketBuilder().ethernet().ipv4(ip4("192.88.99.1"), ip4("11.0.0.2")).ipv6(kOutside, kInside);
}

std::vector<std::vector<uint8_t>> plain_frames() {
  return {bare().udp(1, 2).payload(8).build(),
          bare().udp(1, 2).build(),
          bare().udp(1, 2).payload(8).ethernet_padding(5).build(),
          bare().tcp(1, 2, {kAck, 10, 20}).payload(8).build(),
          tunnelled().udp(1, 2).payload(8).build(),
          tunnelled().tcp(1, 2, {kAck, 10, 20}).build(),
          tunnelled().udp(1, 2).payload(3).ethernet_padding(7).build()};
}
std::vector<std::vector<uint8_t>> other_frames() {
  return {bare().tcp(1, 2, {kSyn, 10}).build(), bare().echo_request(7, 1).payload(8).build(),
          bare().fragment(0, true, 7).udp(1, 2).payload(16).build(),
          PacketBuilder().ethernet().vlan(7, 0).ipv6(kInside, kOutside).udp(1, 2).payload(8).build(),
          PacketBuilder().ethernet().ipv4(ip4("11.0.0.1"), ip4("11.0.0.2")).udp(68, 67).payload(40).build()};
}

}  // namespace

TEST(PlainFrame, IsEveryPlainFrame) {
  for (const auto& frame : plain_frames()) {
    const std::optional<PlainReading> reading = read_plain(frame);
    ASSERT_TRUE(reading);
    EXPECT_EQ(*reading, plain_reading_of(parse_frame(frame)));
  }
}

TEST(PlainFrame, LeavesTheOthersToTheParser) {
  for (const auto& frame : other_frames()) EXPECT_FALSE(read_plain(frame));
}

TEST(PlainFrame, IsNoFrameThatIsCutOff) {
  for (const auto& frame : plain_frames()) {
    const std::size_t padding =
        frame.size() - parse_frame(frame).v6.offset - parse_frame(frame).v6.total_length();
    for (std::size_t size = 0; size + padding < frame.size(); ++size)
      EXPECT_FALSE(read_plain(std::vector<uint8_t>(frame.begin(), frame.begin() + static_cast<int>(size))))
          << size;
  }
}

TEST(PlainFrame, SaysOfAnyFrameWhatTheParserSaysOrNothing) {
  std::mt19937 random(41);
  std::vector<std::vector<uint8_t>> frames = plain_frames();
  const auto others = other_frames();
  frames.insert(frames.end(), others.begin(), others.end());
  unsigned taken = 0;
  for (unsigned i = 0; i < 200000; ++i) {
    std::vector<uint8_t> frame = frames[random() % frames.size()];
    for (auto changes = random() % 3; changes > 0; --changes)
      frame[12 + random() % (frame.size() - 12)] =
          static_cast<uint8_t>(random() % 4 == 0 ? random() : random() % 64);
    if (random() % 8 == 0) frame.resize(random() % frame.size());
    const std::optional<PlainReading> reading = read_plain(frame);
    if (!reading) continue;
    ++taken;
    ASSERT_EQ(*reading, plain_reading_of(parse_frame(frame))) << i;
  }
  EXPECT_GT(taken, 20000U);
}

}  // namespace gate41::testing
