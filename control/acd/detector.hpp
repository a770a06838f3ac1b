// IPv4 address conflict detection engine (RFC 5227). Sans-I/O: ARP packets and time in, ARP packets and a verdict out.
// One object per address in use. Control thread only. Rows N1..N7.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "dataplane/base/clock.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41::acd {

enum class State : uint8_t { idle, waiting, probing, announcing, defending, conflict };

struct SendArp { ArpPacket packet; };            // to the Ethernet broadcast
struct AddressFree {};                           // probing ended without a conflict (RFC 5227 §2.1.1)
struct AddressConflict { MacAddress other; };    // stop using the address
using Output = std::variant<SendArp, AddressFree, AddressConflict>;

class Detector {
 public:
  // `alias`: a MAC that a bridge may rewrite ours to; not a conflict (N7).
  Detector(MacAddress own, std::optional<MacAddress> alias, uint64_t seed);

  // Begins probing `address`. `keep_defending`: never give up a static address (N4).
  void start(Ipv4Address address, bool keep_defending, TimePoint now);
  void stop();
  void on_arp(const ArpPacket& packet, TimePoint now);
  void on_timer(TimePoint now);

  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  [[nodiscard]] std::vector<Output> take_outputs();
  [[nodiscard]] State state() const;
  [[nodiscard]] std::string sentence(TimePoint now) const;

 private:
  // (the implementer's)
};

[[nodiscard]] const char* name_of(State state);

}  // namespace gate41::acd
