#include "control/daemon/syslog_sender.hpp"

#include <array>
#include <chrono>
#include <fmt/core.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "control/loop/errno_text.hpp"
#include "control/loop/udp_sender.hpp"
#include "dataplane/base/log_prefix.hpp"
#include "dataplane/base/log_sink.hpp"

namespace gate41 {
namespace {

constexpr uint16_t kSyslogPort = 514;

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

syslog::WallTime wall() { return std::chrono::system_clock::now(); }

}  // namespace

int lines_of_supervisor() {
  int type = 0;
  socklen_t size = sizeof type;
  const int failed = ::getsockopt(STDIN_FILENO, SOL_SOCKET, SO_TYPE, &type, &size);
  return failed == 0 && type == SOCK_SEQPACKET ? STDIN_FILENO : -1;
}

SyslogSender::SyslogSender(std::string interface, int supervisor)
    : interface_(std::move(interface)),
      supervisor_(supervisor),
      outbox_({host_name(), "gate41d", ::getpid()}) {}

SyslogSender::~SyslogSender() { set_log_sink(nullptr); }

void SyslogSender::configure(std::optional<Ipv4Address> server) {
  server_ = server;
  trouble_.clear();
  if (server_)
    set_log_sink([this](LogLevel level, std::string_view text) { outbox_.add(level, text, wall()); });
  else
    set_log_sink(nullptr);
}

void SyslogSender::take_lines_of_supervisor() {
  std::array<char, syslog::Outbox::kLongest> bytes;
  ssize_t got = 0;
  while (supervisor_ >= 0 && (got = ::recv(supervisor_, bytes.data(), bytes.size(), MSG_DONTWAIT)) > 0) {
    const auto [level, text] = without_prefix({bytes.data(), static_cast<std::size_t>(got)});
    if (server_) outbox_.add(level, fmt::format("gate41-init: {}", text), wall());
  }
}

// A socket each time: its source is the address that the WAN has now.
void SyslogSender::send() {
  take_lines_of_supervisor();
  if (!server_ || outbox_.front().empty()) return;
  const auto socket = loop::udp_question(interface_, *server_, kSyslogPort);
  trouble_ = socket ? "" : socket.error().message;
  while (socket && !outbox_.front().empty()) {
    const std::string message = outbox_.front();
    if (::send(socket->get(), message.data(), message.size(), MSG_DONTWAIT) < 0) {
      trouble_ = loop::errno_text();
      return;
    }
    outbox_.pop(wall());
  }
}

}  // namespace gate41
