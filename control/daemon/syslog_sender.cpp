#include "control/daemon/syslog_sender.hpp"

#include <array>
#include <chrono>
#include <sys/socket.h>
#include <unistd.h>

#include "control/loop/errno_text.hpp"
#include "control/loop/udp_sender.hpp"
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

SyslogSender::SyslogSender(std::string interface)
    : interface_(std::move(interface)), outbox_({host_name(), "gate41d", ::getpid()}) {}

SyslogSender::~SyslogSender() { set_log_sink(nullptr); }

void SyslogSender::configure(std::optional<Ipv4Address> server) {
  server_ = server;
  trouble_.clear();
  if (server_)
    set_log_sink([this](LogLevel level, std::string_view text) { outbox_.add(level, text, wall()); });
  else
    set_log_sink(nullptr);
}

// A socket each time: its source is the address that the WAN has now.
void SyslogSender::send() {
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
