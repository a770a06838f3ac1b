#include "perf/pipeline/scenarios.hpp"

#include "perf/pipeline/traffic.hpp"

namespace gate41::perf {
namespace {

constexpr const char* kPorts = "ports: { wan: { device: net_null0 }, lan: { device: net_null1 } }\n";
constexpr const char* kWanPort = "wan: { port: wan, ipv4: { address: 11.0.0.2/24, gateway: 11.0.0.1 } }\n";
constexpr const char* kLans = "lans: { home: { port: lan } }\n";

// Configured tunnels, which are asked first whether a packet is theirs (C24).
std::string others(uint32_t count) {
  std::string text;
  for (uint32_t i = 1; i <= count; ++i) {
    const std::string number = std::to_string(i);
    text += ", other" + number + ": { mode: 6in4, 6in4: { remote: 12.8.8." + number +
            ", address: 2600:46:0:" + number + "::2/64, prefix: 2600:46:1" + number + "::/48 } }";
  }
  return text;
}

std::string gateway(const std::string& relay, const std::string& tunnel, uint32_t more_tunnels) {
  return "relay " + relay + "\nneighbour wan 11.0.0.1 " + router_mac().to_string() +
         "\n---\nrole: gateway\n" + kPorts + kWanPort + kLans + "tunnels: { main: { " + tunnel + " }" +
         others(more_tunnels) + " }\n";
}

std::string relay() {
  const std::string router = router_mac().to_string();
  return "neighbour wan 11.0.0.1 " + router + "\nneighbour lan 2600:43::1 " + router +
         "\n---\nrole: relay\n" + kPorts + kWanPort +
         "tunnels: { main: { mode: 6to4 } }\n"
         "relay: { anycast: 192.88.99.1, unicast: 11.0.0.3,\n"
         "         native: { port: lan, address: 2600:43::3/64, gateway: 2600:43::1 } }\n";
}

std::string text_of(Mode mode, uint32_t more_tunnels) {
  switch (mode) {
    case Mode::six_to_four:
      return gateway("192.88.99.1", "mode: 6to4, relays: [192.88.99.1]", more_tunnels);
    case Mode::six_rd:
      return gateway("12.9.9.9",
                     "mode: 6rd, relays: [12.9.9.9], 6rd: { prefix: 2600:41::/32, ipv4_mask_len: 0 }",
                     more_tunnels);
    case Mode::six_in_four:
      return gateway(
          "12.9.9.9",
          "mode: 6in4, 6in4: { remote: 12.9.9.9, address: 2600:45:0:2::2/64, prefix: 2600:45:1::/48 }",
          more_tunnels);
    case Mode::relay:
      break;
  }
  return relay();
}

}  // namespace

matrix::Scenario scenario_of(Mode mode, uint32_t more_tunnels) {
  return matrix::read_scenario(text_of(mode, more_tunnels));
}

}  // namespace gate41::perf
