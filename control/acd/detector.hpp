// IPv4 address conflict detection engine (RFC 5227). Sans-I/O: ARP packets and time in, ARP packets and a
// verdict out. One object per address in use. Control thread only. Rows N1..N7.
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

struct SendArp {
  ArpPacket packet;
};                      // to the Ethernet broadcast
struct AddressFree {};  // probing ended without a conflict (RFC 5227 §2.1.1)
struct AddressConflict {
  MacAddress other;
};  // stop using the address
using Output = std::variant<SendArp, AddressFree, AddressConflict>;

class Detector {
 public:
  // `alias`: a MAC that a bridge may rewrite ours to; not a conflict (N7).
  Detector(MacAddress own, std::optional<MacAddress> alias, uint64_t seed);

  // Begins probing `address`; later than usual after ten conflicts (N5). `keep_defending`: once the address
  // is in use, never give it up (N4). After a conflict, a static address may be started again at once.
  void start(Ipv4Address address, bool keep_defending, TimePoint now);
  void stop();
  void on_arp(const ArpPacket& packet, TimePoint now);
  void on_timer(TimePoint now);

  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  [[nodiscard]] std::vector<Output> take_outputs();
  [[nodiscard]] State state() const;
  [[nodiscard]] std::string sentence(TimePoint now) const;

 private:
  [[nodiscard]] bool is_own(MacAddress mac) const;
  [[nodiscard]] bool conflicts(const ArpPacket& packet) const;
  [[nodiscard]] bool in_use() const;
  void probe(TimePoint now);
  void announce(TimePoint now);
  void begin_use(TimePoint now);
  void defend(MacAddress other, TimePoint now);
  void give_up(MacAddress other, TimePoint now);
  void count_conflict(TimePoint now);
  void send(Ipv4Address sender);
  [[nodiscard]] Duration between(Duration low, Duration high);

  MacAddress own_;
  std::optional<MacAddress> alias_;
  std::mt19937_64 random_;
  State state_ = State::idle;
  Ipv4Address address_;
  bool keep_defending_ = false;
  unsigned sent_ = 0;                      // probes or announcements of this state
  TimePoint deadline_ = TimePoint::max();  // max = none
  TimePoint in_use_since_;                 // while announcing and defending
  std::optional<TimePoint> last_start_;    // of probing
  std::optional<TimePoint> last_defence_;  // of this address
  unsigned conflicts_ = 0;                 // since an address was last held for a minute
  MacAddress other_;                       // who has the address, in `conflict`
  std::vector<Output> outputs_;
};

[[nodiscard]] const char* name_of(State state);

}  // namespace gate41::acd
