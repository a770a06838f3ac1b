// Schedule: when router advertisements go out (RFC 4861 §6.2.4, §6.2.6; H12..H14, H16, H19). Multicast ones
// are at least 3 s apart, whatever asks for them. Control thread only.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "control/ra/encode.hpp"
#include "dataplane/base/clock.hpp"

namespace gate41::ra {

class Schedule {
 public:
  explicit Schedule(uint64_t seed) : random_(seed) {}

  // `count` multicast RAs: the first as soon as may be, the others at most 16 s apart.
  void announce(unsigned count, TimePoint now);
  // The next multicast RA is no later than `due`.
  void bring_forward(TimePoint due);
  // Answers to solicitations, after 0 to 0.5 s. A multicast RA that comes first is the answer to all.
  void answer_all(TimePoint now);
  void answer(const Host& host, TimePoint now);
  void clear();

  // Whether a multicast RA is due; the next one is then set.
  [[nodiscard]] bool take_multicast(std::chrono::seconds max_interval, TimePoint now);
  [[nodiscard]] std::vector<Host> take_unicasts(TimePoint now);
  // One went out outside the schedule (a final RA): the next one keeps its distance.
  void note_multicast(TimePoint now);

  [[nodiscard]] std::optional<TimePoint> next_multicast() const { return next_multicast_; }
  [[nodiscard]] std::optional<TimePoint> next() const;
  [[nodiscard]] TimePoint earliest_multicast(TimePoint from) const;
  // Uniform.
  [[nodiscard]] Duration between(Duration low, Duration high);

 private:
  struct Answer {
    Host host;
    TimePoint due;
  };

  std::mt19937_64 random_;
  std::optional<TimePoint> last_multicast_;
  std::optional<TimePoint> next_multicast_;
  unsigned prompt_left_ = 0;  // multicast RAs of an announcement that are still to come
  std::vector<Answer> answers_;
};

}  // namespace gate41::ra
