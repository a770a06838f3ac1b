#include "control/loop/event_loop.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <span>
#include <sys/epoll.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "control/loop/errno_text.hpp"
#include "dataplane/base/log.hpp"

namespace gate41::loop {
namespace {

constexpr std::size_t kEventsPerTurn = 64;

// Rounded up: a turn that ends before its deadline would find nothing to do and come back.
int milliseconds_until(std::optional<TimePoint> deadline) {
  if (!deadline) return -1;
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*deadline - now()).count();
  return static_cast<int>(std::clamp<decltype(wait)>(wait, 0, std::numeric_limits<int>::max()));
}

}  // namespace

Result<std::unique_ptr<EventLoop>> EventLoop::create() {
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) return fail("event loop: " + errno_text() + "; raise the limit of open files (LimitNOFILE)");
  return std::unique_ptr<EventLoop>(new EventLoop(epoll));
}

EventLoop::~EventLoop() { ::close(epoll_); }

void EventLoop::watch(int fd, uint32_t events, OnReady on_ready) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  int failed = callbacks_.contains(fd) ? ::epoll_ctl(epoll_, EPOLL_CTL_MOD, fd, &event) : -1;
  if (failed != 0) failed = ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  if (failed != 0) return log_error("event loop: descriptor {} can't be watched: {}", fd, errno_text());
  callbacks_[fd] = std::make_shared<OnReady>(std::move(on_ready));
}

void EventLoop::unwatch(int fd) {
  if (callbacks_.erase(fd) != 0) ::epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr);
}

void EventLoop::turn(std::optional<TimePoint> deadline) {
  std::array<epoll_event, kEventsPerTurn> events;
  const int ready =
      ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), milliseconds_until(deadline));
  if (ready <= 0) {
    if (ready < 0 && errno != EINTR) log_error("event loop: {}", errno_text());
    return;
  }
  // A callback may unwatch a descriptor that is ready too, and its number may come back as another's within
  // the same turn: an event belongs to the callback that was there when it came.
  std::vector<std::pair<epoll_event, std::shared_ptr<OnReady>>> due;
  for (const epoll_event& event : std::span(events).first(static_cast<std::size_t>(ready)))
    if (const auto found = callbacks_.find(event.data.fd); found != callbacks_.end())
      due.emplace_back(event, found->second);
  for (const auto& [event, callback] : due) {
    const auto found = callbacks_.find(event.data.fd);
    if (found != callbacks_.end() && found->second == callback) (*callback)(event.events);
  }
}

}  // namespace gate41::loop
