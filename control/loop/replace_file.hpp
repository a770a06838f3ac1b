// Replacing a file so that a power cut at any moment leaves the old text or the new one: temporary file,
// fsync, rename, fsync of the folder.
#pragma once

#include <filesystem>
#include <string_view>
#include <sys/types.h>

#include "dataplane/base/result.hpp"

namespace gate41::loop {

enum class Predecessor { drop, keep };  // as FILE.old

// An error leaves the text before, as the file or, where it was to be kept, as FILE.old. The folder must be
// there.
Result<void> replace_file(const std::filesystem::path& file, std::string_view text, Predecessor predecessor,
                          mode_t mode = 0600);

}  // namespace gate41::loop
