#include "control/operator/pinhole_request.hpp"

namespace gate41::op {

Result<PinholeRequest> parse_pinhole(const nlohmann::json& line) {
  PinholeRequest request;
  for (const auto& [key, value] : line.items()) {
    if (key == "version" || key == "command") continue;
    if (!value.is_string()) return fail("`" + key + "` must be a text");
    std::string& out = key == "lifetime"  ? request.lifetime
                       : key == "comment" ? request.comment
                                          : request.members[key];
    out = value.get<std::string>();
  }
  return request;
}

}  // namespace gate41::op
