#include "dataplane/base/time_text.hpp"

#include <fmt/core.h>

namespace gate41 {

std::string time_left(TimePoint then, TimePoint now) {
  const int64_t left = seconds_left(then, now);
  if (left > 7200) return fmt::format("{} h", (left + 3599) / 3600);
  if (left > 120) return fmt::format("{} min", (left + 59) / 60);
  return fmt::format("{} s", left);
}

}  // namespace gate41
