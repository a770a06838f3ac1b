// What gate41-gen is told to do: words of the command line, and what they mean once they were understood.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "dataplane/base/result.hpp"
#include "perf/generator/answers.hpp"
#include "perf/generator/flows.hpp"
#include "perf/generator/frames.hpp"

namespace CLI {
class App;
}

namespace gate41::generator {

// As typed. Empty = not given.
struct Words {
  std::string lan;
  std::string wan;
  std::string mode = "both";
  bool native = false;
  std::string lan_prefix;
  std::string lan_address;
  std::string lan_device;
  std::string lan_device_mac;
  std::string wan_prefix;
  std::string wan_address;
  std::string wan_device;
  std::string wan_device_mac;
  std::string outer;
  std::string relay;
  std::string sites;
  std::string domain = "2002::/16";
  std::string domain_v4 = "0.0.0.0/0";
  uint32_t lan_hosts = 1;
  uint32_t wan_hosts = 1;
  std::string rate = "1000";
  double then_rate = 0;
  double then_after = 0;
  double seconds = 1;
  uint64_t count = 0;
  uint64_t flows = 1;
  uint64_t first_flow = 0;
  std::string order = "random";
  std::string size = "84";
  bool echo = false;
  double open_rate = 0;
  unsigned open_passes = 3;
  double ready = 10;
  double drain = 2;
  double catch_up = 2;
  uint64_t seed = 1;
  std::vector<std::string> eal;
};
void declare(CLI::App& app, Words& words);

// One side of the device under test.
struct SideSetup {
  std::string device;  // DPDK's: a PCI address or a vdev; empty = we have no port there
  Link link;           // `own` is known once the port is open; `device` may have to be asked for
  Neighbourhood around;
};

enum class Mode : uint8_t { lan, wan, both, echo };  // who sends; echo: nobody, what comes is sent back

struct Traffic {
  Mode mode = Mode::both;
  double rate = 1000;    // packets a second and direction; 0 = as fast as it goes
  double then_rate = 0;  // from `then_after` seconds on; 0 = no change
  double then_after = 0;
  double seconds = 1;  // at most
  uint64_t count = 0;  // packets a direction at most; 0 = as many as come to be
  uint64_t flows = 1;
  uint64_t first_flow = 0;  // others than those that the device has met: the same hosts, other ports
  FlowOrder order = FlowOrder::random;
  std::vector<uint16_t> sizes;  // packet by packet, again and again
  bool echo = false;            // the other side sends all back; what is measured is there and back
  double open_rate = 0;         // flows a second that the LAN opens before; 0 = none
  unsigned open_passes = 3;     // how often those that were not answered are tried
  double ready = 10;            // seconds to wait until the device carries packets; 0 = not at all
  double drain = 2;             // seconds to wait for the last ones
  double catch_up = 0.002;      // seconds that may be made up for when we were late
  [[nodiscard]] bool sends(Side side) const noexcept {
    return mode == Mode::both || mode == (side == Side::lan ? Mode::lan : Mode::wan);
  }
  // Sequences of a direction that may be needed.
  [[nodiscard]] uint64_t most() const noexcept;
};

struct Job {
  SideSetup lan;
  SideSetup wan;
  FlowSpace space;
  Traffic traffic;
  std::vector<std::string> eal;
};

// Errors name the option.
[[nodiscard]] Result<Job> understand(const Words& words);

}  // namespace gate41::generator
