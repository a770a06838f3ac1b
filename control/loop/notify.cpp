#include "control/loop/notify.hpp"

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "control/loop/errno_text.hpp"
#include "dataplane/base/log.hpp"

namespace gate41::loop {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

Fd connect_to(std::string_view path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  errno = ENAMETOOLONG;
  if (path.size() >= sizeof address.sun_path) return {};
  std::memcpy(address.sun_path, path.data(), path.size());
  if (path.front() == '@') address.sun_path[0] = '\0';  // the abstract namespace
  Fd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  if (fd && ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0) return {};
  return fd;
}

// $WATCHDOG_PID, when set, names the process that $WATCHDOG_USEC is meant for.
std::optional<Duration> watchdog_from_environment() {
  const std::string_view text = variable("WATCHDOG_USEC");
  const std::string_view pid = variable("WATCHDOG_PID");
  int64_t microseconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), microseconds);
  if (error != std::errc() || end != text.data() + text.size() || microseconds <= 0) return std::nullopt;
  if (!pid.empty() && pid != std::to_string(::getpid())) return std::nullopt;
  return std::chrono::microseconds(microseconds);
}

}  // namespace

Notifier::Notifier() {
  const std::string_view path = variable("NOTIFY_SOCKET");
  if (path.empty()) return;
  watchdog_limit_ = watchdog_from_environment();
  socket_ = connect_to(path);
  if (!socket_) log_warning("notify: nobody listens at $NOTIFY_SOCKET ({}): {}", path, errno_text());
}

void Notifier::ready() { send("READY=1"); }
void Notifier::stopping() { send("STOPPING=1"); }

void Notifier::watchdog(TimePoint now) {
  if (!watchdog_limit_ || now - fed_ < *watchdog_limit_ / 4) return;
  fed_ = now;
  send("WATCHDOG=1");
}

void Notifier::status(std::string_view sentence) {
  send("STATUS=" + std::string(sentence.substr(0, sentence.find('\n'))));
}

void Notifier::send(const std::string& message) {
  if (socket_) static_cast<void>(::send(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL));
}

}  // namespace gate41::loop
