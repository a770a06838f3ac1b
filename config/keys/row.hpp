// What the rows of the table of keys are written with.
#pragma once

#include <array>

#include "config/keys.hpp"
#include "config/text_rules.hpp"
#include "config/words.hpp"

namespace gate41::config {

using namespace words;
inline constexpr Reload live = Reload::live;
inline constexpr Reload restart = Reload::restart;
inline constexpr uint64_t kMebibyte = uint64_t{1} << 20U;

inline constexpr std::string_view kNameForm = "1 to 15 of a-z, 0-9 and -";
inline constexpr std::string_view kPortName = "a name under ports";

}  // namespace gate41::config
