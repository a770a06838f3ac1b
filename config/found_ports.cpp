#include "config/found_ports.hpp"

namespace gate41::config {

std::map<std::string, Port> ports_to_find() { return {{kFoundWan, {}}, {kFoundLan, {}}}; }

std::map<std::string, Port> found_ports(const std::string& wan, const std::string& lan) {
  std::map<std::string, Port> ports{{kFoundWan, {.device = wan}}};
  if (!lan.empty()) ports[kFoundLan].device = lan;
  return ports;
}

void place_ports(Config& config, const std::map<std::string, Port>& found) {
  config.ports = found;
  for (Lan& lan : config.lans)
    if (!found.contains(lan.port)) lan.port = kFoundWan;
}

}  // namespace gate41::config
