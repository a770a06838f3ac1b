#include "dataplane/worker/request_desk.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gate41 {
namespace {

WorkerRequest request_for(RequestKind kind, const FlowQuery& query) {
  WorkerRequest request;
  request.kind = kind;
  request.query = query;
  return request;
}

}  // namespace

void RequestDesk::walk_flows(const FlowQuery& query, OnChunk on_chunk, Reader reader) {
  begin(request_for(RequestKind::walk_flows, query), std::move(on_chunk), std::move(reader));
}

void RequestDesk::erase_flows(const FlowQuery& query, OnErased on_erased) {
  Job& job = begin(request_for(RequestKind::erase_flows, query), nullptr, [] { return Pace::go; });
  job.on_chunk = [&job, on_erased = std::move(on_erased)](const auto&, bool last) {
    if (!last || !on_erased) return;
    uint64_t erased = 0;
    for (const auto& request : job.requests) erased += request->erased;
    on_erased(erased);
  };
}

void RequestDesk::arm_trace(const TraceWish& wish) {
  WorkerRequest request = request_for(RequestKind::arm_trace, {});
  request.trace = wish;
  begin(request, nullptr, [] { return Pace::go; });
}

RequestDesk::Job& RequestDesk::begin(const WorkerRequest& request, OnChunk on_chunk, Reader reader) {
  Job& job = jobs_.emplace_back(Job{std::move(on_chunk), std::move(reader), {}, workers_.size()});
  for (std::size_t worker = 0; worker < workers_.size(); ++worker)
    job.requests.push_back(std::make_unique<WorkerRequest>(request));
  for (std::size_t worker = 0; worker < workers_.size(); ++worker)
    if (has_[worker] == nullptr) give(worker);
  return job;
}

void RequestDesk::poll() {
  for (std::size_t worker = 0; worker < workers_.size(); ++worker) take(worker);
  for (std::size_t worker = 0; worker < workers_.size(); ++worker)
    if (has_[worker] == nullptr) give(worker);
  std::erase_if(jobs_, [&](const Job& job) {
    return !at_work(job) && (job.unfinished == 0 || job.reader() == Pace::stop);
  });
}

// The callback may ask for more: the list of jobs grows then, and none moves.
void RequestDesk::take(std::size_t worker) {
  std::array<WorkerRequest*, 1> answer;
  if (has_[worker] == nullptr || workers_[worker]->answers.pop(answer) == 0) return;
  Job& job = *std::exchange(has_[worker], nullptr);
  const auto place = std::ranges::find_if(jobs_, [&](const Job& other) { return &other == &job; });
  jobs_.splice(jobs_.end(), jobs_, place);  // whoever was served goes behind those who wait
  if (answer[0]->last) --job.unfinished;
  const std::vector<FlowRecord> records = std::exchange(answer[0]->chunk, {});
  if (job.on_chunk && job.reader() != Pace::stop) job.on_chunk(records, job.unfinished == 0);
}

void RequestDesk::give(std::size_t worker) {
  const auto job = std::ranges::find_if(jobs_, [&](const Job& waiting) {
    return !waiting.requests[worker]->last && waiting.reader() == Pace::go;
  });
  if (job == jobs_.end()) return;
  WorkerRequest& request = *job->requests[worker];
  request.chunk.reserve(kChunk);
  has_[worker] = &*job;
  // The ring has room: a worker has one request at a time.
  if (workers_[worker]->requests.push(&request)) workers_[worker]->bell.ring();
}

bool RequestDesk::at_work(const Job& job) const noexcept {
  return std::ranges::find(has_, &job) != has_.end();
}

bool RequestDesk::pending() const noexcept {
  return std::ranges::any_of(has_, [](const Job* job) { return job != nullptr; });
}

}  // namespace gate41
