// Scenario: a box in the middle of its life, as text: its configuration, and what the engines of the daemon
// would have found out by then. Lines of facts, a line `---`, then gate41's own YAML:
//
//   relay 192.88.99.1              a live relay or peer; those without such a line are dead
//   withdrawn 2002:b00:9:1::/64    a prefix that the site had before
//   neighbour wan 11.0.0.1 02:00:00:00:01:01
//   neighbour lan 2002:b00:2:1::10 02:00:00:00:00:10
//   ---
//   role: gateway
#pragma once

#include <string>
#include <vector>

#include "config/model.hpp"
#include "dataplane/net/address.hpp"

namespace gate41::matrix {

struct Neighbour {
  std::string port;
  Ipv6Address address;  // IPv4 as mapped
  MacAddress mac;
};

struct Scenario {
  config::Config config;
  std::vector<Ipv4Address> live_relays;
  std::vector<Ipv6Prefix> withdrawn;
  std::vector<Neighbour> neighbours;
};

// Says on stderr what is wrong, and ends the program, when the text is no scenario.
[[nodiscard]] Scenario read_scenario(const std::string& text);

}  // namespace gate41::matrix
