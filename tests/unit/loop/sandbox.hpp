// What the tests of the loop share: waiting with a limit, folders that go, network namespaces of their own.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <gtest/gtest.h>
#include <string>

#include "control/loop/event_loop.hpp"
#include "control/loop/fd.hpp"

namespace gate41::testing {

inline constexpr std::chrono::seconds kLimit(10);

// False when nothing can be read before `limit`.
bool wait_readable(int fd, std::chrono::milliseconds limit = kLimit);
// Turns the loop until `done`; false when it isn't before kLimit.
bool turn_until(loop::EventLoop& loop, const std::function<bool()>& done);
// What a shell command says, for a look at the kernel that isn't the product's.
std::string output_of(const std::string& command);

class Folder {
 public:
  Folder();
  ~Folder();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Each test runs in an empty network namespace, which ends with it. Skipped without root.
class NamespaceTest : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;
  // Does something in another namespace.
  static void within(const loop::Fd& ns, const std::function<void()>& action);
  static loop::Fd own_namespace();

 private:
  loop::Fd home_;
};

}  // namespace gate41::testing
