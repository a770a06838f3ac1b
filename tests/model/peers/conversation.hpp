// A whole conversation of two peers who keep to RFC 9293, or RFC 9260, over a network that loses, delays and
// overtakes on both sides of the filter, which is the reference. What it drops is lost.
#pragma once

#include <string>

#include "tests/model/generator/event.hpp"

namespace gate41::model {

struct Conversation {
  Sequence sequence;
  // What the filter has done to people who did nothing wrong; empty: nothing.
  std::string complaint;
};

[[nodiscard]] Conversation converse(uint64_t seed);   // TCP
[[nodiscard]] Conversation associate(uint64_t seed);  // SCTP

}  // namespace gate41::model
