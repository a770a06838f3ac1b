// Box: the product's packet path around its filter, asked one burst at a time. Verdicts are read from what
// left and from which counter moved. Several workers hand over to each other within a burst.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "tests/model/generator/event.hpp"
#include "tests/model/reference/verdict.hpp"
#include "tests/unit/worker/site.hpp"

namespace gate41::model {

// The packet that an error "administratively prohibited" to its sender is about.
struct Refused {
  Ipv6Address source;
  Ipv6Address destination;
  uint8_t protocol = 0;
  uint16_t source_port = 0;
  uint16_t destination_port = 0;
  bool operator==(const Refused&) const = default;
};
[[nodiscard]] Refused refused_of(const Headers& headers);

class Box {
 public:
  explicit Box(uint16_t workers = 1);
  // Begins anew: no flow, no fragment, nothing invited, and time 0 from here on.
  void forget();
  void set_policy(const Policy& policy);
  // Time passes. Who hears now of what was refused before; and how many would have, were there no rate.
  struct Late {
    std::vector<Refused> told;
    uint64_t limited = 0;
  };
  [[nodiscard]] Late pass_time(Time now);
  // Packets of one time and one direction, at most kBurst, after pass_time(): a verdict for each.
  [[nodiscard]] std::vector<Verdict> verdicts(std::span<const Event> burst);

 private:
  using Counts = std::array<uint64_t, kDropReasonCount>;
  void add_hosts();
  // Of all workers.
  template <typename Predicate>
  void erase_flows(Predicate predicate);
  [[nodiscard]] Counts drops();
  [[nodiscard]] uint64_t limited();

  uint16_t workers_;
  uint64_t bursts_ = 0;  // each comes by the next worker's queue
  testing::GatewaySite site_;
  TimePoint zero_ = testing::kStart;
};

}  // namespace gate41::model
