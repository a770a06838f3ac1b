// SyslogSender: what the daemon logs, also to a syslog server (log.syslog), by UDP through the kernel's stack
// (RFC 5426). Once a second, as far as the kernel takes it: the log never waits for the network. Control
// thread only, but lines come from whoever logs; one at a time.
#pragma once

#include <optional>
#include <string>

#include "control/syslog/outbox.hpp"
#include "dataplane/net/address.hpp"

namespace gate41 {

class SyslogSender {
 public:
  // `interface`: the kernel's, on the WAN.
  explicit SyslogSender(std::string interface);
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
  std::string interface_;
  std::optional<Ipv4Address> server_;
  syslog::Outbox outbox_;
  std::string trouble_;
};

}  // namespace gate41
