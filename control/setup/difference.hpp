// The lines by which two texts differ. Pure.
#pragma once

#include <string>
#include <string_view>

namespace gate41::setup {

// "- line" for what goes, "+ line" for what comes, in their order; nothing else. Empty: they are the same.
[[nodiscard]] std::string difference(std::string_view before, std::string_view after);

}  // namespace gate41::setup
