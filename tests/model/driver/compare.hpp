// The same sequence through the reference and through the product.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "tests/model/driver/box.hpp"

namespace gate41::model {

struct Verdicts {
  Verdict reference = Verdict::pass;
  Verdict product = Verdict::pass;
};

// Both verdicts for each event up to the end of the first burst in which they differ; those of a change of
// policy are `pass`.
struct Comparison {
  std::vector<Verdicts> verdicts;
  std::string late;  // how those differ who hear, before the last burst, that they were refused
  uint64_t packets = 0;
  bool differs = false;
};
[[nodiscard]] Comparison compare(Box& box, std::span<const Event> sequence);

}  // namespace gate41::model
