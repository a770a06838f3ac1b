// Air: what is under way between two peers, on either side of the filter, in the order in which it arrives.
#pragma once

#include <functional>
#include <queue>
#include <tuple>
#include <vector>

#include "tests/model/reference/packet.hpp"

namespace gate41::model {

template <typename Content>
struct Flight {
  Time at;
  uint64_t number;  // of two at one time the first
  Direction direction;
  bool filtered;
  Content content;
  bool operator>(const Flight& other) const {
    return std::tie(at, number) > std::tie(other.at, other.number);
  }
};

template <typename Content>
class Air {
 public:
  void send(Time at, Direction direction, bool filtered, const Content& content) {
    flights_.push({at, number_++, direction, filtered, content});
  }
  // Does anything arrive by then?
  [[nodiscard]] bool brings(Time by) const { return !flights_.empty() && flights_.top().at <= by; }
  Flight<Content> next() {
    Flight<Content> flight = flights_.top();
    flights_.pop();
    return flight;
  }

 private:
  uint64_t number_ = 0;
  std::priority_queue<Flight<Content>, std::vector<Flight<Content>>, std::greater<>> flights_;
};

}  // namespace gate41::model
