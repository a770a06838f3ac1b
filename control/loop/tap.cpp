#include "control/loop/tap.hpp"

#include <array>
#include <cstring>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <utility>

#include "control/loop/errno_text.hpp"
#include "control/loop/sysctl.hpp"

namespace gate41::loop {
namespace {

constexpr const char* kDevice = "/dev/net/tun";

ifreq request_for(const std::string& name) {
  ifreq request{};
  std::memcpy(request.ifr_name, name.data(), name.size());
  return request;
}

tl::unexpected<Error> device_error(int error) {
  std::string message = std::string(kDevice) + ": cannot be opened: " + errno_text(error);
  if (error == ENOENT || error == ENODEV || error == ENXIO)
    message +=
        "; load the module (modprobe tun), or pass the device to the container (--device /dev/net/tun)";
  if (error == EACCES || error == EPERM) message += "; run gate41d as root";
  return fail(message);
}

tl::unexpected<Error> attach_error(const std::string& name, int error) {
  if (error == EBUSY || error == EINVAL || error == EEXIST)
    return fail(name +
                ": another program has an interface of this name; stop the other gate41d, or give this one a "
                "`host.netns` of its own");
  std::string message = name + ": the TAP cannot be made: " + errno_text(error);
  if (error == EPERM) message += "; gate41d needs CAP_NET_ADMIN: run it as root";
  return fail(message);
}

Result<Fd> attach(const std::string& name) {
  Fd fd(::open(kDevice, O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return device_error(errno);
  ifreq request = request_for(name);
  // Exclusive: a persistent TAP that somebody left would be taken over with all its settings.
  request.ifr_flags = static_cast<short>(IFF_TAP | IFF_NO_PI | IFF_TUN_EXCL);
  if (::ioctl(fd.get(), TUNSETIFF, &request) != 0) return attach_error(name, errno);
  return fd;
}

Result<void> write_settings(const std::string& name, TapFamily family) {
  using Setting = std::pair<const char*, const char*>;
  constexpr std::array kIpv6{
      Setting{"disable_ipv6", "0"}, Setting{"addr_gen_mode", "1"},        Setting{"accept_ra", "0"},
      Setting{"autoconf", "0"},     Setting{"router_solicitations", "0"}, Setting{"forwarding", "0"}};
  constexpr std::array kIpv4{Setting{"disable_ipv6", "1"}};
  if (!kernel_has_ipv6()) {
    if (family == TapFamily::ipv4) return {};
    return fail(name + ": the kernel runs without IPv6; start it without ipv6.disable=1");
  }
  const std::span<const Setting> settings =
      family == TapFamily::ipv6 ? std::span<const Setting>(kIpv6) : kIpv4;
  for (const auto& [key, value] : settings)
    if (auto done = write_sysctl("ipv6/conf/" + name + '/' + key, value); !done) return done;
  return {};
}

bool set_mac(int control, const TapSettings& settings) {
  ifreq request = request_for(settings.name);
  request.ifr_hwaddr.sa_family = ARPHRD_ETHER;
  std::memcpy(request.ifr_hwaddr.sa_data, settings.mac.bytes.data(), settings.mac.bytes.size());
  return ::ioctl(control, SIOCSIFHWADDR, &request) == 0;
}

bool set_mtu(int control, const TapSettings& settings) {
  ifreq request = request_for(settings.name);
  request.ifr_mtu = settings.mtu;
  return ::ioctl(control, SIOCSIFMTU, &request) == 0;
}

bool bring_up(int control, const TapSettings& settings) {
  ifreq request = request_for(settings.name);
  if (::ioctl(control, SIOCGIFFLAGS, &request) != 0) return false;
  const int noarp = settings.family == TapFamily::ipv6 ? IFF_NOARP : 0;
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP | noarp);
  return ::ioctl(control, SIOCSIFFLAGS, &request) == 0;
}

Result<void> configure(const TapSettings& settings) {
  const Fd control(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto failed = [&](const std::string& what) {
    return fail(settings.name + ": cannot " + what + ": " + errno_text());
  };
  if (!control) return failed("open a socket for it");
  if (!set_mac(control.get(), settings)) return failed("get the MAC " + settings.mac.to_string());
  if (!set_mtu(control.get(), settings)) return failed("get the MTU " + std::to_string(settings.mtu));
  if (!bring_up(control.get(), settings)) return failed("be brought up");
  return {};
}

}  // namespace

Result<Tap> Tap::create(const TapSettings& settings) {
  if (settings.name.empty() || settings.name.size() >= IFNAMSIZ)
    return fail("\"" + settings.name + "\": a TAP's name has 1 to 15 bytes; shorten the name of the LAN");
  Result<Fd> fd = attach(settings.name);
  if (!fd) return tl::unexpected(fd.error());
  Tap tap(std::move(*fd), settings.name);
  // Before the interface is up: its first act would be an RS and an address of its own.
  if (const auto done = write_settings(settings.name, settings.family); !done)
    return tl::unexpected(done.error());
  if (const auto done = configure(settings); !done) return tl::unexpected(done.error());
  tap.index_ = ::if_nametoindex(settings.name.c_str());
  return tap;
}

std::optional<Bytes> Tap::read(std::span<uint8_t> buffer) {
  const ssize_t n = ::read(fd_.get(), buffer.data(), buffer.size());
  if (n <= 0) return std::nullopt;
  return Bytes(buffer).first(static_cast<std::size_t>(n));
}

bool Tap::write(Bytes frame) {
  return ::write(fd_.get(), frame.data(), frame.size()) == static_cast<ssize_t>(frame.size());
}

}  // namespace gate41::loop
