// SctpPeer: one end of an SCTP association as RFC 9260 §4, §5 and §9 have it, without a network: packets go
// in, packets come out, time is its user's business. Data are not counted: what has been sent is acknowledged
// or not.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "tests/model/reference/packet.hpp"

namespace gate41::model {

// §5.1.3: what an end needs to remember, which the other one keeps for it. The tie tags (§5.2.2) are those of
// the association that there was.
struct Cookie {
  uint32_t own = 0;
  uint32_t other = 0;
  uint32_t own_tie = 0;
  uint32_t other_tie = 0;
};
struct SctpPacket {
  SctpFields fields;
  std::optional<Cookie> cookie{};  // of INIT ACK and COOKIE ECHO
};

class SctpPeer {
 public:
  SctpPeer(uint64_t seed, bool listens) : random_(seed), listens_(listens) {}

  // --- its user
  void associate();
  void write();
  void beat();
  void shut_down();
  void abort();
  // Loses its memory.
  void forget();

  // --- the network
  void on_packet(const SctpPacket& packet);
  // Nothing has come for a while: sends again what is not answered.
  void on_timer();
  [[nodiscard]] std::vector<SctpPacket> take();

  [[nodiscard]] bool is_closed() const { return state_ == State::closed; }
  [[nodiscard]] bool is_established() const { return state_ == State::established; }
  // Would it take this one?
  [[nodiscard]] bool expects(const SctpPacket& packet) const;

 private:
  enum class State : uint8_t {
    closed,
    cookie_wait,
    cookie_echoed,
    established,
    shutdown_sent,
    shutdown_ack_sent
  };

  [[nodiscard]] uint32_t some_tag() { return static_cast<uint32_t>(random_() | 1U); }
  void on_init(const SctpFields& init);
  void on_stranger(const SctpPacket& packet);
  void on_cookie_echo(const SctpPacket& packet);
  void on_chunk(const SctpPacket& packet);
  void establish(const Cookie& cookie);
  void send(uint8_t type, std::optional<Cookie> cookie = {});

  std::mt19937_64 random_;
  bool listens_;
  State state_ = State::closed;
  uint32_t own_ = 0;                // tag of what comes
  uint32_t other_ = 0;              // and of what goes
  std::optional<Cookie> cookie_{};  // as the other end has sent it
  bool unacknowledged_ = false;
  std::vector<SctpPacket> output_;
};

}  // namespace gate41::model
