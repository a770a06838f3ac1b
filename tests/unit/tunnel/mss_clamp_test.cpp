// TCP's MSS option, in place: the bytes of a packet that was built with the lower value.
#include "dataplane/tunnel/mss_clamp.hpp"

#include <gtest/gtest.h>

#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

using Options = std::vector<uint8_t>;

PacketBuilder::Bytes syn(const Options& options) {
  TcpFields fields;
  fields.options = options;
  return PacketBuilder().ipv6(ip6("2002:b00:2:1::10"), ip6("2600:41::80")).tcp(40000, 443, fields).build();
}
PacketBuilder::Bytes clamped(const Options& options, uint16_t mss) {
  auto packet = syn(options);
  clamp_mss(std::span(packet).subspan(40), mss);
  return packet;
}

// proves: Q15
TEST(MssClamp, LowersAndTheChecksumFollows) {
  EXPECT_EQ(clamped({2, 4, 0x05, 0xa0}, 1220), syn({2, 4, 0x04, 0xc4}));
}

// proves: Q15
TEST(MssClamp, ChecksumsAreRightForEveryValue) {
  for (unsigned mss = 1221; mss < 65536; mss += 37)
    EXPECT_EQ(clamped({2, 4, static_cast<uint8_t>(mss >> 8U), static_cast<uint8_t>(mss)}, 1220),
              syn({2, 4, 0x04, 0xc4}));
}

// proves: Q15
TEST(MssClamp, NeverRaises) {
  EXPECT_EQ(clamped({2, 4, 0x04, 0xc3}, 1220), syn({2, 4, 0x04, 0xc3}));
  EXPECT_EQ(clamped({2, 4, 0, 0}, 1220), syn({2, 4, 0, 0}));
}

// proves: Q15
TEST(MssClamp, FindsItBehindOtherOptions) {
  EXPECT_EQ(clamped({4, 2, 1, 1, 2, 4, 0x05, 0xa0}, 1220), syn({4, 2, 1, 1, 2, 4, 0x04, 0xc4}));
}

// Its two bytes then stand in two words of the checksum.
// proves: Q15
TEST(MssClamp, FindsItAtAnOddPlace) {
  EXPECT_EQ(clamped({1, 2, 4, 0x05, 0xa0, 1, 1, 0}, 1220), syn({1, 2, 4, 0x04, 0xc4, 1, 1, 0}));
}

class LeftAlone : public ::testing::TestWithParam<Options> {};
// proves: Q15
TEST_P(LeftAlone, MalformedOptionsAreNotTouched) { EXPECT_EQ(clamped(GetParam(), 1220), syn(GetParam())); }
INSTANTIATE_TEST_SUITE_P(Options, LeftAlone,
                         ::testing::Values(Options{}, Options{2, 3, 0x05, 0xa0}, Options{2, 5, 0x05, 0xa0},
                                           Options{3, 0, 2, 4, 0x05, 0xa0, 1, 1}, Options{8, 1, 2, 4},
                                           Options{0, 0, 2, 4, 0x05, 0xa0, 0, 0}, Options{1, 1, 1, 2},
                                           Options{1, 1, 2, 4}, Options{1, 2, 4, 0x05}));

TEST(MssClamp, AHeaderThatIsCutOffIsLeftAlone) {
  const auto whole = syn({2, 4, 0x05, 0xa0});
  for (std::size_t length = 0; length < 24; ++length) {
    std::vector<uint8_t> cut(whole.begin() + 40, whole.begin() + 40 + static_cast<std::ptrdiff_t>(length));
    const auto before = cut;
    clamp_mss(cut, 1220);
    EXPECT_EQ(cut, before) << length;
  }
}

}  // namespace
}  // namespace gate41::testing
