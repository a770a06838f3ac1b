#include "dataplane/filter/host_shares.hpp"

#include <algorithm>

namespace gate41 {
namespace {

// Of the accounts there are as many as a fourth of the flows: two hosts, spoofing as fast as they can, hold
// an eighth each.
constexpr uint32_t kFlowsPerLine = 32;
constexpr uint32_t kLeastLines = 32;

}  // namespace

HostShares::HostShares(uint32_t max_flows, int numa_node, const HashSecret& secret)
    : lines_("flow shares", std::max(max_flows / kFlowsPerLine, kLeastLines), numa_node), secret_(secret) {}

uint64_t HostShares::hash(const MacAddress& mac) const noexcept {
  uint64_t value = 0;
  for (const uint8_t byte : mac.bytes) value = value << 8U | byte;
  return fold_multiply(value ^ secret_.c, secret_.a);
}

HostShares::Account HostShares::charge(uint64_t holder) noexcept {
  const uint32_t at = line_of(holder);
  const auto name = static_cast<uint32_t>(holder);
  Line& line = lines_[at];
  uint32_t mine = kWays;
  for (uint32_t way = 0; way < kWays; ++way) {
    if (line.flows[way] == 0) {
      mine = way;
    } else if (line.holders[way] == name) {
      mine = way;
      break;
    }
  }
  if (mine == kWays) return kNobody;
  line.holders[mine] = name;
  ++line.flows[mine];
  return at * kWays + mine;
}

}  // namespace gate41
