// The checks once more, slowly, as the list of rules that RFC 3964 §5 gives (with the rows that refine it),
// on plain octets and with arithmetic of its own: what checks.cpp has to agree with.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "dataplane/base/drop_reason.hpp"

namespace gate41::testing {

using V4 = std::array<uint8_t, 4>;
using V6 = std::array<uint8_t, 16>;
V4 v4(const std::string& text);
V6 v6(const std::string& text);

enum class Path { encapsulate, decapsulate };

// The router under test. Its WAN is 11.0.0.0/24.
struct Router {
  std::string name;
  bool is_relay = false;
  V4 local;
  V4 external;
  std::vector<V4> anycast = {};  // none or one
  std::vector<V4> relays = {};
  std::vector<V4> sites = {};  // of /24s
  bool relays_only = false;
};

struct Cell {
  V4 source_v4;
  V4 destination_v4;
  V6 source;
  V6 destination;
  uint8_t protocol = 6;
};

struct Rule {
  enum class Where { both, gateway, relay } where;
  Path path;
  const char* rows;
  DropReason reason;
  bool (*is_broken)(const Router& router, const Cell& cell);
};

// The first rule that the cell breaks, in the order of the list; nullptr when it may pass.
const Rule* first_broken_rule(const Router& router, Path path, const Cell& cell);

}  // namespace gate41::testing
