#include "appliance/init/notify_socket.hpp"

#include <array>
#include <cstring>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <utility>

namespace gate41::appliance {

NotifySocket::NotifySocket(loop::EventLoop& loop, const std::string& path, OnMessage on_message)
    : loop_(loop), on_message_(std::move(on_message)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return;  // then nobody is heard, and nobody counts as hanging
  std::memcpy(address.sun_path, path.data(), path.size());
  ::unlink(path.c_str());
  fd_.reset(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    loop_.watch(fd_.get(), EPOLLIN, [this](uint32_t) { read(); });
}

void NotifySocket::read() {
  std::array<char, 2048> message;
  ssize_t got = 0;
  while ((got = ::recv(fd_.get(), message.data(), message.size(), 0)) > 0)
    on_message_({message.data(), static_cast<std::size_t>(got)});
}

}  // namespace gate41::appliance
