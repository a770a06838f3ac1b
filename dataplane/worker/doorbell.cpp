#include "dataplane/worker/doorbell.hpp"

#include <cerrno>
#include <cstring>
#include <fmt/core.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace gate41 {

Result<void> Doorbell::open() {
  fd_ = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (fd_ < 0)
    return fail(fmt::format("no eventfd: {}; raise the limit on open files", std::strerror(errno)));
  return {};
}

Doorbell::~Doorbell() {
  if (fd_ >= 0) ::close(fd_);
}

void Doorbell::wake() noexcept {
  const uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);  // fails only when it rings already
}

void Doorbell::silence() noexcept {
  uint64_t rings = 0;
  [[maybe_unused]] const auto taken = ::read(fd_, &rings, sizeof rings);
}

}  // namespace gate41
