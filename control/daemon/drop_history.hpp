// DropHistory: the last samples of dropped packets, for `gate41 drops` (C27, S87). Control thread only; pure.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "control/operator/view.hpp"
#include "dataplane/worker/drop_log.hpp"
#include "dataplane/worker/snapshot.hpp"

namespace gate41 {

class DropHistory {
 public:
  static constexpr std::size_t kKept = 256;

  void add(const DropSample& sample);
  // The last `most` (0: all) of a reason, or of all, newest last.
  [[nodiscard]] std::vector<DropSample> last(std::optional<DropReason> reason, std::size_t most) const;

 private:
  std::deque<DropSample> samples_;
};

// nullopt: there is no such reason.
[[nodiscard]] std::optional<DropReason> drop_reason_named(std::string_view name);

// A row as op::View::drops() has it.
[[nodiscard]] op::Json drop_row(const DropSample& sample, const std::vector<Link>& links, TimePoint now);

}  // namespace gate41
