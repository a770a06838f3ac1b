// Upper-layer protocols by the names that operators use.
#pragma once

#include <cstdint>
#include <string>

#include "dataplane/net/headers.hpp"

namespace gate41 {

inline std::string protocol_name(uint8_t protocol) {
  switch (protocol) {
    case ip_proto::kTcp:
      return "tcp";
    case ip_proto::kUdp:
      return "udp";
    case ip_proto::kIcmp:
      return "icmp";
    case ip_proto::kIcmpv6:
      return "icmpv6";
    default:
      return std::to_string(protocol);
  }
}

}  // namespace gate41
