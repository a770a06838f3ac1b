// NotifySocket: hears what a child says of itself by sd_notify(3).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "control/loop/event_loop.hpp"
#include "control/loop/fd.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::appliance {

class NotifySocket {
 public:
  using OnMessage = std::function<void(std::string_view message)>;

  // Listens at `path`, the child's $NOTIFY_SOCKET. `loop` outlives the object.
  NotifySocket(loop::EventLoop& loop, const std::string& path, OnMessage on_message);
  ~NotifySocket() { loop_.unwatch(fd_.get()); }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

 private:
  void read();

  loop::EventLoop& loop_;
  OnMessage on_message_;
  loop::Fd fd_;
};

}  // namespace gate41::appliance
