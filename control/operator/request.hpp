// One line of a client, understood.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "control/operator/view.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::op {

struct Request {
  std::string command;
  bool drops = false;                      // capture
  uint64_t count = 0;                      // capture, drops: 0 = no limit; routes: so many native ones
  std::string reason;                      // drops; empty: all
  std::optional<Ipv6Address> destination;  // routes
  std::optional<PingRequest> ping;         // ping, traceroute
  std::optional<FlowsRequest> flows;       // flows, flows_delete
  std::optional<TraceRequest> trace;       // trace
  std::optional<PinholeRequest> pinhole;   // pinhole_add
  uint32_t id = 0;                         // pinhole_del
};

Result<Request> parse_request(std::string_view line);

// The answer to a command that is one value of the view; nullopt: it is not such a command.
std::optional<Json> value_of(View& view, std::string_view command);

}  // namespace gate41::op
