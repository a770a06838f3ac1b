// What the generator found, as JSON.
#pragma once

#include <array>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "perf/generator/options.hpp"
#include "perf/generator/reception.hpp"

namespace gate41::generator {

// What one side has sent, and what became of it.
struct Stream {
  explicit Stream(uint64_t most) : reception(most) {}
  Reception reception;
  uint64_t sent = 0;
  double seconds = 0;  // from the first packet until no more was sent
  // With another rate from some time on: how many had been sent then.
  std::optional<uint64_t> sent_before_then = {};
};

// The flows that the LAN opened before.
struct Opening {
  uint64_t flows = 0;
  uint64_t arrived = 0;   // on the WAN
  uint64_t answered = 0;  // and back on the LAN
  uint64_t sent = 0;
  double seconds = 0;
};

struct Findings {
  std::optional<Opening> opening;
  std::array<std::optional<Stream>, 2> streams;  // by the side that sent
  uint64_t echoed = 0;                           // sent back
  uint64_t answers = 0;                          // to ARP, neighbour solicitations, pings and probes
  uint64_t stale = 0;                            // of an earlier stream
  uint64_t others = 0;                           // frames that are nothing of ours
  uint64_t unsent = 0;                           // answers and echoes that a port did not take
};

[[nodiscard]] nlohmann::ordered_json report(const Traffic& traffic, const Findings& findings);

}  // namespace gate41::generator
