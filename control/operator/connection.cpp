#include "control/operator/connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>

#include "control/operator/protocol.hpp"

namespace gate41::op {
namespace {

constexpr std::size_t kMaxInput = kMaxRequestBytes + 1;  // with its line end
constexpr std::size_t kDescriptors = 4;                  // more in one message: the kernel closes them

bool is_transient(int error) { return error == EAGAIN || error == EINTR; }

// Every descriptor that came along is ours now; the last one is kept in `kept`.
void take_descriptors(msghdr& message, loop::Fd& kept) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(part) + i * sizeof(int), sizeof number);
      kept.reset(number);
    }
  }
}

}  // namespace

void Connection::receive() {
  if (!wants_input()) return;
  std::array<char, 16384> bytes;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kDescriptors * sizeof(int))> control;
  iovec room{bytes.data(), std::min(bytes.size(), kMaxInput - input_.size())};
  msghdr message{};
  message.msg_iov = &room;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t got = ::recvmsg(fd(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (got < 0) {
    broken_ = broken_ || !is_transient(errno);
    return;
  }
  take_descriptors(message, descriptor_);
  input_ended_ = got == 0;
  input_.append(bytes.data(), static_cast<std::size_t>(got));
}

bool Connection::line_waits() const noexcept {
  return input_.find('\n') != std::string::npos || (input_ended_ && !input_.empty());
}

bool Connection::too_long() const noexcept { return input_.size() >= kMaxInput && !line_waits(); }

std::optional<std::string> Connection::next_line() {
  if (!line_waits()) return std::nullopt;
  const std::size_t end = std::min(input_.find('\n'), input_.size());
  std::string line = input_.substr(0, end);
  input_.erase(0, end + 1);
  return line;
}

bool Connection::send(std::string_view line) {
  if (closing_) return false;
  if (unsent() + line.size() + 1 > max_unsent_) return false;
  output_.append(line).push_back('\n');
  return true;
}

void Connection::send_last(std::string_view line) {
  if (!closing_) output_.append(line).push_back('\n');
  closing_ = true;
}

void Connection::flush() {
  while (unsent() > 0 && !broken_) {
    const ssize_t sent = ::send(fd(), output_.data() + sent_, unsent(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) {
      broken_ = !is_transient(errno);
      break;
    }
    sent_ += static_cast<std::size_t>(sent);
  }
  // The sent part goes when it is the larger one, so that its bytes are moved once on average.
  if (sent_ > output_.size() / 2) {
    output_.erase(0, sent_);
    sent_ = 0;
  }
}

bool Connection::wants_input() const noexcept {
  return !input_ended_ && !closing_ && !broken_ && input_.size() < kMaxInput;
}

}  // namespace gate41::op
