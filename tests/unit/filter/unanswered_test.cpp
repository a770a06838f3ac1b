// The delayed unreachable: who is told, and when.
#include "dataplane/filter/unanswered.hpp"

#include <gtest/gtest.h>
#include <vector>

#include "tests/unit/filter/table_keys.hpp"

namespace gate41::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::vector<uint8_t> kPacket(300, 0x60);

void remember(Unanswered& unanswered, uint32_t number, TimePoint now) {
  unanswered.remember(key_of(number), signature_of(number), 3, kPacket, now);
}

}  // namespace

// proves: K34 K39
TEST(Unanswered, IsDueAfterSixSecondsOnce) {
  Unanswered unanswered;
  remember(unanswered, 1, kStart);
  EXPECT_EQ(unanswered.take_due(kStart + milliseconds(5999)), nullptr);
  const auto* due = unanswered.take_due(kStart + seconds(6));
  ASSERT_NE(due, nullptr);
  EXPECT_EQ(due->key, key_of(1));
  EXPECT_EQ(due->tunnel, 3);
  EXPECT_EQ(unanswered.take_due(kStart + seconds(60)), nullptr);
}

// proves: K34
TEST(Unanswered, IsNotDueWhenTheInsideHasAnswered) {
  Unanswered unanswered;
  remember(unanswered, 1, kStart);
  remember(unanswered, 2, kStart);
  unanswered.forget(key_of(1), signature_of(1));
  const auto* due = unanswered.take_due(kStart + seconds(6));
  ASSERT_NE(due, nullptr);
  EXPECT_EQ(due->key, key_of(2));
  EXPECT_EQ(unanswered.size(), 0U);
}

TEST(Unanswered, OfAnotherFlowWithTheSameSignatureStays) {
  Unanswered unanswered;
  remember(unanswered, 1, kStart);
  unanswered.forget(key_of(2), signature_of(1));
  EXPECT_EQ(unanswered.size(), 1U);
}

TEST(Unanswered, KeepsItsTimeWhenThePacketIsSentAgain) {
  Unanswered unanswered;
  remember(unanswered, 1, kStart);
  remember(unanswered, 1, kStart + seconds(3));
  EXPECT_EQ(unanswered.size(), 1U);
  EXPECT_NE(unanswered.take_due(kStart + seconds(6)), nullptr);
}

TEST(Unanswered, KeepsTheBeginningOfThePacket) {
  Unanswered unanswered;
  remember(unanswered, 1, kStart);
  EXPECT_EQ(unanswered.take_due(kStart + seconds(6))->quote().size(), Unanswered::kQuote);
  const std::vector<uint8_t> small = {1, 2, 3};
  unanswered.remember(key_of(2), signature_of(2), 0, small, kStart);
  const Bytes quote = unanswered.take_due(kStart + seconds(6))->quote();
  EXPECT_EQ(std::vector<uint8_t>(quote.begin(), quote.end()), small);
}

TEST(Unanswered, KeepsTheOldestWhenThereAreTooMany) {
  Unanswered unanswered;
  for (uint32_t number = 0; number < Unanswered::kPlaces + 10; ++number)
    remember(unanswered, number, kStart + milliseconds(number));
  EXPECT_EQ(unanswered.size(), Unanswered::kPlaces);
  for (uint32_t number = 0; number < Unanswered::kPlaces; ++number) {
    const auto* due = unanswered.take_due(kStart + seconds(10));
    ASSERT_NE(due, nullptr);
    EXPECT_EQ(due->key, key_of(number));
  }
}

TEST(Unanswered, TakesAnotherOneWhereOneHasLeft) {
  Unanswered unanswered;
  for (uint32_t number = 0; number < Unanswered::kPlaces; ++number) remember(unanswered, number, kStart);
  unanswered.forget(key_of(100), signature_of(100));
  remember(unanswered, 1000, kStart + seconds(1));
  EXPECT_EQ(unanswered.size(), Unanswered::kPlaces);
  std::vector<FlowKey> due;
  while (const auto* attempt = unanswered.take_due(kStart + seconds(7))) due.push_back(attempt->key);
  EXPECT_EQ(due.size(), Unanswered::kPlaces);
  EXPECT_EQ(due.back(), key_of(1000));
  EXPECT_EQ(std::ranges::count(due, key_of(100)), 0);
}

}  // namespace gate41::testing
