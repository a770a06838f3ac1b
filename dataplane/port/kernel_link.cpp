#include "dataplane/port/kernel_link.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/core.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace gate41 {
namespace {

tl::unexpected<Error> failed(const std::string& interface) {
  return fail(fmt::format("{}: {}", interface, std::strerror(errno)));
}

}  // namespace

Result<KernelLink> KernelLink::open(const std::string& interface) {
  KernelLink link(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), 0);
  if (link.socket_ < 0) return failed(interface);
  ifreq request{};
  interface.copy(request.ifr_name, IFNAMSIZ - 1);
  if (::ioctl(link.socket_, SIOCGIFINDEX, &request) != 0) return failed(interface);
  link.index_ = request.ifr_ifindex;
  return link;
}

KernelLink::KernelLink(KernelLink&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), index_(other.index_) {}

KernelLink::~KernelLink() {
  if (socket_ >= 0) ::close(socket_);
}

bool KernelLink::is_running() const noexcept {
  ifreq request{};
  request.ifr_ifindex = index_;
  if (::ioctl(socket_, SIOCGIFNAME, &request) != 0) return false;
  return ::ioctl(socket_, SIOCGIFFLAGS, &request) == 0 && (request.ifr_flags & IFF_RUNNING) != 0;
}

Result<uint16_t> KernelLink::mtu() const {
  ifreq request{};
  request.ifr_ifindex = index_;
  if (::ioctl(socket_, SIOCGIFNAME, &request) != 0 || ::ioctl(socket_, SIOCGIFMTU, &request) != 0)
    return fail(fmt::format("its MTU: {}", std::strerror(errno)));
  return static_cast<uint16_t>(std::min(request.ifr_mtu, 0xffff));
}

}  // namespace gate41
