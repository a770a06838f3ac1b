#include "control/loop/netlink_socket.hpp"

#include <optional>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

#include "control/loop/errno_text.hpp"

namespace gate41::loop {
namespace {

constexpr std::size_t kReceiveBytes = 32 * 1024;  // as much as the kernel puts into one read of a dump

using Clock = std::chrono::steady_clock;  // finer than MonotonicClock, which steps by milliseconds

bool wait_readable(int fd, Clock::time_point end) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
  pollfd ready{fd, POLLIN, 0};
  return left > 0 && ::poll(&ready, 1, static_cast<int>(left)) > 0;
}

// The errno that ends the exchange; nullopt: another message of the answer.
std::optional<int> end_of(const nlmsghdr& message) {
  if (message.nlmsg_type == NLMSG_DONE) return 0;
  if (message.nlmsg_type != NLMSG_ERROR) return std::nullopt;
  const auto* told = header_of<nlmsgerr>(message);
  return told == nullptr ? EBADMSG : -told->error;
}

}  // namespace

Result<NetlinkSocket> NetlinkSocket::open(uint32_t groups, int queue) {
  Fd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = groups;
  if (!fd || ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return fail("netlink: " + errno_text());
  // The plain option when the privilege for more is missing.
  if (::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUFFORCE, &queue, sizeof queue) != 0)
    ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &queue, sizeof queue);
  return NetlinkSocket(std::move(fd));
}

int NetlinkSocket::receive(const OnMessage& on_message, unsigned reads) {
  alignas(nlmsghdr) std::array<uint8_t, kReceiveBytes> buffer;
  for (; reads > 0; --reads) {
    const ssize_t n = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n == 0 ? EAGAIN : errno;
    for_each_message({buffer.data(), static_cast<std::size_t>(n)}, on_message);
  }
  return 0;
}

bool NetlinkSocket::waits() const {
  pollfd ready{fd_.get(), POLLIN, 0};
  return ::poll(&ready, 1, 0) > 0;
}

Result<uint32_t> NetlinkSocket::start_dump(NetlinkRequest& request) {
  nlmsghdr& message = request.message();
  message.nlmsg_flags |= NLM_F_DUMP;
  message.nlmsg_seq = ++sequence_;
  if (::send(fd_.get(), &message, message.nlmsg_len, 0) < 0) return fail("netlink: " + errno_text());
  return sequence_;
}

int NetlinkSocket::ask(nlmsghdr& request) {
  request.nlmsg_flags |= NLM_F_ACK;
  return exchange(request, [](const nlmsghdr&) {});
}

int NetlinkSocket::dump(NetlinkRequest& request, const OnMessage& on_message) {
  request.message().nlmsg_flags |= NLM_F_DUMP;
  return exchange(request.message(), on_message);
}

int NetlinkSocket::exchange(nlmsghdr& request, const OnMessage& on_message) {
  request.nlmsg_seq = ++sequence_;
  if (::send(fd_.get(), &request, request.nlmsg_len, 0) < 0) return errno;
  std::optional<int> end;
  const auto limit = Clock::now() + kAnswerLimit;
  while (!end) {
    if (!wait_readable(fd_.get(), limit)) return ETIMEDOUT;
    const int error = receive([&](const nlmsghdr& message) {
      if (message.nlmsg_seq != sequence_ || end) return;  // the answer to a request that was given up
      end = end_of(message);
      if (!end) on_message(message);
    });
    if (error != EAGAIN) return error;
  }
  return *end;
}

Attributes attributes_of(const nlmsghdr& message, std::size_t header_size) {
  Attributes result{};
  const NetlinkBytes bytes = payload_of(message);
  for_each_attribute(bytes.subspan(std::min(netlink_aligned(header_size), bytes.size())),
                     [&](const nlattr& attribute) {
                       if (type_of(attribute) < result.size()) result[type_of(attribute)] = &attribute;
                     });
  return result;
}

}  // namespace gate41::loop
