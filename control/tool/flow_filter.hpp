// FlowFilter: which rows of `flows` to show.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "control/tool/fields.hpp"
#include "dataplane/net/address.hpp"

namespace gate41::tool {

struct FlowFilter {
  std::optional<Ipv6Prefix> address;  // either end is inside
  std::optional<uint16_t> port;       // of either end
  std::string proto;                  // empty: any; letter case does not matter
  std::string state;                  // as proto

  bool matches(const Json& flow) const;
};

}  // namespace gate41::tool
