// A TCP connection as someone in the middle sees it: RFC 9293 from both ends at once. He sees what one end
// sends, and does not know whether the other end receives it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "tests/model/reference/judgement.hpp"
#include "tests/model/reference/packet.hpp"

namespace gate41::model {

// RFC 9293 §3.10.7: every segment has ACK but a first SYN and some RST; SYN, FIN and RST exclude each other.
[[nodiscard]] bool sensible_flags(uint8_t flags);

class Connection {
 public:
  // Its first segment: a SYN, or an ACK of a connection whose beginning was not seen (K58).
  Connection(const TcpFields& segment, Direction sender);
  // `cut`: the first fragment of a segment, whose length only the receiver will know.
  Judgement judge(const TcpFields& segment, Direction sender, bool cut);
  // Data can flow, one way at least (RFC 6092 REC-35: established; RFC 5382 §5 counts half-closed as such).
  [[nodiscard]] bool established() const { return state_ == State::established; }

 private:
  enum class State : uint8_t {
    syn,          // one SYN
    both_syns,    // the other one too
    picked_up,    // the beginning was not seen, and nothing of the other side yet
    established,  // with one FIN, or none
    both_fins,
    reset,
  };
  // What is known of one end.
  struct End {
    uint32_t sent = 0;               // the end of what it has sent
    uint32_t may_send = 0;           // the end of what the other one has granted it
    uint32_t window = 0;             // the largest that it has granted; 0: nothing seen of it
    std::optional<uint8_t> scale{};  // the option of its SYN
    bool fin = false;
  };

  [[nodiscard]] uint32_t window_of(const TcpFields& segment, Direction sender) const;
  [[nodiscard]] End& end_of(Direction who) { return ends_[static_cast<std::size_t>(who)]; }
  [[nodiscard]] const End& end_of(Direction who) const { return ends_[static_cast<std::size_t>(who)]; }

  Judgement judge_whole(const TcpFields& segment, Direction sender);
  Judgement opener_again(const TcpFields& segment, Direction sender);
  Judgement first_answer(const TcpFields& segment, Direction sender);
  Judgement on_syn(const TcpFields& segment, Direction sender);
  Judgement on_syn_ack(const TcpFields& segment, Direction sender);
  Judgement on_reset(const TcpFields& segment, Direction sender);
  Judgement on_ack(const TcpFields& segment, Direction sender);
  Judgement after_reset(const TcpFields& segment, Direction sender) const;

  [[nodiscard]] bool fits(const TcpFields& segment, Direction sender) const;
  [[nodiscard]] bool reset_fits(const TcpFields& segment, Direction sender) const;
  [[nodiscard]] bool covers_syn(const TcpFields& segment, Direction sender) const;
  [[nodiscard]] bool answers_aside(const TcpFields& segment) const;
  void begin(const TcpFields& syn, Direction sender);
  void answer(const TcpFields& syn, Direction sender);
  void pick_up(const TcpFields& segment, Direction sender);
  void take(const TcpFields& segment, Direction sender);
  void move_on(const TcpFields& segment, Direction sender);

  State state_;
  Direction opener_;
  bool windows_known_ = false;  // the handshake was seen, and its scales (REC-32)
  std::array<End, 2> ends_{};
  // Of a segment that went through quietly: what an answer to it would say.
  std::optional<uint32_t> aside_{};
};

}  // namespace gate41::model
