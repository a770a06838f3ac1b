// What `trace` asks for.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "dataplane/base/result.hpp"
#include "dataplane/net/address.hpp"

namespace gate41::op {

struct TraceRequest {
  std::optional<Ipv6Prefix> address;  // of either end
  std::optional<uint16_t> port;       // of either end
  std::optional<uint8_t> protocol;
  std::string on;  // name of the port that the packets come by; empty: any
  bool dropped = false;
  uint32_t count = 10;
  std::chrono::seconds time{60};
};

// `line`: the request as an object (protocol.hpp). The error names the member and what is allowed.
Result<TraceRequest> parse_packet_trace(const nlohmann::json& line);

}  // namespace gate41::op
