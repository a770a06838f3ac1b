// Flows for operators: a flow as a row, the largest of many, and what each LAN host has. All of it is of
// bounded size, however many flows go by. Control thread only.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "control/operator/view.hpp"
#include "dataplane/worker/requests.hpp"

namespace gate41 {

// `seconds`: coarse seconds, now.
[[nodiscard]] op::Json flow_row(const FlowRecord& record, uint32_t seconds);

// The first `most` of an order, the largest first.
class FlowRanking {
 public:
  // A rate is that of the flow's whole life.
  FlowRanking(op::FlowOrder order, std::size_t most) : order_(order), most_(most) {}
  void add(const FlowRecord& record, uint32_t seconds);
  [[nodiscard]] std::vector<FlowRecord> take();

 private:
  struct Ranked {
    double value;
    std::size_t place;  // in records_
  };
  op::FlowOrder order_;
  std::size_t most_;
  std::vector<Ranked> heap_;  // the smallest in front
  std::vector<FlowRecord> records_;
};

struct HostTotals {
  Ipv6Address address;
  uint64_t flows = 0;
  uint64_t bytes = 0;
};

// What the hosts of the LANs have. Of very many hosts (an address a packet is easily forged) those with the
// least go into `others` on the way, so that a host's figure may lack what it had before it was large.
class HostTally {
 public:
  static constexpr std::size_t kHosts = 4096;
  enum class By : uint8_t { flows, bytes };

  explicit HostTally(By by) : by_(by) {}
  void add(const FlowRecord& record);
  // The first `most`, the largest first; `others` is what is left, with no address.
  [[nodiscard]] std::vector<HostTotals> take(std::size_t most, HostTotals& others);

 private:
  void keep_largest(std::size_t most);

  By by_;
  std::unordered_map<std::string, HostTotals> hosts_;  // by the address's bytes
  HostTotals others_;
};

}  // namespace gate41
