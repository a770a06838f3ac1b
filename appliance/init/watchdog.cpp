#include "appliance/init/watchdog.hpp"

#include <fcntl.h>
#include <linux/watchdog.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace gate41::appliance {
namespace {

void write_to(const loop::Fd& fd, char byte) {
  if (fd) static_cast<void>(::write(fd.get(), &byte, 1) == 1);
}

}  // namespace

Watchdog::Watchdog(const std::filesystem::path& device) : fd_(::open(device.c_str(), O_WRONLY | O_CLOEXEC)) {
  int seconds = static_cast<int>(kLimit.count());
  if (fd_) ::ioctl(fd_.get(), WDIOC_SETTIMEOUT, &seconds);
}

void Watchdog::feed() const { write_to(fd_, '\0'); }

void Watchdog::disarm() {
  write_to(fd_, 'V');  // the "magic close" of Linux' watchdog-api
  fd_.reset();
}

}  // namespace gate41::appliance
