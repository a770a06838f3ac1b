// EventLoop: the control thread's one epoll. It owns no deadline: the daemon asks its engines for theirs and
// passes the earliest to turn(). Control thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>

#include "dataplane/base/clock.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::loop {

class EventLoop {
 public:
  // `events`: EPOLLIN and so on, as they came.
  using OnReady = std::function<void(uint32_t events)>;

  static Result<std::unique_ptr<EventLoop>> create();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Level triggered. Watching a descriptor again replaces events and callback. The descriptor stays the
  // caller's, who unwatches it before closing it; both calls are allowed within a callback.
  void watch(int fd, uint32_t events, OnReady on_ready);
  void unwatch(int fd);

  // Waits until a descriptor is ready or `deadline` has come (nullopt: without limit), calls the ready ones
  // once.
  void turn(std::optional<TimePoint> deadline);

 private:
  explicit EventLoop(int epoll) : epoll_(epoll) {}
  int epoll_;
  std::unordered_map<int, std::shared_ptr<OnReady>> callbacks_;
};

}  // namespace gate41::loop
