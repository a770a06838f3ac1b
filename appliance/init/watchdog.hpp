// Watchdog: the machine's, which resets it when nobody feeds it. Not there: nothing happens.
#pragma once

#include <filesystem>

#include "control/loop/fd.hpp"
#include "dataplane/base/clock.hpp"

namespace gate41::appliance {

class Watchdog {
 public:
  static constexpr std::chrono::seconds kLimit{30};
  static constexpr Duration kMeal = std::chrono::seconds(5);

  // `device`: /dev/watchdog; it runs from now on.
  explicit Watchdog(const std::filesystem::path& device);
  void feed() const;
  // The machine is going down on purpose.
  void disarm();
  [[nodiscard]] bool found() const { return static_cast<bool>(fd_); }

 private:
  loop::Fd fd_;
};

}  // namespace gate41::appliance
