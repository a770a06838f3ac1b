// Health: what the daemon says of itself by sd_notify(3): that it is ready, how it is, that it lives. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dataplane/base/clock.hpp"

namespace gate41::appliance {

class Health {
 public:
  // A daemon that has spoken once and then is silent for this long hangs.
  static constexpr Duration kSilence = std::chrono::seconds(30);

  void on_start() { *this = Health(); }
  // A datagram: lines NAME=VALUE; what is not for us is ignored.
  void on_message(std::string_view message, TimePoint now);

  [[nodiscard]] bool ready() const { return ready_; }
  [[nodiscard]] const std::string& sentence() const { return sentence_; }
  // When it counts as hanging; nullopt: it has not spoken yet.
  [[nodiscard]] std::optional<TimePoint> deadline() const;

 private:
  bool ready_ = false;
  std::string sentence_;
  std::optional<TimePoint> heard_;
};

}  // namespace gate41::appliance
