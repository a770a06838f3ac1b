// Trace: echo requests with hop limits 1, 2, ..., so that every router on the way says who it is. An event a
// hop, in order; the end at the destination, at an error that says that there is no way on, or after
// `max_hops`. A request is waited for kProbeWait; those of kHopsAtOnce hops are under way at the same time,
// one every kPace, since routers limit the rate of their errors (RFC 4443 §2.4 f). Sans-I/O; control thread.
#pragma once

#include <chrono>

#include "control/ping/run.hpp"

namespace gate41::ping {

inline constexpr Duration kProbeWait = std::chrono::seconds(1);
inline constexpr Duration kPace = std::chrono::milliseconds(20);
inline constexpr std::size_t kHopsAtOnce = 4;

struct TraceSettings {
  Ends ends;
  uint8_t max_hops = 30;
  uint8_t probes = 3;  // a hop
};

class Trace final : public Run {
 public:
  Trace(const TraceSettings& settings, uint32_t token, TimePoint now);
  void on_timer(TimePoint now) override;
  void end(TimePoint now) override;
  [[nodiscard]] std::optional<TimePoint> next_deadline() const override;

 private:
  struct Sent {
    TimePoint at;
    bool settled = false;  // answered or given up
    std::optional<Hop::Probe> answer;
  };

  void answered(std::size_t number, const Answer& answer, TimePoint now) override;
  void dropped(std::size_t number, DropReason reason, uint16_t mtu, TimePoint now) override;
  [[nodiscard]] std::size_t hop_of(std::size_t number) const { return number / settings_.probes; }
  [[nodiscard]] bool may_send() const;
  void give_up(TimePoint now);
  void tell_hops();
  void tell_hop();

  TraceSettings settings_;
  TimePoint next_;
  std::vector<Sent> probes_;  // hop by hop
  std::size_t told_ = 0;      // hops
  std::size_t last_hop_;      // no use to ask beyond; a count
};

}  // namespace gate41::ping
