// What `ping` and `traceroute` ask for.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "dataplane/base/clock.hpp"
#include "dataplane/base/result.hpp"
#include "dataplane/net/address.hpp"

namespace gate41::op {

struct PingRequest {
  Ipv6Address destination;
  std::optional<Ipv6Address> source;
  bool trace = false;
  uint16_t count = 5;                           // ping: requests; traceroute: those of a hop
  Duration interval = std::chrono::seconds(1);  // ping
  uint16_t size = 56;                           // ping: bytes of data
  uint8_t max_hops = 30;                        // traceroute
};

// `line`: the request as an object (protocol.hpp). The error names the member and what is allowed.
Result<PingRequest> parse_ping(const nlohmann::json& line, bool trace);

}  // namespace gate41::op
