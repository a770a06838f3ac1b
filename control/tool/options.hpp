// The command line of `gate41`.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace gate41::tool {

struct Options {
  std::string command;
  std::string socket;
  bool json = false;
  bool all = false;    // counters
  std::string action;  // flows: "" or delete; pinhole: add, del, list
  // As the request has them (control/operator/protocol.hpp): flows and trace, pinhole add.
  nlohmann::json selection = nlohmann::json::object();
  nlohmann::json pinhole = nlohmann::json::object();
  uint32_t id = 0;     // pinhole del
  bool drops = false;  // capture
  // capture, drops: 0 = no limit; routes: native ones; ping, traceroute: requests (a hop)
  uint64_t count = 0;
  std::string reason;       // drops; empty: all
  std::string file;         // capture ("-": standard output), diff, setup
  std::string destination;  // routes (empty: all), ping, traceroute
  std::string source;       // ping, traceroute; empty: the daemon chooses
  double interval = 1;      // ping: seconds
  uint16_t size = 56;       // ping: bytes of data
  uint16_t max_hops = 30;   // traceroute
};

struct CommandLine {
  std::optional<Options> options;  // nullopt: there is nothing more to do
  int exit_code = 0;               // then; what to say has been said
};

CommandLine parse_command_line(int argc, const char* const* argv);

}  // namespace gate41::tool
