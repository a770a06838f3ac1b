// SyslogSender: what the daemon logs, also to a syslog server (log.syslog), by UDP through the kernel's stack
// (RFC 5426), and what the appliance's first process says, which knows no network. Once a second, as far as
// the kernel takes it: the log never waits for the network. Control thread only, but lines come from whoever
// logs; one at a time.
#pragma once

#include <optional>
#include <string>

#include "control/syslog/outbox.hpp"
#include "dataplane/net/address.hpp"

namespace gate41 {

// The descriptor that gate41-init hands over in place of standard input: a socket with its lines, one a
// message, "<N>" in front as in our own log. -1: somebody else has started us.
[[nodiscard]] int lines_of_supervisor();

class SyslogSender {
 public:
  // `interface`: the kernel's, on the WAN.
  explicit SyslogSender(std::string interface, int supervisor = -1);
  ~SyslogSender();
  SyslogSender(const SyslogSender&) = delete;
  SyslogSender& operator=(const SyslogSender&) = delete;

  // nullopt: nobody wants it, and nothing is kept.
  void configure(std::optional<Ipv4Address> server);
  void send();

  [[nodiscard]] const std::optional<Ipv4Address>& server() const { return server_; }
  [[nodiscard]] const syslog::Outbox& outbox() const { return outbox_; }
  // Why those that wait have not left; empty: they have, or will within a second.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }

 private:
  void take_lines_of_supervisor();

  std::string interface_;
  int supervisor_;
  std::optional<Ipv4Address> server_;
  syslog::Outbox outbox_;
  std::string trouble_;
};

}  // namespace gate41
