#include "control/loop/udp_sender.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include "control/loop/errno_text.hpp"

namespace gate41::loop {
namespace {

sockaddr_in socket_address(Ipv4Address address, uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = Be16(port).raw();
  result.sin_addr.s_addr = address.value.raw();
  return result;
}

bool switch_on(int fd, int level, int option) {
  const int on = 1;
  return ::setsockopt(fd, level, option, &on, sizeof on) == 0;
}

bool hold_to(int fd, const std::string& ifname) {
  const auto size = static_cast<socklen_t>(ifname.size());
  return ::setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, ifname.c_str(), size) == 0;
}

bool bind_to(int fd, const UdpPath& path) {
  const sockaddr_in source = socket_address(path.source, path.source_port);
  return hold_to(fd, path.ifname) && switch_on(fd, SOL_SOCKET, SO_REUSEADDR) &&
         switch_on(fd, IPPROTO_IP, IP_FREEBIND) &&
         ::bind(fd, reinterpret_cast<const sockaddr*>(&source), sizeof source) == 0;
}

}  // namespace

Result<Fd> udp_question(const std::string& ifname, Ipv4Address server, uint16_t port) {
  Fd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const sockaddr_in to = socket_address(server, port);
  if (!fd || !hold_to(fd.get(), ifname) ||
      ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
    return fail("udp: " + ifname + " cannot reach " + server.to_string() + ": " + errno_text());
  return fd;
}

Result<void> send_udp(const UdpPath& path, Bytes payload) {
  const Fd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const std::string from =
      path.source.to_string() + ':' + std::to_string(path.source_port) + " on " + path.ifname;
  if (!fd || !bind_to(fd.get(), path)) return fail("udp: cannot send from " + from + ": " + errno_text());
  const sockaddr_in to = socket_address(path.destination, path.destination_port);
  if (::sendto(fd.get(), payload.data(), payload.size(), 0, reinterpret_cast<const sockaddr*>(&to),
               sizeof to) < 0)
    return fail("udp: " + from + " cannot reach " + path.destination.to_string() + ": " + errno_text());
  return {};
}

}  // namespace gate41::loop
