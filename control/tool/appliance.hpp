// Whether this machine is gate41's own, to set up and to power off.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace gate41::tool {

// The folder that keeps its data, which its first process names in the environment; nullopt: it is another's.
[[nodiscard]] inline std::optional<std::string> appliance_data() {
  const char* folder = std::getenv("GATE41_APPLIANCE");
  return folder == nullptr ? std::nullopt : std::optional<std::string>(folder);
}

}  // namespace gate41::tool
