#include "control/nd/table.hpp"

namespace gate41::nd {

Neighbour* Table::find(const Ipv6Address& address) {
  const auto found = neighbours_.find(address);
  return found == neighbours_.end() ? nullptr : &found->second;
}

Neighbour& Table::add(const Ipv6Address& address, TimePoint now) {
  Neighbour& added = neighbours_[address];
  added.address = address;
  added.due_ = added.last_needed_ = now;
  put_in_order(added);
  return added;
}

void Table::remove(const Neighbour& neighbour) {
  take_out_of_order(neighbour);
  neighbours_.erase(Ipv6Address(neighbour.address));
}

void Table::enter(Neighbour& neighbour, NeighbourState state, TimePoint due) {
  take_out_of_order(neighbour);
  neighbour.state_ = state;
  neighbour.due_ = due;
  put_in_order(neighbour);
}

void Table::needed(Neighbour& neighbour, TimePoint now) {
  take_out_of_order(neighbour);
  neighbour.needed_ = true;
  neighbour.last_needed_ = now;
  put_in_order(neighbour);
}

std::optional<TimePoint> Table::next_deadline() const {
  return deadlines_.empty() ? std::nullopt : std::optional(deadlines_.begin()->due);
}

Neighbour* Table::next_due(TimePoint now) {
  if (deadlines_.empty() || deadlines_.begin()->due > now) return nullptr;
  return find(deadlines_.begin()->address);
}

Neighbour* Table::idlest(TimePoint idle_since) {
  if (idle_.empty()) return nullptr;
  const Rank& first = *idle_.begin();
  return first.needed && first.since > idle_since ? nullptr : find(first.address);
}

void Table::put_in_order(const Neighbour& neighbour) {
  if (neighbour.state_ == NeighbourState::incomplete) ++incomplete_;
  if (neighbour.state_ == NeighbourState::stale) {
    idle_.insert(rank(neighbour));
  } else {
    deadlines_.insert({neighbour.due_, neighbour.address});
  }
}

void Table::take_out_of_order(const Neighbour& neighbour) {
  if (neighbour.state_ == NeighbourState::incomplete) --incomplete_;
  idle_.erase(rank(neighbour));
  deadlines_.erase({neighbour.due_, neighbour.address});
}

}  // namespace gate41::nd
