#include "control/tool/client.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <system_error>
#include <utility>

#include "control/operator/protocol.hpp"
#include "control/tool/exit_codes.hpp"
#include "control/tool/fields.hpp"

namespace gate41::tool {
namespace {

constexpr int kBriefMs = 1'000;
constexpr int kUsualMs = 30'000;
constexpr int kEndless = -1;  // poll(2)

int milliseconds(Patience patience) {
  if (patience == Patience::endless) return kEndless;
  return patience == Patience::brief ? kBriefMs : kUsualMs;
}

// unix(7): connect() waits for a place among those that the daemon has still to accept.
void limit_sending(int fd, int limit_ms) {
  const timeval limit{.tv_sec = limit_ms / 1000, .tv_usec = limit_ms % 1000 * 1000};
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

std::string remedy(int error) {
  if (error == EAGAIN) return "it does not look at its clients; its log may say why";
  if (error == EACCES || error == EPERM)
    return "join the group of the socket (usually `gate41`), or use root";
  return "start gate41d, or name its socket by --instance or --socket";
}

// The end of an answer; nullopt: `line` is not it.
std::optional<Ending> ending(const Json& line) {
  const Json& end = at(line, "end");
  if (!end.is_object()) return std::nullopt;
  if (flag(end, "ok")) return Ending{kOk, ""};
  return Ending{kRefused, text(end, "error")};
}

}  // namespace

Result<Client> Client::connect(const std::string& path, Patience patience) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return fail(path + ": is too long for a socket");
  std::memcpy(address.sun_path, path.data(), path.size());
  loop::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  limit_sending(fd.get(), milliseconds(patience == Patience::brief ? patience : Patience::usual));
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int error = errno;
    return fail("no daemon at " + path + ": " + std::generic_category().message(error) + "; " +
                remedy(error));
  }
  return Client(std::move(fd));
}

bool Client::send(const std::string& line, int descriptor) const {
  iovec bytes{const_cast<char*>(line.data()), line.size()};  // NOLINT: sendmsg only reads
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  if (descriptor >= 0) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* part = CMSG_FIRSTHDR(&message);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(sizeof descriptor);
    std::memcpy(CMSG_DATA(part), &descriptor, sizeof descriptor);
  }
  // A request is far smaller than the socket's buffer: it goes out whole or not at all.
  return ::sendmsg(fd_.get(), &message, MSG_NOSIGNAL) == static_cast<ssize_t>(line.size());
}

std::optional<std::string> Client::next_line(int timeout_ms) {
  for (;;) {
    const std::size_t end = input_.find('\n', searched_);
    if (end != std::string::npos) {
      std::string line = input_.substr(taken_, end - taken_);
      taken_ = searched_ = end + 1;
      return line;
    }
    input_.erase(0, std::exchange(taken_, 0));  // once a reading, not once a line: there may be a million
    searched_ = input_.size();
    pollfd ready{fd_.get(), POLLIN, 0};
    const int count = ::poll(&ready, 1, timeout_ms);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return std::nullopt;
    std::array<char, 65536> bytes;
    const ssize_t got = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    input_.append(bytes.data(), static_cast<std::size_t>(got));
  }
}

Ending Client::ask(Json request, int descriptor, const OnLine& on_line, Patience patience) {
  request["version"] = op::kProtocolVersion;
  // A refusal may be there already though nothing could be sent.
  static_cast<void>(send(op::one_line(request) + '\n', descriptor));
  while (const auto text = next_line(milliseconds(patience))) {
    const Json line = Json::parse(*text, nullptr, false);
    if (line.is_discarded()) return {kNoDaemon, "what answers is not gate41d: it does not speak JSON"};
    if (const auto end = ending(line)) return *end;
    on_line(line);
  }
  return {kNoDaemon, "the daemon hung up or is silent in the middle of its answer; its log may say why"};
}

void Client::end_input() const noexcept { ::shutdown(fd_.get(), SHUT_WR); }

}  // namespace gate41::tool
