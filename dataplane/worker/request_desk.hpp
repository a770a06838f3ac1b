// RequestDesk: control's side of the requests. Jobs run one after the other, each on all workers at once;
// what they answer is handed on as it comes. Control thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "dataplane/net/address.hpp"
#include "dataplane/worker/requests.hpp"
#include "dataplane/worker/rings.hpp"

namespace gate41 {

class RequestDesk {
 public:
  using OnChunk = std::function<void(const std::vector<FlowRecord>& records, bool last)>;

  // The rings live longer than the desk.
  explicit RequestDesk(std::vector<WorkerRings*> workers) : workers_(std::move(workers)) {}

  void walk_flows(OnChunk on_chunk);
  void purge_flows(const Ipv6Prefix& interior);
  // Takes what has come, sends what is next.
  void poll();
  [[nodiscard]] bool pending() const noexcept { return !jobs_.empty(); }

 private:
  struct Job {
    RequestKind kind = RequestKind::walk_flows;
    Ipv6Prefix prefix;
    OnChunk on_chunk;  // empty = nobody listens
  };
  void begin(Job job);
  void start_front();
  void take(std::size_t worker, WorkerRequest& request);

  std::vector<WorkerRings*> workers_;
  std::deque<Job> jobs_;                                  // the first one runs
  std::vector<std::unique_ptr<WorkerRequest>> requests_;  // of the running job, one a worker
  std::size_t unfinished_ = 0;                            // workers that still have to answer with `last`
};

}  // namespace gate41
