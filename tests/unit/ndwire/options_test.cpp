#include "control/ndwire/options.hpp"

#include <gtest/gtest.h>
#include <random>

namespace gate41::ndwire {
namespace {

using Data = std::vector<uint8_t>;

TEST(NdOptions, AreWalkedInOrder) {
  const Data data{1, 1, 2, 0, 0, 0, 0, 1, 14, 2, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
  Options walk(data);
  const auto first = walk.next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->type, 1);
  EXPECT_EQ(Data(first->data.begin(), first->data.end()), (Data{2, 0, 0, 0, 0, 1}));
  const auto second = walk.next();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->type, 14);
  EXPECT_EQ(second->data.size(), 14U);
  EXPECT_FALSE(walk.next());
  EXPECT_FALSE(walk.failed());
}

TEST(NdOptions, NoneIsWellFormed) { EXPECT_TRUE(well_formed({})); }

// proves: H11 H24
TEST(NdOptions, ALengthOfZeroFails) {
  const Data data{1, 1, 2, 0, 0, 0, 0, 1, 5, 0, 0, 0, 0, 0, 0, 0};
  EXPECT_FALSE(well_formed(data));
  Options walk(data);
  EXPECT_TRUE(walk.next());
  EXPECT_FALSE(walk.next());
  EXPECT_FALSE(walk.next());
  EXPECT_TRUE(walk.failed());
}

TEST(NdOptions, ALengthPastTheEndFails) {
  EXPECT_FALSE(well_formed(Data{1, 2, 2, 0, 0, 0, 0, 1}));
  EXPECT_FALSE(well_formed(Data{1}));
  EXPECT_FALSE(well_formed(Data{1, 1, 2, 0, 0, 0, 0}));
}

TEST(NdOptions, TheFirstOfATypeIsFound) {
  const Data data{5, 1, 0, 0, 0, 0, 5, 0, 1, 1, 2, 0, 0, 0, 0, 1, 1, 1, 2, 0, 0, 0, 0, 2};
  EXPECT_EQ(find_lladdr(data, option_type::kSourceLladdr), (MacAddress{{2, 0, 0, 0, 0, 1}}));
  EXPECT_EQ(find_lladdr(data, option_type::kTargetLladdr), std::nullopt);
}

TEST(NdOptions, OnlyOneMachinesMacIsALinkLayerAddress) {
  EXPECT_EQ(find_lladdr(Data{1, 1, 0x33, 0x33, 0, 0, 0, 1}, 1), std::nullopt);
  EXPECT_EQ(find_lladdr(Data{1, 1, 0, 0, 0, 0, 0, 0}, 1), std::nullopt);
  EXPECT_EQ(find_lladdr(Data{1, 2, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0}, 1), std::nullopt);
}

TEST(NdOptions, RandomBytesAreWalkedToAnEnd) {
  std::mt19937_64 random(4);
  for (int i = 0; i < 50000; ++i) {
    Data data(random() % 80);
    for (uint8_t& byte : data) byte = static_cast<uint8_t>(random() % 4);
    Options walk(data);
    std::size_t seen = 0;
    while (const auto option = walk.next()) seen += option->data.size() + 2;
    ASSERT_EQ(walk.failed(), seen != data.size());
  }
}

}  // namespace
}  // namespace gate41::ndwire
