#include "control/operator/trace_request.hpp"

#include "control/operator/flows_request.hpp"

namespace gate41::op {
namespace {

Result<uint32_t> read_number(const nlohmann::json& line, const char* name, uint32_t most, uint32_t fallback) {
  const auto member = line.find(name);
  if (member == line.end()) return fallback;
  if (!member->is_number_unsigned() || *member < 1 || *member > most)
    return fail("`" + std::string(name) + "` must be a whole number, 1 to " + std::to_string(most));
  return member->get<uint32_t>();
}

}  // namespace

Result<TraceRequest> parse_packet_trace(const nlohmann::json& line) {
  const auto selection = parse_selection(line);
  if (!selection) return tl::unexpected(selection.error());
  for (const char* of_flows : {"interior", "exterior", "state", "lan"})
    if (line.contains(of_flows)) return fail("`" + std::string(of_flows) + "` has no place in a trace");
  const auto count = read_number(line, "count", 1000, 10);
  if (!count) return tl::unexpected(count.error());
  const auto seconds = read_number(line, "seconds", 3600, 60);
  if (!seconds) return tl::unexpected(seconds.error());
  TraceRequest request{selection->address,
                       selection->port,
                       selection->protocol,
                       "",
                       false,
                       *count,
                       std::chrono::seconds(*seconds)};
  if (const auto on = line.find("on"); on != line.end()) {
    if (!on->is_string()) return fail("`on` must be the name of a port");
    request.on = on->get<std::string>();
  }
  if (const auto dropped = line.find("dropped"); dropped != line.end()) {
    if (!dropped->is_boolean()) return fail("`dropped` must be true or false");
    request.dropped = dropped->get<bool>();
  }
  return request;
}

}  // namespace gate41::op
