#include "control/syslog/outbox.hpp"

#include <gmock/gmock.h>
#include <thread>

namespace gate41::syslog {
namespace {

using std::chrono::milliseconds;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// 2027-01-02T03:04:05.678Z
const WallTime kAt{milliseconds(1'798'859'045'678)};

Outbox outbox(const std::string& host = "router") { return Outbox({host, "gate41d", 41}); }

std::string message_of(const std::string& text, const std::string& host = "router") {
  Outbox box = outbox(host);
  box.add(LogLevel::info, text, kAt);
  return box.front();
}

TEST(OutboxTest, WritesMessagesAsRfc5424Does) {
  EXPECT_EQ(message_of("a lease"), "<30>1 2027-01-02T03:04:05.678Z router gate41d 41 - - a lease");
}

TEST(OutboxTest, TellsTheLevel) {
  Outbox box = outbox();
  box.add(LogLevel::error, "no lease", kAt);
  EXPECT_THAT(box.front(), StartsWith("<27>1 "));
}

TEST(OutboxTest, LeavesOutANameThatIsNone) {
  for (const char* host : {"", "two words", "\xc3\xbc"})
    EXPECT_THAT(message_of("x", host), HasSubstr("Z - gate41d ")) << host;
}

TEST(OutboxTest, LetsNoLineSteerTheReadersTerminal) {
  EXPECT_THAT(message_of("a\nb\x1b[2J\x7f"), EndsWith("- a b [2J "));
}

TEST(OutboxTest, CutsALineThatIsTooLongForAPacket) {
  EXPECT_EQ(message_of(std::string(5000, 'x')).size(), Outbox::kLongest);
}

// DPDK's threads log too. Red under TSan.
TEST(OutboxTest, TakesLinesOfAnotherThreadWhileItIsEmptied) {
  constexpr unsigned kLines = 1000;
  Outbox box = outbox();
  std::thread other([&box] {
    for (unsigned i = 0; i < kLines; ++i) box.add(LogLevel::info, "a line", kAt);
  });
  while (box.sent() + box.waiting() + box.lost() < kLines)
    if (!box.front().empty()) box.pop(kAt);
  other.join();
  EXPECT_LE(box.waiting(), Outbox::kMost);
}

TEST(OutboxTest, KeepsTheOrder) {
  Outbox box = outbox();
  EXPECT_EQ(box.front(), "");
  box.add(LogLevel::info, "first", kAt);
  box.add(LogLevel::info, "second", kAt);
  box.pop(kAt);
  EXPECT_THAT(box.front(), EndsWith(" second"));
  box.pop(kAt);
  EXPECT_EQ(box.front(), "");
  EXPECT_EQ(box.sent(), 2U);
}

TEST(OutboxTest, KeepsThoseThatCameFirstAndSaysHowManyAreLost) {
  Outbox box = outbox();
  for (std::size_t i = 0; i < Outbox::kMost + 3; ++i) box.add(LogLevel::info, std::to_string(i), kAt);
  EXPECT_EQ(box.waiting(), Outbox::kMost);
  EXPECT_EQ(box.lost(), 3U);
  for (std::size_t i = 0; i < Outbox::kMost; ++i) {
    EXPECT_THAT(box.front(), EndsWith(" " + std::to_string(i)));
    box.pop(kAt);
  }
  EXPECT_THAT(box.front(), EndsWith("lines not sent, since they came too fast or nobody was reached: 3"));
  box.pop(kAt);
  EXPECT_EQ(box.front(), "");
}

TEST(OutboxTest, TellsOfEachLossOnce) {
  Outbox box = outbox();
  for (std::size_t i = 0; i < Outbox::kMost + 3; ++i) box.add(LogLevel::info, "x", kAt);
  while (!box.front().empty()) box.pop(kAt);
  box.add(LogLevel::info, "later", kAt);
  box.pop(kAt);
  EXPECT_EQ(box.front(), "");
  EXPECT_EQ(box.lost(), 3U);
}

}  // namespace
}  // namespace gate41::syslog
