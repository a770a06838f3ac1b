#include "control/loop/sysctl.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "control/loop/errno_text.hpp"
#include "control/loop/fd.hpp"

namespace gate41::loop {

Result<void> write_sysctl(const std::string& name, std::string_view value) {
  const std::string path = "/proc/sys/net/" + name;
  const Fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (fd && ::write(fd.get(), value.data(), value.size()) == static_cast<ssize_t>(value.size())) return {};
  const int error = errno;
  std::string message = path + ": cannot be set to " + std::string(value) + ": " + errno_text(error);
  if (error == EROFS) message += "; a container must mount /proc/sys writable";
  if (error == EACCES || error == EPERM) message += "; run gate41d as root";
  return fail(message);
}

bool kernel_has_ipv6() { return ::access("/proc/sys/net/ipv6", F_OK) == 0; }

}  // namespace gate41::loop
