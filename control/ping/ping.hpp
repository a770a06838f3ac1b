// Ping: echo requests at an interval, an event an answer, statistics at the end: when all have been answered,
// or kLastWait after the last one was sent. Sans-I/O; control thread.
#pragma once

#include <chrono>

#include "control/ping/run.hpp"

namespace gate41::ping {

// More than the three seconds after which a router says that its neighbour does not answer (RFC 4861 §10).
inline constexpr Duration kLastWait = std::chrono::seconds(4);

struct PingSettings {
  Ends ends;
  uint16_t count = 5;
  Duration interval = std::chrono::seconds(1);
  uint16_t size = 56;  // bytes of data
};

class Ping final : public Run {
 public:
  Ping(const PingSettings& settings, uint32_t token, TimePoint now);
  void on_timer(TimePoint now) override;
  void end(TimePoint now) override;
  [[nodiscard]] std::optional<TimePoint> next_deadline() const override;

 private:
  enum class Fate : uint8_t { waiting, received, failed, dropped };
  struct Sent {
    TimePoint at;
    Fate fate = Fate::waiting;
    Duration time{};  // received
  };

  void answered(std::size_t number, const Answer& answer, TimePoint now) override;
  void dropped(std::size_t number, DropReason reason, uint16_t mtu, TimePoint now) override;
  void end_if_done();
  [[nodiscard]] Statistics statistics() const;

  PingSettings settings_;
  TimePoint next_;
  std::vector<Sent> requests_;
  uint16_t duplicates_ = 0;
};

}  // namespace gate41::ping
