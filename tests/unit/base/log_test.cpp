#include <atomic>
#include <gtest/gtest.h>
#include <thread>

#include "dataplane/base/log_sink.hpp"

namespace gate41::testing {
namespace {

template <typename Write>
std::string written_by(LogLevel threshold, Write write) {
  set_log_level(threshold);
  ::testing::internal::CaptureStderr();
  write();
  std::string text = ::testing::internal::GetCapturedStderr();
  set_log_level(LogLevel::info);
  return text;
}

}  // namespace

TEST(Log, WritesTheLevelsOfTheJournal) {
  EXPECT_EQ(written_by(LogLevel::debug,
                       [] {
                         log_error("no {}", "memory");
                         log_warning("w{}", 1);
                         log_notice("n");
                         log_info("i");
                         log_line(LogLevel::debug, "d");
                       }),
            "<3>no memory\n<4>w1\n<5>n\n<6>i\n<7>d\n");
}

TEST(Log, LeavesOutWhatIsAboveTheLevel) {
  EXPECT_EQ(written_by(LogLevel::warning,
                       [] {
                         log_error("e");
                         log_warning("w");
                         log_notice("n");
                         log_info("i");
                       }),
            "<3>e\n<4>w\n");
}

TEST(Log, GivesWhatItWritesToASecondPlaceToo) {
  std::string second;
  set_log_sink([&](LogLevel level, std::string_view text) {
    second += std::to_string(static_cast<int>(level)) + ':' + std::string(text) + ';';
  });
  const auto write = [] {
    log_warning("w");
    log_info("i");
  };
  EXPECT_EQ(written_by(LogLevel::warning, write), "<4>w\n");
  set_log_sink(nullptr);
  EXPECT_EQ(written_by(LogLevel::warning, write), "<4>w\n");
  EXPECT_EQ(second, "4:w;");
}

TEST(Log, GivesOneLineAtATimeToTheSecondPlace) {
  std::atomic<bool> inside = false, met = false;
  set_log_sink([&](LogLevel, std::string_view) {
    if (inside.exchange(true)) met = true;
    std::this_thread::yield();
    inside = false;
  });
  const auto write = [] {
    for (int i = 0; i < 1000; ++i) log_warning("w");
  };
  written_by(LogLevel::warning, [&] {
    std::thread other(write);
    write();
    other.join();
  });
  set_log_sink(nullptr);
  EXPECT_FALSE(met);
}

}  // namespace gate41::testing
