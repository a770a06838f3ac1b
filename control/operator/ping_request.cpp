#include "control/operator/ping_request.hpp"

#include <cmath>

#include "control/operator/members.hpp"

namespace gate41::op {
namespace {

using Line = nlohmann::json;

constexpr double kLeastInterval = 0.1;
constexpr double kMostInterval = 3600;
constexpr uint64_t kMostSize = 1452;  // of a packet of 1500 bytes

std::optional<Ipv6Address> address_in(const Line& value) {
  return value.is_string() ? Ipv6Address::parse(value.get<std::string>()) : std::nullopt;
}

Result<void> read_interval(const Line& line, Duration& out) {
  const auto member = line.find("interval");
  if (member == line.end()) return {};
  const double seconds = member->is_number() ? member->get<double>() : 0;
  if (!(seconds >= kLeastInterval && seconds <= kMostInterval))
    return fail("`interval` must be a number of seconds, 0.1 to 3600");
  out = Duration(std::llround(seconds * 1e9));
  return {};
}

Result<void> read_ends(const Line& line, PingRequest& request) {
  const auto destination = line.find("destination");
  const auto to = destination == line.end() ? std::nullopt : address_in(*destination);
  if (!to) return fail("`destination` must be an IPv6 address");
  request.destination = *to;
  const auto source = line.find("source");
  if (source == line.end()) return {};
  request.source = address_in(*source);
  if (!request.source) return fail("`source` must be an IPv6 address");
  return {};
}

Result<void> read_ping(const Line& line, PingRequest& request) {
  if (auto read = read_number(line, "count", 1, 1000, request.count); !read) return read;
  if (auto read = read_number(line, "size", 0, kMostSize, request.size); !read) return read;
  return read_interval(line, request.interval);
}

Result<void> read_trace(const Line& line, PingRequest& request) {
  request.count = 3;
  if (auto read = read_number(line, "count", 1, 10, request.count); !read) return read;
  return read_number(line, "max_hops", 1, 255, request.max_hops);
}

}  // namespace

Result<PingRequest> parse_ping(const Line& line, bool trace) {
  PingRequest request;
  request.trace = trace;
  if (const auto read = read_ends(line, request); !read) return tl::unexpected(read.error());
  const auto read = trace ? read_trace(line, request) : read_ping(line, request);
  if (!read) return tl::unexpected(read.error());
  return request;
}

}  // namespace gate41::op
