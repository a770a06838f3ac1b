// `ports: auto`: the ports that are to be found, and what becomes of the configuration once they are.
#pragma once

#include <map>
#include <string>

#include "config/model.hpp"

namespace gate41::config {

inline constexpr const char* kFoundWan = "wan";
inline constexpr const char* kFoundLan = "lan";

// As the configuration names them, without devices yet.
[[nodiscard]] std::map<std::string, Port> ports_to_find();
// Both; an empty `lan` = there is one device, which is the WAN's and the LAN's.
[[nodiscard]] std::map<std::string, Port> found_ports(const std::string& wan, const std::string& lan);
// Of a configuration with `ports: auto`. A LAN whose port was not found is on that of the WAN.
void place_ports(Config& config, const std::map<std::string, Port>& found);

}  // namespace gate41::config
