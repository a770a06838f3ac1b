// Errors: what follows from an ICMPv4 error about a packet of a tunnel (RFC 4213 §3.4; D16..D18, X8, Q14): it
// comes from any router, so it counts only when this box could have sent what it quotes. Sans-I/O; control
// thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "control/path/tunnel_error.hpp"
#include "dataplane/base/clock.hpp"
#include "dataplane/worker/snapshot.hpp"

namespace gate41::path {

struct Consequences {
  bool plausible = false;                  // nothing else follows otherwise
  std::size_t tunnel = 0;                  // that sent it; index in the snapshot's
  std::optional<uint16_t> endpoint_mtu;    // the largest IPv4 packet to the endpoint: for the path MTU table
  std::optional<Ipv4Address> unreachable;  // the endpoint; for the relays' health
  std::vector<uint8_t> answer;             // an ICMPv6 error for the inner source; empty = none is owed
  std::optional<std::string> event;        // for the log, at most one a minute
};

// D18: the tunnel that could have sent it: own source, a peer that such a packet goes to.
[[nodiscard]] std::optional<std::size_t> sender_of(const Snapshot& snapshot,
                                                   const TunnelError& error) noexcept;

class Errors {
 public:
  Consequences on_error(const TunnelError& error, const Snapshot& snapshot, TimePoint now);

 private:
  std::optional<std::string> event_of(const TunnelError& error, TimePoint now);
  TimePoint quiet_until_{};
  uint64_t unsaid_ = 0;
};

}  // namespace gate41::path
