// An SCTP association as someone in the middle sees it (RFC 9260): whose packets carry which tag.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "tests/model/reference/judgement.hpp"
#include "tests/model/reference/packet.hpp"

namespace gate41::model {

// §3.2, §6.10, §8.5.1. `cut`: the first fragment of a packet, which goes on.
[[nodiscard]] bool well_formed(const SctpFields& packet, bool cut);
// May it be the first that is seen of an association that was there before?
[[nodiscard]] bool is_from_the_middle(const SctpFields& packet);

class Association {
 public:
  // Its first packet: an INIT, or one from the middle.
  Association(const SctpFields& packet, Direction sender);
  Judgement judge(const SctpFields& packet, Direction sender);
  [[nodiscard]] bool established() const { return state_ == State::established; }

 private:
  enum class State : uint8_t { opening, established, closing, closed };
  // The tag that the packets of one end carry: the other end has chosen it (§5.3.1).
  struct End {
    std::optional<uint32_t> tag{};
    std::optional<uint32_t> aside{};  // of a handshake within the association (§5.2), until it succeeds
    bool spoke = false;               // has sent more than its part of the handshake's first half
  };
  [[nodiscard]] End& end_of(Direction who) { return ends_[static_cast<std::size_t>(who)]; }

  Judgement on_init(const SctpFields& packet, Direction sender);
  enum class Fit : uint8_t { none, current, aside };
  Judgement on_aside(const SctpFields& packet, Direction sender);
  [[nodiscard]] Fit fit(const SctpFields& packet, Direction sender);
  void on_init_ack(const SctpFields& packet, Direction sender);
  void take_aside();
  void move_on(const SctpFields& packet, Direction sender);

  State state_ = State::opening;
  bool picked_up_;       // the handshake was not seen
  bool cookie_ = false;  // one was seen, there or back
  std::array<End, 2> ends_{};
};

}  // namespace gate41::model
