#include "control/daemon/traces.hpp"

#include <algorithm>
#include <utility>

namespace gate41 {

Result<uint64_t> Traces::start(const op::TraceRequest& request, std::optional<uint16_t> link,
                               TraceNames names, op::Stream stream, TimePoint now) {
  if (running_) return fail("a trace is running already; one at a time");
  TraceWish wish;
  wish.run = ++last_run_;
  wish.count = request.count;
  wish.until = now + request.time;
  wish.address = request.address;
  wish.port = request.port;
  wish.protocol = request.protocol;
  wish.link = link;
  wish.dropped = request.dropped;
  dataplane_.arm_trace(wish);
  running_ = Running{wish, std::move(names), std::move(stream)};
  return wish.run;
}

void Traces::end(uint64_t run) {
  if (!running_ || running_->wish.run != run) return;
  disarm();
  const op::Stream stream = std::exchange(running_, std::nullopt)->stream;
  stream.done();
}

void Traces::disarm() {
  TraceWish none = running_->wish;
  none.count = 0;
  dataplane_.arm_trace(none);
}

void Traces::on_timer(TimePoint now) {
  std::vector<op::Json> rows;
  dataplane_.take_traces([&](unsigned worker, const TraceRecord& record) {
    if (!running_ || record.run != running_->wish.run || running_->told == running_->wish.count) return;
    rows.push_back(trace_row(record, running_->names, worker, ++running_->told));
  });
  if (!running_) return;
  const uint64_t run = running_->wish.run;
  const bool over = running_->told == running_->wish.count || now >= running_->wish.until;
  const op::Stream stream = running_->stream;  // the client may end the run
  if (!rows.empty()) stream.rows(rows);
  if (over) end(run);
}

std::optional<TimePoint> Traces::next_deadline(TimePoint now) const {
  if (!running_) return std::nullopt;
  return std::min(now + kPeriod, running_->wish.until);
}

}  // namespace gate41
