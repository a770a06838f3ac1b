// The bounded set of neighbours (H33) with its two orders: by deadline, and of the idle ones by how long
// nobody has needed them. It holds what is known; the rules are Resolver's.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>

#include "control/nd/engine.hpp"

namespace gate41::nd {

struct Neighbour {
  Ipv6Address address;
  MacAddress mac{};                         // where frames go; none while incomplete
  MacAddress claim{};                       // its last link-layer option
  std::optional<MacAddress> alternative{};  // probed in turn with `mac`
  bool is_router = false;
  bool mismatch = false;
  bool confirmed = false;  // has answered at least once
  TimePoint last_confirmed{};
  unsigned solicitations = 0;          // sent in this state
  std::deque<PacketHandle> waiting{};  // while incomplete

  [[nodiscard]] NeighbourState state() const { return state_; }
  [[nodiscard]] bool is_usable() const { return state_ != NeighbourState::incomplete; }

 private:
  friend class Table;
  NeighbourState state_ = NeighbourState::incomplete;
  TimePoint due_{};          // of every state but stale
  bool needed_ = false;      // confirmed or used at least once
  TimePoint last_needed_{};  // or when it was added
};

class Table {
 public:
  Table(std::size_t max_neighbours, std::size_t max_incomplete)
      : max_neighbours_(max_neighbours), max_incomplete_(max_incomplete) {}

  [[nodiscard]] Neighbour* find(const Ipv6Address& address);
  [[nodiscard]] bool is_full() const { return neighbours_.size() >= max_neighbours_; }
  [[nodiscard]] bool is_full_of_incomplete() const { return incomplete_ >= max_incomplete_; }
  // An incomplete one; its address is new and the table not full.
  Neighbour& add(const Ipv6Address& address, TimePoint now);
  void remove(const Neighbour& neighbour);

  // `due` means nothing for stale: those wait for use.
  void enter(Neighbour& neighbour, NeighbourState state, TimePoint due);
  // It was confirmed or used.
  void needed(Neighbour& neighbour, TimePoint now);

  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  // The one whose deadline is the earliest, if it is not after `now`.
  [[nodiscard]] Neighbour* next_due(TimePoint now);
  // The stale one that goes first when room is needed: those that were never needed, then the longest idle;
  // nullptr when it was needed later than `idle_since`.
  [[nodiscard]] Neighbour* idlest(TimePoint idle_since);

  [[nodiscard]] const std::map<Ipv6Address, Neighbour>& all() const { return neighbours_; }

 private:
  struct Rank {
    bool needed;
    TimePoint since;
    Ipv6Address address;
    auto operator<=>(const Rank&) const = default;
  };
  struct Deadline {
    TimePoint due;
    Ipv6Address address;
    auto operator<=>(const Deadline&) const = default;
  };
  static Rank rank(const Neighbour& n) { return {n.needed_, n.last_needed_, n.address}; }
  void put_in_order(const Neighbour& neighbour);
  void take_out_of_order(const Neighbour& neighbour);

  std::size_t max_neighbours_;
  std::size_t max_incomplete_;
  std::size_t incomplete_ = 0;
  std::map<Ipv6Address, Neighbour> neighbours_;
  std::set<Deadline> deadlines_;  // of all that are not stale
  std::set<Rank> idle_;           // of all that are
};

}  // namespace gate41::nd
