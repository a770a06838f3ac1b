// What `pinhole_add` asks for.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "dataplane/base/result.hpp"

namespace gate41::op {

struct PinholeRequest {
  std::map<std::string, std::string>
      members;           // as in filter.inbound[]: what they mean is the daemon's business
  std::string lifetime;  // "1h"; empty: until it is deleted
  std::string comment;
};

// `line`: the request as an object (protocol.hpp).
Result<PinholeRequest> parse_pinhole(const nlohmann::json& line);

}  // namespace gate41::op
