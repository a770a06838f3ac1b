// What a run of ping or traceroute has to tell, in the order in which it happens.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "control/echowire/echo.hpp"
#include "dataplane/base/clock.hpp"
#include "dataplane/base/drop_reason.hpp"

namespace gate41::ping {

using echowire::Answer;
using echowire::Request;
using echowire::Verdict;

// A reply or an ICMPv6 error. `number`: of the request, from 1.
struct Answered {
  uint16_t number = 0;
  Ipv6Address from;
  Verdict verdict;
  uint16_t size = 0;  // bytes of data
  uint8_t hop_limit = 0;
  Duration time{};
  bool duplicate = false;  // another reply was there before
};

// This box itself did not send the request.
struct Dropped {
  uint16_t number = 0;  // ping: of the request; traceroute: of the hop
  DropReason reason{};
  uint16_t mtu = 0;  // too big: what would fit; 0: not known
};

// The end of a ping.
struct Statistics {
  uint16_t sent = 0;
  uint16_t received = 0;
  uint16_t duplicates = 0;
  uint16_t errors = 0;              // requests that an error came back for
  uint16_t dropped = 0;             // requests that this box did not send
  std::vector<uint16_t> no_answer;  // numbers of all others
  struct Times {
    Duration least{};
    Duration average{};
    Duration most{};
  };
  std::optional<Times> times;  // where something was received
};

// All there is to say of one hop of a traceroute.
struct Hop {
  uint8_t number = 0;
  struct Probe {
    Ipv6Address from;
    Verdict verdict;
    Duration time{};
  };
  std::vector<std::optional<Probe>> probes;  // nullopt: no answer within a second
};

// The end of a traceroute.
struct TraceEnd {
  enum class Why : uint8_t { reached, refused, max_hops, dropped, interrupted } why{};
};

using Event = std::variant<Answered, Dropped, Statistics, Hop, TraceEnd>;

// Nothing follows.
[[nodiscard]] inline bool is_last(const Event& event) {
  return std::holds_alternative<Statistics>(event) || std::holds_alternative<TraceEnd>(event);
}

}  // namespace gate41::ping
