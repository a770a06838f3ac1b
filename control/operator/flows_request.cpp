#include "control/operator/flows_request.hpp"

#include <algorithm>
#include <array>

#include "control/operator/members.hpp"
#include "dataplane/net/protocol_name.hpp"

namespace gate41::op {
namespace {

using Line = nlohmann::json;

constexpr uint64_t kMostShown = 1000;
constexpr std::array<std::string_view, 3> kShown{"rows", "count", "talkers"};
constexpr std::array<std::string_view, 4> kOrders{"none", "age", "bytes", "rate"};

std::string text_of(const Line& value) { return value.is_string() ? value.get<std::string>() : ""; }

Result<void> read_prefix(const Line& line, const char* name, std::optional<Ipv6Prefix>& out) {
  const auto member = line.find(name);
  if (member == line.end()) return {};
  out = Ipv6Prefix::parse(text_of(*member));
  if (out) return {};
  return fail("`" + std::string(name) + "` must be an IPv6 address or prefix");
}

Result<void> read_port(const Line& line, std::optional<uint16_t>& out) {
  const auto member = line.find("port");
  if (member == line.end()) return {};
  if (!member->is_number_unsigned() || *member > 65535) return fail("`port` must be a port, 0 to 65535");
  out = member->get<uint16_t>();
  return {};
}

Result<void> read_protocol(const Line& line, std::optional<uint8_t>& out) {
  const auto member = line.find("proto");
  if (member == line.end()) return {};
  out = protocol_named(text_of(*member));
  if (out) return {};
  return fail("`proto` must be a protocol's name, as in tcp, udp, icmpv6, or its number as a text");
}

Result<void> read_name(const Line& line, const char* name, std::string& out) {
  const auto member = line.find(name);
  if (member == line.end()) return {};
  out = text_of(*member);
  return out.empty() ? Result<void>(fail("`" + std::string(name) + "` must be a name")) : Result<void>();
}

template <typename Word, std::size_t kWords>
Result<void> read_word(const Line& line, const char* name, const std::array<std::string_view, kWords>& words,
                       Word& out) {
  const auto member = line.find(name);
  if (member == line.end()) return {};
  const auto* word = std::ranges::find(words, text_of(*member));
  if (word != words.end()) {
    out = static_cast<Word>(word - words.begin());
    return {};
  }
  std::string allowed;
  for (const std::string_view one : words) allowed += (allowed.empty() ? "" : ", ") + std::string(one);
  return fail("`" + std::string(name) + "` must be one of " + allowed);
}

}  // namespace

Result<FlowSelection> parse_selection(const Line& line) {
  FlowSelection selection;
  const auto read = read_prefix(line, "address", selection.address)
                        .and_then([&] { return read_prefix(line, "interior", selection.interior); })
                        .and_then([&] { return read_prefix(line, "exterior", selection.exterior); })
                        .and_then([&] { return read_port(line, selection.port); })
                        .and_then([&] { return read_protocol(line, selection.protocol); })
                        .and_then([&] { return read_name(line, "state", selection.state); })
                        .and_then([&] { return read_name(line, "lan", selection.lan); });
  if (!read) return tl::unexpected(read.error());
  return selection;
}

Result<FlowsRequest> parse_flows(const Line& line) {
  FlowsRequest request;
  auto selection = parse_selection(line);
  if (!selection) return tl::unexpected(selection.error());
  request.selection = std::move(*selection);
  const auto read = read_word(line, "show", kShown, request.shown)
                        .and_then([&] { return read_word(line, "order", kOrders, request.order); })
                        .and_then([&] { return read_number(line, "top", 1, kMostShown, request.top); });
  if (!read) return tl::unexpected(read.error());
  return request;
}

Result<FlowsRequest> parse_flows_delete(const Line& line) {
  for (const char* shows : {"show", "order", "top"})
    if (line.contains(shows)) return fail("`" + std::string(shows) + "` has no place in a deletion");
  FlowsRequest request;
  auto selection = parse_selection(line);
  if (!selection) return tl::unexpected(selection.error());
  request.selection = std::move(*selection);
  if (const auto read = read_flag(line, "all", request.all); !read) return tl::unexpected(read.error());
  return request;
}

}  // namespace gate41::op
