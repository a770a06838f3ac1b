// A small good file and ways to spoil it.
#pragma once

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

#include "config/loader.hpp"

namespace gate41::config {

inline constexpr std::string_view kGateway =
    "role: gateway\n"
    "ports:\n"
    "  wan: { device: net_null0 }\n"
    "  lan: { device: net_null1 }\n"
    "wan:\n"
    "  port: wan\n"
    "tunnels:\n"
    "  main:\n"
    "    mode: 6to4\n"
    "    relays: [11.0.0.3]\n"
    "lans:\n"
    "  home:\n"
    "    port: lan\n"
    "state: /var/lib/gate41\n";

inline constexpr std::string_view kRelay =
    "role: relay\n"
    "ports:\n"
    "  wan: { device: net_null0 }\n"
    "  six: { device: net_null1 }\n"
    "wan:\n"
    "  port: wan\n"
    "  ipv4: { address: 11.0.0.3/24, gateway: 11.0.0.1 }\n"
    "tunnels: { main: { mode: 6to4 } }\n"
    "relay:\n"
    "  unicast: 11.0.0.3\n"
    "  native:\n"
    "    port: six\n"
    "    address: 2600:41::3/64\n"
    "    gateway: 2600:41::1\n";

// A good file with `from` replaced by `to`, and what the loader says then.
struct Case {
  const char* name;
  std::string_view base;
  std::string_view from;
  std::string_view to;
  std::string_view expected;
};
class LoadProblem : public testing::TestWithParam<Case> {};
std::string case_name(const testing::TestParamInfo<Case>& info);

// `text` with the first `from` replaced; `from` must be there.
std::string replaced(std::string_view text, std::string_view from, std::string_view to);

// All problems as printed, a line each, for a file called "f"; "ok" when it loads.
std::string problems_of(std::string_view yaml);

// Of the folder config/.
std::string config_file(const std::string& name);
std::string read_config_file(const std::string& name);

// Loads what must load.
Config loaded(std::string_view yaml);

}  // namespace gate41::config
