// The table that people read, and the JSON that is kept.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "perf/pipeline/case.hpp"
#include "perf/pipeline/measure.hpp"
#include "perf/pipeline/traffic.hpp"

namespace gate41::perf {

// What a row is about, beside its case.
struct Conditions {
  uint32_t flows = 0;
  FrameSize size = 0;
  std::string wire;
  unsigned burst = 32;
};

class Table {
 public:
  // `where`: a sentence about the machine.
  Table(std::string where, unsigned runs);
  // The first one is what is judged, the second one, if any, the yardstick.
  void add(const Case& what, const Conditions& conditions, const std::vector<Cost>& costs);
  void save(const std::string& path) const;

 private:
  std::string where_;
  nlohmann::json rows_ = nlohmann::json::array();
};

}  // namespace gate41::perf
