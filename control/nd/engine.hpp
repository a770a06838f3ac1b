// Neighbour discovery of one IPv6 link (RFC 4861 §7, 4862 §5.4, 6980, 9131, 7527): neighbour cache, NUD, DAD,
// answers to NS, MLDv2 reports, packets that wait for a neighbour. Sans-I/O; control thread only. Rows
// H24..H28, H31..H35, H38..H40, W1..W6, X20. Router solicitations and advertisements are control/ra's.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "dataplane/base/clock.hpp"
#include "dataplane/net/address.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41::nd {

enum class LladdrSource : uint8_t { option, ethernet, automatic };  // W3, X20
enum class NeighbourState : uint8_t { incomplete, reachable, stale, delay, probe };

struct Settings {
  MacAddress mac;
  LladdrSource lladdr_source = LladdrSource::automatic;
  std::size_t max_neighbours = 4096;    // H33
  std::size_t max_incomplete = 256;     // of them
  std::size_t queue_per_neighbour = 3;  // H26
};

// An opaque packet that waits for its neighbour: the caller's handle (an mbuf), given back by Resume or
// Discard.
using PacketHandle = void*;

// ---- outputs, in the order they happened ----
struct SendFrame {
  std::vector<uint8_t> frame;
};  // complete Ethernet frame for this link, untagged
// The dataplane may send to this neighbour from now on (new, or its MAC changed).
struct NeighbourUsable {
  Ipv6Address address;
  MacAddress mac;
};
struct NeighbourGone {
  Ipv6Address address;
};  // only of one that was usable
struct Resume {
  PacketHandle packet;
};  // its neighbour answered: send it
struct Discard {
  PacketHandle packet;
  bool address_unreachable;
};  // true: neighbour failed (type 1 code 3 is owed)
struct AddressReady {
  Ipv6Address address;
};  // DAD passed; anycast: at once
struct AddressDuplicate {
  Ipv6Address address;
  MacAddress other;
};  // DAD failed: not used
struct Event {
  std::string text;
};  // for the operator's log, already rate limited
using Output = std::variant<SendFrame, NeighbourUsable, NeighbourGone, Resume, Discard, AddressReady,
                            AddressDuplicate, Event>;

struct NeighbourInfo {
  Ipv6Address address;
  MacAddress mac;
  NeighbourState state = NeighbourState::incomplete;
  bool is_router = false;
  bool lladdr_mismatch = false;  // W2: SLLAO differs from the Ethernet source
  TimePoint last_confirmed;
};

// Solicitations of hosts, for neighbours and for routers.
struct Questions {
  uint64_t all = 0;
  uint64_t by_multicast = 0;  // of them; none says that a NIC filters multicast (U33, U44)
  uint64_t for_us = 0;        // where an address of ours is, by who has one: he wants to send to it
};

class Engine {
 public:
  Engine(Settings settings, uint64_t seed);
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;
  ~Engine();

  // Own addresses. Unicast ones pass DAD before use (random delay up to 0.25 s, one probe, 1 s of silence);
  // anycast (subnet-router) ones don't, and are answered with O=0 after 0..1 s (H39). add of a known one: no
  // effect.
  void add_address(const Ipv6Address& address, bool anycast, TimePoint now);
  void remove_address(const Ipv6Address& address, TimePoint now);

  // An NS, NA or MLD query frame: the whole Ethernet frame without VLAN tag. Validates everything itself (hop
  // limit 255, checksum, code, option lengths); invalid ones are counted in invalid(). Redirects are ignored.
  void on_frame(Bytes frame, TimePoint now);
  // RS with SLLAO (H15): ra tells us.
  void on_router_solicitation(const Ipv6Address& source, const MacAddress& sllao,
                              const MacAddress& ether_source, TimePoint now);
  // A packet to `destination` has no usable neighbour. The engine keeps it (the oldest goes when the queue is
  // full).
  void on_packet(const Ipv6Address& destination, PacketHandle packet, TimePoint now);
  // The dataplane sent to these since the last call (H28).
  void on_used(const std::vector<Ipv6Address>& destinations, TimePoint now);
  // Asked about once a second: the neighbour is resolved without a packet that wants it, and confirmed every
  // few seconds, so that NeighbourGone tells soon when it has died.
  void watch(const Ipv6Address& neighbour, TimePoint now);
  void on_timer(TimePoint now);
  // Reload (W3): holds for what is heard from now on; known neighbours stay as they are.
  void set_lladdr_source(LladdrSource source);
  // Discards everything that waits and forgets all neighbours (stop).
  void flush();

  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  [[nodiscard]] std::vector<Output> take_outputs();
  [[nodiscard]] std::vector<NeighbourInfo> neighbours() const;
  [[nodiscard]] uint64_t invalid() const;
  [[nodiscard]] uint64_t lladdr_mismatches() const;  // nd_sllao_l2src_mismatch
  [[nodiscard]] const Questions& questions() const;
  [[nodiscard]] bool is_ready(const Ipv6Address& address) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

[[nodiscard]] const char* name_of(NeighbourState state);

}  // namespace gate41::nd
