#include "dataplane/worker/request_desk.hpp"

#include <array>
#include <utility>

namespace gate41 {
namespace {

// The ring has room: a worker has one request at a time.
void post(WorkerRings& rings, WorkerRequest& request) {
  if (rings.requests.push(&request)) rings.bell.ring();
}

}  // namespace

void RequestDesk::walk_flows(OnChunk on_chunk) { begin({RequestKind::walk_flows, {}, std::move(on_chunk)}); }

void RequestDesk::purge_flows(const Ipv6Prefix& interior) {
  begin({RequestKind::purge_prefix, interior, nullptr});
}

void RequestDesk::begin(Job job) {
  jobs_.push_back(std::move(job));
  if (jobs_.size() == 1) start_front();
}

void RequestDesk::start_front() {
  unfinished_ = workers_.size();
  requests_.clear();
  for (WorkerRings* rings : workers_) {
    WorkerRequest& request = *requests_.emplace_back(std::make_unique<WorkerRequest>());
    request.kind = jobs_.front().kind;
    request.prefix = jobs_.front().prefix;
    request.chunk.reserve(kChunk);
    post(*rings, request);
  }
}

void RequestDesk::poll() {
  for (std::size_t worker = 0; worker < workers_.size(); ++worker) {
    std::array<WorkerRequest*, 1> answer;
    if (workers_[worker]->answers.pop(answer) == 1) take(worker, *answer[0]);
  }
}

// The callback may ask for more: nothing of the job is touched after it has finished.
void RequestDesk::take(std::size_t worker, WorkerRequest& request) {
  if (request.last) --unfinished_;
  const bool finished = unfinished_ == 0;
  const OnChunk on_chunk = jobs_.front().on_chunk;
  const std::vector<FlowRecord> records = std::exchange(request.chunk, {});
  if (!request.last) {
    request.chunk.reserve(kChunk);
    post(*workers_[worker], request);
  }
  if (finished) {
    jobs_.pop_front();
    if (!jobs_.empty()) start_front();
  }
  if (on_chunk) on_chunk(records, finished);
}

}  // namespace gate41
