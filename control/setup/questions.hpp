// Questions: what the set-up asks for, and how an answer goes into the configuration. Whether it is right
// says the loader.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "control/setup/settings.hpp"

namespace gate41::setup {

// The answer that takes away what there can be none of.
inline constexpr std::string_view kNone = "none";

struct Question {
  const char* label;
  const char* allowed;  // an example, or the words
  std::string (*get)(const Settings&);
  void (*set)(Settings&, const std::string& answer);
  bool secret = false;  // not shown when it is typed, and typed twice
};

// Those that matter with what has been answered so far: no gateway with DHCP, no relays with 6in4.
[[nodiscard]] std::vector<Question> questions_of(const Settings& settings);

}  // namespace gate41::setup
