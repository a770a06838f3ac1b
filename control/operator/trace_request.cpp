#include "control/operator/trace_request.hpp"

#include "control/operator/flows_request.hpp"
#include "control/operator/members.hpp"

namespace gate41::op {

Result<TraceRequest> parse_packet_trace(const nlohmann::json& line) {
  const auto selection = parse_selection(line);
  if (!selection) return tl::unexpected(selection.error());
  for (const char* of_flows : {"interior", "exterior", "state", "lan"})
    if (line.contains(of_flows)) return fail("`" + std::string(of_flows) + "` has no place in a trace");
  TraceRequest request;
  request.address = selection->address;
  request.port = selection->port;
  request.protocol = selection->protocol;
  auto seconds = static_cast<uint32_t>(request.time.count());
  const auto read = read_number(line, "count", 1, 1000, request.count)
                        .and_then([&] { return read_number(line, "seconds", 1, 3600, seconds); })
                        .and_then([&] { return read_flag(line, "dropped", request.dropped); });
  if (!read) return tl::unexpected(read.error());
  request.time = std::chrono::seconds(seconds);
  if (const auto on = line.find("on"); on != line.end()) {
    if (!on->is_string()) return fail("`on` must be the name of a port");
    request.on = on->get<std::string>();
  }
  return request;
}

}  // namespace gate41::op
