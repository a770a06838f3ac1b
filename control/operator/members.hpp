// Members of a request's line, each read where it is there; what is wrong with one is told by its name.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "dataplane/base/result.hpp"

namespace gate41::op {

// A whole number of this range.
template <typename Number>
Result<void> read_number(const nlohmann::json& line, const std::string& name, uint64_t least, uint64_t most,
                         Number& out) {
  const auto member = line.find(name);
  if (member == line.end()) return {};
  const bool fits = member->is_number_unsigned() && *member >= least && *member <= most;
  if (!fits)
    return fail("`" + name + "` must be a whole number, " + std::to_string(least) + " to " +
                std::to_string(most));
  out = member->get<Number>();
  return {};
}

inline Result<void> read_flag(const nlohmann::json& line, const std::string& name, bool& out) {
  const auto member = line.find(name);
  if (member == line.end()) return {};
  if (!member->is_boolean()) return fail("`" + name + "` must be true or false");
  out = member->get<bool>();
  return {};
}

}  // namespace gate41::op
