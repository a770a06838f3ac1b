// Traces: the trace that an operator's client waits for: arms the workers, hands on what they note, ends by
// number, by time, or with its client. Control thread only.
#pragma once

#include <optional>

#include "control/daemon/trace_rows.hpp"
#include "control/operator/trace_request.hpp"
#include "dataplane/worker/dataplane.hpp"

namespace gate41 {

class Traces {
 public:
  explicit Traces(Dataplane& dataplane) : dataplane_(dataplane) {}

  // `stream` is called by later on_timer()s; the run's number, or why not: one at a time. `link`: of arrival.
  Result<uint64_t> start(const op::TraceRequest& request, std::optional<uint16_t> link, TraceNames names,
                         op::Stream stream, TimePoint now);
  // `done` comes now; nothing for a run that has ended.
  void end(uint64_t run);
  void on_timer(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_deadline(TimePoint now) const;

 private:
  static constexpr Duration kPeriod = std::chrono::milliseconds(50);

  struct Running {
    TraceWish wish;
    TraceNames names;
    op::Stream stream;
    uint64_t told = 0;
  };
  void disarm();

  Dataplane& dataplane_;
  uint64_t last_run_ = 0;
  std::optional<Running> running_;
};

}  // namespace gate41
