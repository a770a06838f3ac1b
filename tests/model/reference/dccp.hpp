// A DCCP connection as someone in the middle sees it (RFC 4340), who does not follow its sequence numbers.
#pragma once

#include <array>
#include <cstdint>

#include "tests/model/reference/judgement.hpp"
#include "tests/model/reference/packet.hpp"

namespace gate41::model {

// §5.1: a type that there is, with the sequence numbers that it must have, and data behind the header.
[[nodiscard]] bool well_formed(const DccpFields& packet);
// May it be the first that is seen of a connection that was there before?
[[nodiscard]] bool is_from_the_middle(const DccpFields& packet);

class DccpConnection {
 public:
  // Its first packet: a Request, or one from the middle.
  DccpConnection(const DccpFields& packet, Direction sender);
  Judgement judge(const DccpFields& packet, Direction sender);
  [[nodiscard]] bool established() const { return state_ == State::established; }

 private:
  enum class State : uint8_t { opening, established, closing, reset };
  Judgement after_reset(const DccpFields& packet, Direction sender);
  void move_on(const DccpFields& packet, Direction sender);

  State state_ = State::opening;
  Direction opener_;
  bool opener_goes_on_ = false;  // it has sent more than its part of the handshake and the end
  std::array<bool, 2> seen_{};   // of both ends, since the beginning or since the reset
};

}  // namespace gate41::model
