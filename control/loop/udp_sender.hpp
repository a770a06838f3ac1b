// One UDP datagram through the kernel's stack, which does ARP and routing for it: unicast renewals of the
// DHCP client (RFC 2131 §4.4.5). Answers come by the exception path like every frame. Control thread.
#pragma once

#include <cstdint>
#include <string>

#include "control/loop/fd.hpp"
#include "dataplane/base/result.hpp"
#include "dataplane/net/address.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41::loop {

struct UdpPath {
  std::string ifname;
  Ipv4Address source;
  uint16_t source_port = 68;
  Ipv4Address destination;
  uint16_t destination_port = 67;
};

// A socket for questions to one server through the kernel's stack, from a port that it draws; what others
// send to it does not arrive. Not blocking.
Result<Fd> udp_question(const std::string& ifname, Ipv4Address server, uint16_t port);

// Errors: the interface is gone or down, no route, no permission. A missing neighbour is not seen here.
Result<void> send_udp(const UdpPath& path, Bytes payload);

}  // namespace gate41::loop
