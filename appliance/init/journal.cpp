#include "appliance/init/journal.hpp"

#include <array>
#include <fmt/core.h>
#include <sys/socket.h>

#include "appliance/init/lines.hpp"

namespace gate41::appliance {

Journal::Journal(BoundedLog log) : log_(std::move(log)) {
  std::array<int, 2> ends{-1, -1};
  ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data());
  write_end_.reset(ends[0]);
  read_end_.reset(ends[1]);
}

void Journal::add(std::string_view source, std::string_view line) {
  const std::string text = readable(line);
  log_.add(now(), source, text);
  if (on_console_) fmt::print(stderr, "{}: {}\n", source, text);
}

void Journal::say(std::string_view line) {
  add("init", line);
  ::send(write_end_.get(), line.data(), line.size(), MSG_NOSIGNAL);
}

}  // namespace gate41::appliance
