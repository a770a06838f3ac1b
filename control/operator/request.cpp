#include "control/operator/request.hpp"

#include <array>
#include <optional>
#include <utility>

#include "control/operator/members.hpp"
#include "control/operator/protocol.hpp"

namespace gate41::op {
namespace {

struct Value {
  std::string_view command;
  Json (View::*get)();
};

constexpr std::array kValues = {
    Value{"status", &View::status},
    Value{"health", &View::health},
    Value{"neighbours", &View::neighbours},
    Value{"neigh", &View::neighbours},
    Value{"counters", &View::counters},
    Value{"tunnels", &View::tunnels},
    Value{"dhcp", &View::dhcp},
    Value{"ra", &View::ra},
    Value{"ports", &View::ports},
    Value{"pinholes", &View::pinholes},
    Value{"doctor", &View::doctor},
    Value{"version", &View::version},
    Value{"configuration", &View::configuration},
};

Result<void> read_arguments(const Json& line, Request& request) {
  if (auto read = read_flag(line, "drops", request.drops); !read) return read;
  if (const auto count = line.find("count"); count != line.end()) {
    if (!count->is_number_unsigned()) return fail("`count` must be a whole number, 0 for no limit");
    request.count = count->get<uint64_t>();
  }
  if (const auto reason = line.find("reason"); reason != line.end()) {
    if (!reason->is_string()) return fail("`reason` must be the name of a drop reason");
    request.reason = reason->get<std::string>();
  }
  if (const auto destination = line.find("destination"); destination != line.end()) {
    if (destination->is_string()) request.destination = Ipv6Address::parse(destination->get<std::string>());
    if (!request.destination) return fail("`destination` must be an IPv6 address");
  }
  return {};
}

Result<void> read_id(const Json& line, Request& request) {
  const auto id = line.find("id");
  if (id == line.end() || !id->is_number_unsigned() || *id > UINT32_MAX)
    return fail("`id` must be a whole number");
  request.id = id->get<uint32_t>();
  return {};
}

template <typename T>
Result<void> take(Result<T> parsed, std::optional<T>& out) {
  if (!parsed) return tl::unexpected(parsed.error());
  out = std::move(*parsed);
  return {};
}

// Some commands have arguments that are theirs alone.
Result<void> read_arguments_of(const Json& line, Request& request) {
  const std::string& command = request.command;
  if (command == "ping" || command == "traceroute")
    return take(parse_ping(line, command == "traceroute"), request.ping);
  if (command == "flows") return take(parse_flows(line), request.flows);
  if (command == "flows_delete") return take(parse_flows_delete(line), request.flows);
  if (command == "trace") return take(parse_packet_trace(line), request.trace);
  if (command == "pinhole_add") return take(parse_pinhole(line), request.pinhole);
  if (command == "pinhole_del") return read_id(line, request);
  return read_arguments(line, request);
}

}  // namespace

Result<Request> parse_request(std::string_view text) {
  const Json line = Json::parse(text, nullptr, false);
  if (!line.is_object()) return fail("the request is not a JSON object in one line");
  const auto version = line.find("version");
  if (version == line.end()) return fail("the request has no `version`; this daemon speaks 1");
  if (*version != kProtocolVersion)
    return fail("version " + one_line(*version) + " of the protocol is unknown; this daemon speaks " +
                std::to_string(kProtocolVersion));
  const auto command = line.find("command");
  if (command == line.end() || !command->is_string()) return fail("the request has no `command`");
  Request request{.command = command->get<std::string>()};
  if (const auto read = read_arguments_of(line, request); !read) return tl::unexpected(read.error());
  return request;
}

std::optional<Json> value_of(View& view, std::string_view command) {
  for (const Value& value : kValues)
    if (value.command == command) return (view.*value.get)();
  return std::nullopt;
}

}  // namespace gate41::op
