// Dataplane: what control asks and tells while the workers run.
#include "dataplane/worker/dataplane.hpp"

#include <algorithm>
#include <cassert>
#include <unistd.h>

#include "dataplane/base/log.hpp"
#include "dataplane/worker/dataplane_impl.hpp"
#include "dataplane/worker/telemetry.hpp"

namespace gate41 {
std::vector<std::string> link_names(const Snapshot& snapshot) {
  std::vector<std::string> names;
  for (const Link& link : snapshot.links) names.push_back(link.name);
  return names;
}

Dataplane::Dataplane() : impl_(std::make_unique<Impl>()) {}

void Dataplane::publish(std::unique_ptr<const Snapshot> snapshot) {
  // Workers send and receive by these numbers without asking.
  assert(std::ranges::all_of(snapshot->links, [&](const Link& link) {
    return std::ranges::find(impl_->ports->ids(), link.device) != impl_->ports->ids().end();
  }));
  assert(snapshot->links.size() <= kMaxLinks);
  telemetry::set_links(link_names(*snapshot));
  impl_->snapshots->publish(std::move(snapshot));
}

const Snapshot& Dataplane::snapshot() const {
  return *impl_->snapshots->current().load(std::memory_order_relaxed);
}

AdjacencyTable& Dataplane::adjacencies() { return *impl_->adjacencies; }
PathMtuTable& Dataplane::path_mtus() { return impl_->path_mtus; }
NeighbourTable& Dataplane::neighbours() { return *impl_->neighbours; }
RouteStore* Dataplane::routes() { return impl_->routes.get(); }

void Dataplane::housekeeping(TimePoint /*now*/) {
  impl_->snapshots->reclaim();
  impl_->free_ended_capture();
  impl_->ports->watch_links();
  // Where a worker is held up for longer, the next call will do.
  if (!impl_->grace->wait_briefly()) return;
  impl_->adjacencies->reclaim();
  impl_->neighbours->reclaim();
}

std::vector<DeviceInfo> Dataplane::devices() const { return impl_->ports->devices(); }

CounterTotals Dataplane::counters() const {
  CounterTotals totals;
  for (const Worker& worker : impl_->workers) totals.add(worker.pipeline->counters());
  return totals;
}

CounterTotals Dataplane::counters_of(unsigned worker) const {
  CounterTotals totals;
  totals.add(impl_->workers[worker].pipeline->counters());
  return totals;
}

void Dataplane::take_drops(const std::function<void(const DropSample&)>& handler) {
  DropSample sample;
  for (const Worker& worker : impl_->workers)
    while (worker.pipeline->drop_log().take(sample)) handler(sample);
}

uint64_t Dataplane::drop_samples_missed() const {
  uint64_t missed = 0;
  for (const Worker& worker : impl_->workers) missed += worker.pipeline->drop_log().missed();
  return missed;
}

unsigned Dataplane::workers() const { return static_cast<unsigned>(impl_->workers.size()); }

unsigned Dataplane::worker_cores() const { return static_cast<unsigned>(impl_->plan.worker_cores.size()); }

uint32_t Dataplane::max_flows() const { return impl_->plan.memory.max_flows; }

uint64_t Dataplane::flow_memory() const { return impl_->flow_memory(); }

uint32_t Dataplane::oldest_heartbeat(TimePoint now) const {
  uint64_t oldest = coarse_seconds(now);
  for (const Worker& worker : impl_->workers)
    oldest = std::min(oldest, worker.pipeline->counters().heartbeat.load(std::memory_order_relaxed));
  return static_cast<uint32_t>(coarse_seconds(now) - oldest);
}

void Dataplane::walk_flows(const FlowQuery& query,
                           std::function<void(const std::vector<FlowRecord>& records, bool last)> on_chunk,
                           std::function<Pace()> reader) {
  impl_->desk->walk_flows(query, std::move(on_chunk), std::move(reader));
}

void Dataplane::erase_flows(const FlowQuery& query, std::function<void(uint64_t flows)> on_erased) {
  impl_->desk->erase_flows(query, std::move(on_erased));
}

void Dataplane::arm_trace(const TraceWish& wish) { impl_->desk->arm_trace(wish); }

void Dataplane::take_traces(const std::function<void(unsigned worker, const TraceRecord&)>& handler) {
  TraceRecord record;
  for (unsigned worker = 0; worker < workers(); ++worker)
    while (impl_->workers[worker].pipeline->tracer().take(record)) handler(worker, record);
}

void Dataplane::poll_requests() { impl_->desk->poll(); }
bool Dataplane::requests_pending() const { return impl_->desk->pending(); }

bool Dataplane::start_capture(int fd, bool drops_only, uint64_t max_packets) {
  impl_->free_ended_capture();
  if (impl_->capture) {
    ::close(fd);
    return false;
  }
  Result<std::unique_ptr<CaptureThread>> started = CaptureThread::start(
      impl_->tap, {fd, drops_only, max_packets, link_names(snapshot())}, impl_->numa_node);
  if (!started) {
    log_warning("capture: {}", started.error().message);
    return false;
  }
  impl_->capture = std::move(*started);
  return true;
}

void Dataplane::stop_capture() {
  if (!impl_->capture) return;
  impl_->capture->stop();
  impl_->free_ended_capture();
}

bool Dataplane::capturing() const { return impl_->capture && !impl_->capture->ended(); }

uint64_t Dataplane::captured() const { return impl_->capture ? impl_->capture->written() : impl_->captured; }

}  // namespace gate41
