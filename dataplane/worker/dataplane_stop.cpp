// Dataplane from running workers to nothing.
#include <chrono>
#include <thread>

#include <rte_launch.h>

#include "dataplane/base/log.hpp"
#include "dataplane/worker/dataplane_impl.hpp"
#include "dataplane/worker/telemetry.hpp"

namespace gate41 {
namespace {

constexpr auto kPatience = std::chrono::seconds(2);

bool ends_in_time(unsigned lcore) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (rte_eal_get_lcore_state(lcore) == RUNNING) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  rte_eal_wait_lcore(lcore);
  return true;
}

}  // namespace

bool Dataplane::Impl::stop_workers() {
  if (!running) return true;
  for (Worker& worker : workers) worker.loop->stop();
  bool all = true;
  for (const Worker& worker : workers) all = ends_in_time(worker.lcore) && all;
  running = !all;
  return all;
}

// A capture that has ended goes once no worker can still be copying into its ring.
void Dataplane::Impl::free_ended_capture() {
  if (!capture || !capture->ended() || !grace->wait_briefly()) return;
  captured = capture->written();
  capture.reset();
}

void Dataplane::stop() {
  if (!impl_) return;
  telemetry::close();
  if (impl_->capture) impl_->capture->stop();
  if (impl_->stop_workers()) {
    impl_->ports.reset();
    impl_->eal.reset();
  } else {
    log_error("a worker does not stop; its driver may be waiting for the device");
  }
  // Tables and pools stay as they are and go with the process. DPDK clears what is freed, also what was never
  // touched: that takes seconds for a large flow table. And a worker that does not stop may still use them.
  [[maybe_unused]] static Impl* left_behind = nullptr;
  left_behind = impl_.release();
}

Dataplane::~Dataplane() { stop(); }

}  // namespace gate41
