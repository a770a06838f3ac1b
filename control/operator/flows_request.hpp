// What `flows` and `flows_delete` ask for. Names of states and LANs are the daemon's business.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "dataplane/base/result.hpp"
#include "dataplane/net/address.hpp"

namespace gate41::op {

// Which flows; what is given must all hold.
struct FlowSelection {
  std::optional<Ipv6Prefix> address;  // of either end
  std::optional<Ipv6Prefix> interior;
  std::optional<Ipv6Prefix> exterior;
  std::optional<uint16_t> port;  // of either end
  std::optional<uint8_t> protocol;
  std::string state;  // empty: any
  std::string lan;    // empty: any
  bool operator==(const FlowSelection&) const = default;
};

enum class FlowsShown : uint8_t { rows, count, talkers };
enum class FlowOrder : uint8_t { none, age, bytes, rate };

struct FlowsRequest {
  FlowSelection selection;
  FlowsShown shown = FlowsShown::rows;
  FlowOrder order = FlowOrder::none;  // of rows: the first `top` of this order, the largest first
  uint32_t top = 20;                  // of ordered rows, of hosts
  bool all = false;                   // flows_delete without a selection
};

// `line`: the request as an object (protocol.hpp). The error names the member and what is allowed. What only
// sorts or shows has no place in a deletion: who gives it means something else.
Result<FlowsRequest> parse_flows(const nlohmann::json& line);
Result<FlowsRequest> parse_flows_delete(const nlohmann::json& line);
// The members that select, alone.
Result<FlowSelection> parse_selection(const nlohmann::json& line);

}  // namespace gate41::op
