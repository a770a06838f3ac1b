// The options of commands that have many: they fill the request itself.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "control/tool/options.hpp"

namespace gate41::tool {

void add_flows(CLI::App& app, Options& options);
void add_pinhole(CLI::App& app, Options& options);
void add_packet_trace(CLI::App& app, Options& options);

// CLI11 takes -1 as the greatest number.
std::string check_count(const std::string& text);

}  // namespace gate41::tool
