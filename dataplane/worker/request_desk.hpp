// RequestDesk: control's side of the requests. A worker has one request at a time; who asks gets turns, a
// chunk a turn, so that a reader who is slow or has much to read holds nobody up. The next chunk is asked for
// only when its reader says so: nothing heaps up. Control thread.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <vector>

#include "dataplane/base/pace.hpp"
#include "dataplane/net/address.hpp"
#include "dataplane/worker/requests.hpp"
#include "dataplane/worker/rings.hpp"

namespace gate41 {

class RequestDesk {
 public:
  using OnChunk = std::function<void(const std::vector<FlowRecord>& records, bool last)>;
  using OnErased = std::function<void(uint64_t flows)>;
  using Reader = std::function<Pace()>;

  // The rings live longer than the desk.
  explicit RequestDesk(std::vector<WorkerRings*> workers)
      : workers_(std::move(workers)), has_(workers_.size(), nullptr) {}

  // Chunks come by later poll()s; after Pace::stop none comes any more, nor the last one.
  void walk_flows(const FlowQuery& query, OnChunk on_chunk, Reader reader);
  void erase_flows(const FlowQuery& query, OnErased on_erased);
  void arm_trace(const TraceWish& wish);
  // Takes what has come, asks for what is next.
  void poll();
  // A worker is at it. (What waits for its reader goes on with the poll() after he has read.)
  [[nodiscard]] bool pending() const noexcept;

 private:
  struct Job {
    OnChunk on_chunk;
    Reader reader;
    std::vector<std::unique_ptr<WorkerRequest>> requests;  // one a worker
    std::size_t unfinished = 0;                            // workers that still have to answer with `last`
  };
  Job& begin(const WorkerRequest& request, OnChunk on_chunk, Reader reader);
  void take(std::size_t worker);
  void give(std::size_t worker);
  [[nodiscard]] bool at_work(const Job& job) const noexcept;

  std::vector<WorkerRings*> workers_;
  std::vector<Job*> has_;  // whose request each worker has
  std::list<Job> jobs_;    // who waits for longest is first
};

}  // namespace gate41
