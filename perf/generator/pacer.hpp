// Pacer: how many packets are due. What a busy machine has kept from us for longer than `catch_up` is not
// made up for: the device would get bursts that nobody asked for; the report has the rate that was reached.
// Pure: time is an argument, in cycles of the time stamp counter.
#pragma once

#include <cstdint>

namespace gate41::generator {

class Pacer {
 public:
  // `rate` in packets a second; 0 = as fast as it goes. `hz`: cycles a second. `catch_up` in cycles.
  Pacer(double rate, uint64_t hz, uint64_t catch_up) noexcept
      : per_cycle_(rate / static_cast<double>(hz)), catch_up_(catch_up) {}

  void start(uint64_t now) noexcept {
    begin_ = now;
    sent_ = 0;
  }
  void sent(uint64_t packets) noexcept { sent_ += packets; }
  [[nodiscard]] uint64_t due(uint64_t now) noexcept {
    if (per_cycle_ == 0) return UINT64_MAX;
    if (planned_until(now - catch_up_) > sent_) forget(now);
    const uint64_t planned = planned_until(now);
    return planned > sent_ ? planned - sent_ : 0;
  }

 private:
  // The first one at once.
  [[nodiscard]] uint64_t planned_until(uint64_t now) const noexcept {
    return now < begin_ ? 0 : 1 + static_cast<uint64_t>(static_cast<double>(now - begin_) * per_cycle_);
  }
  // As if we had begun later.
  void forget(uint64_t now) noexcept {
    begin_ = now - catch_up_;
    sent_ = 0;
  }

  double per_cycle_;
  uint64_t catch_up_;
  uint64_t begin_ = 0;
  uint64_t sent_ = 0;
};

}  // namespace gate41::generator
