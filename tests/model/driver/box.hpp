// Box: the product's packet path around its filter, asked one burst at a time. Verdicts are read from what
// left and from which counter moved.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "tests/model/generator/event.hpp"
#include "tests/model/reference/verdict.hpp"
#include "tests/unit/worker/site.hpp"

namespace gate41::model {

class Box {
 public:
  Box();
  // Begins anew: no flow, no fragment, nothing invited, and time 0 from here on.
  void forget();
  void set_policy(const Policy& policy);
  // Packets of one time and one direction, at most kBurst: a verdict for each.
  [[nodiscard]] std::vector<Verdict> verdicts(std::span<const Event> burst);

 private:
  using Counts = std::array<uint64_t, kDropReasonCount>;
  void add_hosts();
  [[nodiscard]] Counts drops();
  // Which of a burst have left, by their marks, and to where they should.
  [[nodiscard]] std::vector<bool> collect(Direction direction, std::size_t many);

  testing::GatewaySite site_;
  TimePoint zero_ = testing::kStart;
};

}  // namespace gate41::model
