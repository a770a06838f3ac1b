// A TCP connection as someone in the middle sees it: RFC 9293 from both ends at once. He sees what one end
// sends, and does not know whether the other end receives it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "tests/model/reference/packet.hpp"

namespace gate41::model {

enum class Judgement : uint8_t {
  pass,
  pass_quietly,  // goes through, and the connection is as before, its timer too
  new_connection,
  bad_flags,
  bad_window,
};

// RFC 9293 §3.10.7: every segment has ACK but a first SYN and some RST; SYN, FIN and RST exclude each other.
[[nodiscard]] bool sensible_flags(uint8_t flags);
[[nodiscard]] inline bool has(const TcpFields& segment, uint8_t flag) { return (segment.flags & flag) != 0; }

class Connection {
 public:
  // Its first segment: a SYN, or an ACK of a connection whose beginning was not seen (K58).
  Connection(const TcpFields& segment, Direction sender);
  Judgement judge(const TcpFields& segment, Direction sender);
  // Data can flow, one way at least (RFC 6092 REC-35: established; RFC 5382 §5 counts half-closed as such).
  [[nodiscard]] bool established() const {
    return state_ == State::established || state_ == State::one_fin;
  }

 private:
  enum class State : uint8_t {
    syn,          // one SYN
    both_syns,    // the other one too
    picked_up,    // the beginning was not seen, and nothing of the other side yet
    established,
    one_fin,
    both_fins,
    reset,
  };
  // What is known of one end.
  struct End {
    bool seen = false;
    uint32_t first = 0;                // of its SYN
    uint32_t sent = 0;                 // the end of what it has sent
    uint32_t may_send = 0;             // the end of what the other one has granted it
    uint32_t window = 0;               // the largest that it has granted
    std::optional<uint8_t> scale{};    // the option of its SYN
    bool fin = false;
  };
  struct Span {
    uint32_t begin;
    uint32_t end;
  };

  [[nodiscard]] static Span span_of(const TcpFields& segment);
  [[nodiscard]] uint32_t window_of(const TcpFields& segment, Direction sender) const;
  [[nodiscard]] End& end_of(Direction who) { return ends_[static_cast<std::size_t>(who)]; }
  [[nodiscard]] const End& end_of(Direction who) const { return ends_[static_cast<std::size_t>(who)]; }

  Judgement in_syn(const TcpFields& segment, Direction sender);
  Judgement answer(const TcpFields& segment, Direction sender);
  Judgement on_syn(const TcpFields& segment, Direction sender);
  Judgement on_reset(const TcpFields& segment, Direction sender);
  Judgement on_other(const TcpFields& segment, Direction sender);
  [[nodiscard]] bool fits(const TcpFields& segment, Direction sender) const;
  [[nodiscard]] bool sequence_fits(const TcpFields& segment, Direction sender) const;
  [[nodiscard]] bool acknowledgement_fits(const TcpFields& segment, Direction sender) const;
  [[nodiscard]] bool covers_syn(const TcpFields& segment, Direction sender) const;
  void take(const TcpFields& segment, Direction sender);
  void move_on(const TcpFields& segment, Direction sender);

  State state_;
  Direction opener_;
  bool windows_known_;  // the handshake was seen, and its scales (REC-32)
  std::array<End, 2> ends_{};
  std::optional<uint32_t> aside_{};  // of a segment that went through quietly: what an answer to it would say
};

}  // namespace gate41::model
