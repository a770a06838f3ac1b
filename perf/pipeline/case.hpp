// What can be measured: a router's way of working, what is done to a packet, and what is special about it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gate41::perf {

enum class Mode : uint8_t { six_to_four, six_rd, six_in_four, relay };
enum class Job : uint8_t { encapsulate, decapsulate };
enum class Kind : uint8_t {
  known,      // flows that are established, or sites of a relay
  opening,    // each packet opens a flow, as the oldest one goes
  fragments,  // every packet in two: of IPv6 on the way in, of the outer IPv4 on the way out
  too_big,    // answered with an ICMPv6 error
  hand_over,  // to another worker
};
// What does not touch the packets: it may not cost them anything.
struct Around {
  uint32_t neighbours = 0;  // more than there are
  uint32_t routes = 0;      // a relay's, from the kernel
  uint32_t pinholes = 0;
  uint32_t tunnels = 0;  // more than one
  [[nodiscard]] bool any() const { return neighbours + routes + pinholes + tunnels > 0; }
};

struct Case {
  Mode mode = Mode::six_to_four;
  Job job = Job::encapsulate;
  Kind kind = Kind::known;
  Around around;
  [[nodiscard]] std::string name() const;
  // The numbers of flows that make sense, of those that are wanted.
  [[nodiscard]] std::vector<uint32_t> flows_of(const std::vector<uint32_t>& wanted) const;
  // The ratio of the work to the yardstick's that is aimed at (issue "Fast, and shown to be fast").
  [[nodiscard]] std::optional<double> target(uint32_t flows) const;
};
[[nodiscard]] const std::vector<Case>& all_cases();
[[nodiscard]] const char* name_of(Mode mode);

// Numbers of the router's devices: in the order of the ports' names.
inline constexpr uint16_t kLan = 0;
inline constexpr uint16_t kWan = 1;
[[nodiscard]] constexpr uint16_t device_in(Job job) { return job == Job::encapsulate ? kLan : kWan; }
[[nodiscard]] constexpr uint16_t device_out(Job job) { return job == Job::encapsulate ? kWan : kLan; }

}  // namespace gate41::perf
