#include "dataplane/worker/idle_wait.hpp"

#include <algorithm>
#include <unistd.h>

#include <rte_ethdev.h>

namespace gate41 {
namespace {

bool is_ready(const pollfd& source) noexcept { return (source.revents & POLLIN) != 0; }

// Bell and interrupts are eventfds.
void silence(const pollfd& source) noexcept {
  uint64_t times = 0;
  if (is_ready(source)) [[maybe_unused]]
    const auto taken = ::read(source.fd, &times, sizeof times);
}

}  // namespace

IdleWait::IdleWait(const Doorbell& bell, std::span<const RxQueue> queues)
    : queues_(queues), sources_{{bell.fd(), POLLIN, 0}} {
  for (const RxQueue& queue : queues)
    if (queue.interrupt >= 0) sources_.push_back({queue.interrupt, POLLIN, 0});
}

void IdleWait::arm() noexcept {
  for (const RxQueue& rx : queues_) rte_eth_dev_rx_intr_enable(rx.device, rx.queue);
}

void IdleWait::disarm() noexcept {
  for (const RxQueue& rx : queues_) rte_eth_dev_rx_intr_disable(rx.device, rx.queue);
}

Waking IdleWait::wait(Duration at_most) noexcept {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(at_most);
  const timespec limit{seconds.count(), (at_most - seconds).count()};
  if (::ppoll(sources_.data(), sources_.size(), &limit, nullptr) <= 0) return Waking::time_out;
  std::ranges::for_each(sources_, silence);
  return std::any_of(sources_.begin() + 1, sources_.end(), is_ready) ? Waking::interrupt : Waking::bell;
}

}  // namespace gate41
