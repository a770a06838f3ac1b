// Where the cuts are, and what stands in a fragment's header.
#include "dataplane/tunnel/fragment.hpp"

#include <gtest/gtest.h>
#include <tuple>

#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

using Header = std::array<uint8_t, 20>;

PacketBuilder whole() {
  return PacketBuilder().ipv4(ip4("11.0.0.2"), ip4("192.88.99.1")).next_header(41).id(4711).tos(0xb8);
}
Header header_of(const PacketBuilder& packet) {
  Header header{};
  const auto bytes = packet.build();
  std::copy_n(bytes.begin(), header.size(), header.begin());
  return header;
}

class Payload : public ::testing::TestWithParam<std::tuple<uint16_t, uint16_t>> {};
// proves: D19
TEST_P(Payload, OfAFragmentIsTheMostUnitsOfEightThatFit) {
  const auto [mtu, bytes] = GetParam();
  EXPECT_EQ(fragment_payload(mtu), bytes);
}
INSTANTIATE_TEST_SUITE_P(Mtus, Payload,
                         ::testing::Values(std::tuple{1500, 1480}, std::tuple{1299, 1272},
                                           std::tuple{1300, 1280}, std::tuple{576, 552}, std::tuple{68, 48},
                                           std::tuple{75, 48}, std::tuple{76, 56}));

// A link below RFC 791's least does not exist; the arithmetic holds all the same.
// proves: D19
TEST(Fragments, OfAnMtuBelow68AreThoseOf68) {
  EXPECT_EQ(fragment_payload(0), 48);
  EXPECT_FALSE(must_be_fragmented(68, 0));
}

// proves: D19
TEST(Fragments, AreMadeOfWhatIsLongerThanTheLinksMtu) {
  EXPECT_FALSE(must_be_fragmented(1300, 1300));
  EXPECT_TRUE(must_be_fragmented(1301, 1300));
}

// proves: D19
TEST(Fragments, AreAsManyAsThePayloadTakes) {
  EXPECT_EQ(fragments_needed(1280, 1299), 2U);
  EXPECT_EQ(fragments_needed(1280, 576), 3U);
  EXPECT_EQ(fragments_needed(1104, 576), 2U);
  EXPECT_EQ(fragments_needed(1105, 576), 3U);
  EXPECT_EQ(fragments_needed(1480, 68), 31U);
}

// proves: D19
TEST(FragmentHeader, KeepsAllButLengthOffsetAndChecksum) {
  Header header = header_of(whole().payload(1280));
  make_fragment_header(header, {.offset = 552, .length = 552, .more = true});
  EXPECT_EQ(header, header_of(whole().ipv4_fragment(552, true).payload(552)));
}

// proves: D19
TEST(FragmentHeader, OfTheLastOneSaysThatNoneFollows) {
  Header header = header_of(whole().payload(1280));
  make_fragment_header(header, {.offset = 1104, .length = 176, .more = false});
  EXPECT_EQ(header, header_of(whole().ipv4_fragment(1104, false).payload(176)));
}

TEST(FragmentHeader, IsForbiddenByDontFragment) {
  EXPECT_TRUE(has_dont_fragment(header_of(whole().dont_fragment().payload(1280))));
  EXPECT_FALSE(has_dont_fragment(header_of(whole().payload(1280))));
}

}  // namespace
}  // namespace gate41::testing
