// Checked files: small texts that survive a power cut at any moment. Each is replaced whole or not at all
// (replace_file.hpp), begins with a line that holds its checksum, is readable by its owner only, and leaves
// its predecessor as NAME.old for the case that it breaks.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "dataplane/base/result.hpp"

namespace gate41::loop {

struct CheckedText {
  std::optional<std::string> text;  // nullopt: never written, or broken beyond NAME.old
  // What is wrong with the file and what was taken instead, a sentence; empty: nothing is wrong.
  std::string trouble;
};

[[nodiscard]] CheckedText read_checked(const std::filesystem::path& folder, const std::string& name);

// An error leaves the text before, as the file or as NAME.old. The folder must be there.
Result<void> write_checked(const std::filesystem::path& folder, const std::string& name,
                           std::string_view text);

}  // namespace gate41::loop
