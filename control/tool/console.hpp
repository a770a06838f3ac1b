// The tool's two outputs, and Ctrl-C.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "control/tool/client.hpp"

namespace gate41::tool {

// To standard output.
void print(const std::string& text);
void print_json(const nlohmann::json& line);
// To standard error.
void complain(const std::string& text);
// The exit code; an error is told.
int finish(const Ending& ending);

// The first Ctrl-C ends what the daemon does for the client, the second one the tool. `client` stays where it
// is from now on.
void end_on_interrupt(const Client& client);

}  // namespace gate41::tool
