// Files of a line or two, as sysfs and procfs have them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "dataplane/base/result.hpp"

namespace gate41::appliance {

// As it is; nullopt: it can't be read.
[[nodiscard]] std::optional<std::string> read_file(const std::filesystem::path& path);
// Without white space at the end; empty: it can't be read.
[[nodiscard]] std::string read_line(const std::filesystem::path& path);
// In one write, into a file that is there already; the kernel's answer is the error.
Result<void> write_into(const std::filesystem::path& path, std::string_view text);

}  // namespace gate41::appliance
