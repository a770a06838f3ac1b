#include "control/loop/netlink_message.hpp"

#include <array>
#include <gtest/gtest.h>
#include <vector>

#include "control/loop/netlink_socket.hpp"

namespace gate41::testing {
namespace {

using namespace loop;

constexpr uint16_t kOne = 1;
constexpr uint16_t kTwo = 2;
constexpr uint16_t kNested = 0x8000;  // NLA_F_NESTED

// Attributes one after another; `length` as it is told.
class Told {
 public:
  Told& attribute(uint16_t length, uint16_t type, const std::vector<uint8_t>& value) {
    const std::array<uint16_t, 2> head = {length, type};
    const auto* start = reinterpret_cast<const uint8_t*>(head.data());
    bytes_.insert(bytes_.end(), start, start + sizeof head);
    bytes_.insert(bytes_.end(), value.begin(), value.end());
    bytes_.resize(netlink_aligned(bytes_.size()));
    return *this;
  }
  [[nodiscard]] std::vector<unsigned> types() const {
    std::vector<unsigned> found;
    for_each_attribute(bytes_, [&](const nlattr& attribute) { found.push_back(type_of(attribute)); });
    return found;
  }
  [[nodiscard]] const nlattr* first() const { return reinterpret_cast<const nlattr*>(bytes_.data()); }

 private:
  std::vector<uint8_t> bytes_;
};

using Types = std::vector<unsigned>;

TEST(NetlinkMessage, AttributesFollowEachOtherAtMultiplesOfFour) {
  EXPECT_EQ(Told().attribute(5, kOne, {7}).attribute(8, kTwo, {1, 2, 3, 4}).types(), (Types{1, 2}));
}

TEST(NetlinkMessage, AnAttributeThatEndsBehindTheMessageIsNone) {
  EXPECT_EQ(Told().attribute(8, kOne, {1, 2, 3, 4}).attribute(9, kTwo, {1, 2, 3, 4}).types(), (Types{1}));
}

TEST(NetlinkMessage, AnAttributeShorterThanItsHeaderEndsTheWalk) {
  EXPECT_EQ(Told().attribute(3, kOne, {}).attribute(8, kTwo, {1, 2, 3, 4}).types(), Types{});
}

TEST(NetlinkMessage, TheLastAttributeNeedsNoPadding) {
  const std::array<uint8_t, 5> bytes = {5, 0, 1, 0, 7};
  unsigned visited = 0;
  for_each_attribute(bytes, [&](const nlattr& /*attribute*/) { ++visited; });
  EXPECT_EQ(visited, 1U);
}

TEST(NetlinkMessage, FlagsAreNoPartOfAType) {
  EXPECT_EQ(Told().attribute(4, kOne | kNested, {}).types(), (Types{1}));
}

TEST(NetlinkMessage, AValueIsReadWhereThereIsEnoughForIt) {
  const Told told = Told().attribute(8, kOne, {1, 0, 0, 0});
  EXPECT_EQ(value_of<uint32_t>(told.first()), 1U);
  EXPECT_EQ(value_of<uint64_t>(told.first(), 9U), 9U);
  EXPECT_EQ(value_of<uint32_t>(nullptr, 9U), 9U);
}

TEST(NetlinkMessage, ATextEndsWithItsZeroOrItsAttribute) {
  EXPECT_EQ(text_of(*Told().attribute(7, kOne, {'l', 'o', 0}).first()), "lo");
  EXPECT_EQ(text_of(*Told().attribute(6, kOne, {'l', 'o'}).first()), "lo");
}

TEST(NetlinkMessage, AMessageTooShortForAHeaderHasNone) {
  NetlinkRequest request(NLMSG_DONE, 0, uint32_t{41});
  ASSERT_NE(header_of<uint32_t>(request.message()), nullptr);
  EXPECT_EQ(*header_of<uint32_t>(request.message()), 41U);
  EXPECT_EQ(header_of<uint64_t>(request.message()), nullptr);
}

TEST(NetlinkMessage, ARequestIsReadAsItWasWritten) {
  NetlinkRequest request(NLMSG_DONE, 0, uint32_t{0});
  request.put(kOne, uint8_t{7}).put_text(kTwo, "wan0");
  const Attributes attributes = attributes_of(request.message(), sizeof(uint32_t));
  EXPECT_EQ(value_of<uint8_t>(attributes[kOne]), 7);
  EXPECT_EQ(text_of(*attributes[kTwo]), "wan0");
}

}  // namespace
}  // namespace gate41::testing
