// What bash needs to complete the command line of `gate41`: made of the commands and options themselves.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace gate41::tool {

// A script that bash sources. It offers commands, their own commands, and options; where none fits, files.
[[nodiscard]] std::string bash_completion(const CLI::App& app);

}  // namespace gate41::tool
