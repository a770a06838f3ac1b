// HostAccept: the routing protocols that the kernel's programs may hear without having spoken first
// (host.accept). Where the packet comes from is the stages' to judge: neighbours only. Packet path.
#pragma once

#include "dataplane/net/parsed_packet.hpp"

namespace gate41 {

struct HostAccept {
  bool bgp = false;  // TCP to port 179 (RFC 4271 §8)
  bool bfd = false;  // UDP to port 3784 with hop limit 255 (RFC 5881 §4, §5)

  // `packet`: whole, to an own address. Answers to what was opened from here are not its concern.
  [[nodiscard]] bool lets_in(const ParsedPacket& packet) const noexcept;
};

}  // namespace gate41
