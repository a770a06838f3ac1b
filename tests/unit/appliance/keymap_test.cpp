#include "appliance/init/keymap.hpp"

#include <gtest/gtest.h>
#include <string>

namespace gate41::testing {
namespace {

// Tables 0 and 4; in each the key 30 has the table's number for its meaning, and a byte above it.
std::string keymap() {
  std::string bytes = "bkeymap" + std::string(256, '\0');
  bytes[7 + 0] = 1;
  bytes[7 + 4] = 1;
  for (const char number : {'\0', '\4'}) {
    std::string table(256, '\0');
    table[60] = number;
    table[61] = 0x0b;
    bytes += table;
  }
  return bytes;
}

// proves: S75
TEST(KeymapTest, HasTheTablesThatAreMarked) {
  const auto tables = appliance::parse_keymap(keymap());
  ASSERT_TRUE(tables);
  ASSERT_EQ(tables->size(), 2U);
  EXPECT_EQ(tables->at(0).number, 0);
  EXPECT_EQ(tables->at(0).meanings[30], 0x0b00);
  EXPECT_EQ(tables->at(1).number, 4);
  EXPECT_EQ(tables->at(1).meanings[30], 0x0b04);
}

TEST(KeymapTest, IsNoneWhereverItIsCut) {
  const std::string whole = keymap();
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(appliance::parse_keymap(whole.substr(0, length))) << length;
}

TEST(KeymapTest, IsNoneOfAnotherKind) { EXPECT_FALSE(appliance::parse_keymap(std::string(2000, 'x'))); }

}  // namespace
}  // namespace gate41::testing
