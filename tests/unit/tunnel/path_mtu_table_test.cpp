// What is known of paths: bounded, ageing, read while it is written.
#include "dataplane/tunnel/path_mtu_table.hpp"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>

#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const Ipv4Address kPeer = ip4("11.0.3.99");
constexpr TimePoint kNow{seconds(1000)};
constexpr std::size_t kMost = PathMtuTable::kBuckets * PathMtuTable::kWays;

Ipv4Address number(uint32_t i) { return Ipv4Address(Be32(0x0b000000U + i)); }

class PathMtus : public ::testing::Test {
 protected:
  PathMtuTable table{HashSecret{}};
};

// proves: D11
TEST_F(PathMtus, NothingIsKnownOfAnEndpointThatNoErrorWasAbout) {
  table.learn(kPeer, 1400, kNow);
  EXPECT_EQ(table.lookup(ip4("11.0.3.98")), PathMtuTable::kUnknown);
}

// proves: D11 D16
TEST_F(PathMtus, AnErrorTeaches) {
  EXPECT_TRUE(table.learn(kPeer, 1400, kNow));
  EXPECT_EQ(table.lookup(kPeer), 1400);
  EXPECT_EQ(table.size(), 1U);
}

TEST_F(PathMtus, ASmallerOneCountsAndIsNoSecondEntry) {
  table.learn(kPeer, 1400, kNow);
  EXPECT_TRUE(table.learn(kPeer, 1300, kNow));
  EXPECT_EQ(table.lookup(kPeer), 1300);
  EXPECT_EQ(table.size(), 1U);
}

// proves: D11
TEST_F(PathMtus, ALargerOneDoesNotRaise) {
  table.learn(kPeer, 1300, kNow);
  EXPECT_FALSE(table.learn(kPeer, 1400, kNow + minutes(6)));
  EXPECT_EQ(table.lookup(kPeer), 1300);
}

// RFC 1191 §6.3.
// proves: D11
TEST_F(PathMtus, AnEntryIsForgottenAfterTenMinutes) {
  table.learn(kPeer, 1400, kNow);
  table.expire(kNow + minutes(10) - seconds(1));
  EXPECT_EQ(table.lookup(kPeer), 1400);
  table.expire(kNow + minutes(10));
  EXPECT_EQ(table.lookup(kPeer), PathMtuTable::kUnknown);
  EXPECT_EQ(table.size(), 0U);
}

// proves: D11
TEST_F(PathMtus, TheSameAgainRenews) {
  table.learn(kPeer, 1400, kNow);
  EXPECT_FALSE(table.learn(kPeer, 1400, kNow + minutes(9)));
  table.expire(kNow + minutes(18));
  EXPECT_EQ(table.lookup(kPeer), 1400);
}

// proves: D11
TEST_F(PathMtus, ALargerOneDoesNotRenew) {
  table.learn(kPeer, 1300, kNow);
  table.learn(kPeer, 1400, kNow + minutes(9));
  table.expire(kNow + minutes(10));
  EXPECT_EQ(table.size(), 0U);
}

// proves: D11
TEST_F(PathMtus, AreBoundedAndTheNewestStay) {
  for (uint32_t i = 0; i < 20 * kMost; ++i) table.learn(number(i), 1400, kNow + std::chrono::milliseconds(i));
  EXPECT_EQ(table.size(), kMost);
  EXPECT_EQ(table.list(2 * kMost).size(), kMost);
  EXPECT_EQ(table.lookup(number(20 * kMost - 1)), 1400);
}

TEST_F(PathMtus, OthersStayWhenSomeAreForgotten) {
  for (uint32_t i = 0; i < 500; ++i) table.learn(number(i), 1400, kNow + seconds(i % 2));
  const std::size_t before = table.size();
  table.expire(kNow + minutes(10));
  EXPECT_LT(table.size(), before);
  for (const PathMtuTable::Entry& entry : table.list(kMost)) {
    EXPECT_EQ(entry.forgotten_at, kNow + minutes(10) + seconds(1));
    EXPECT_EQ(table.lookup(entry.endpoint), 1400);
  }
  EXPECT_EQ(table.list(kMost).size(), table.size());
}

TEST_F(PathMtus, TheListIsNoLongerThanAsked) {
  for (uint32_t i = 0; i < 100; ++i) table.learn(number(i), 1400, kNow);
  EXPECT_EQ(table.list(20).size(), 20U);
}

TEST_F(PathMtus, NothingIsLeftOfAnotherWan) {
  for (uint32_t i = 0; i < 100; ++i) table.learn(number(i), 1400, kNow);
  table.clear();
  EXPECT_EQ(table.size(), 0U);
  EXPECT_EQ(table.lookup(number(1)), PathMtuTable::kUnknown);
}

// Under ThreadSanitizer, too.
TEST_F(PathMtus, AReaderSeesNoMixture) {
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (uint32_t round = 0; round < 2000; ++round) {
      for (uint32_t i = 0; i < 40; ++i) table.learn(number(i), static_cast<uint16_t>(1000 + i), kNow);
      table.clear();
    }
    done = true;
  });
  bool mixed = false;
  while (!done)
    for (uint32_t i = 0; i < 40; ++i) {
      const uint16_t mtu = table.lookup(number(i));
      mixed |= mtu != PathMtuTable::kUnknown && mtu != 1000 + i;
    }
  writer.join();
  EXPECT_FALSE(mixed);
}

}  // namespace
}  // namespace gate41::testing
