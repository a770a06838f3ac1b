// Peer: one end of a TCP connection as RFC 9293 §3.10 has it (with RFC 5961 and 7323 §2), without a network:
// segments go in, segments come out, time is its user's business. Data are counted, not carried.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "tests/model/reference/packet.hpp"

namespace gate41::model {

struct PeerOptions {
  uint32_t buffer = 65535;         // bytes that it can hold unread
  std::optional<uint8_t> scale{};  // what it offers
  uint16_t most = 1000;            // bytes of one segment
};

class Peer {
 public:
  explicit Peer(const PeerOptions& options) : options_(options) {}

  // --- its user
  // Both begin anew; `first` is the number of its SYN.
  void listen(uint32_t first);
  void connect(uint32_t first);
  void write(uint32_t bytes);
  void finish();
  void abort();
  void read(uint32_t bytes);
  // Loses its memory.
  void forget();

  // --- the network
  void on_segment(const TcpFields& segment);
  // Nothing has come for a while: sends again what is not acknowledged, or probes a window of zero.
  void on_timer();
  [[nodiscard]] std::vector<TcpFields> take();

  [[nodiscard]] bool is_closed() const { return state_ == State::closed; }
  [[nodiscard]] bool is_established() const { return state_ == State::established; }
  [[nodiscard]] bool has_sent_all() const {
    return acknowledged_ == next_ && written_ == 0 && (!finish_ || fin_sent_);
  }
  [[nodiscard]] uint32_t buffer() const { return options_.buffer; }
  [[nodiscard]] bool in_window(uint32_t number) const;
  // The end of what it has sent.
  [[nodiscard]] uint32_t sent() const { return next_; }
  // Has not got all before `end`.
  [[nodiscard]] bool lacks(uint32_t end) const { return static_cast<int32_t>(end - expected_) > 0; }

 private:
  enum class State : uint8_t { closed, listen, syn_sent, syn_received, established };

  void on_listen(const TcpFields& segment);
  void on_syn_sent(const TcpFields& segment);
  void on_synchronised(const TcpFields& segment);
  void take_syn(const TcpFields& syn);
  void take_acknowledgement(const TcpFields& segment);
  void take_data(const TcpFields& segment);
  void refuse(const TcpFields& segment);  // with a reset
  [[nodiscard]] bool is_acceptable(const TcpFields& segment) const;
  void pump();
  void send(uint8_t flags, uint32_t sequence, uint16_t length = 0);
  void send_acknowledgement() { send(flag::ack, next_); }
  void send_syn();
  void send_again();
  [[nodiscard]] uint16_t window(bool shifted);

  PeerOptions options_;
  State state_ = State::closed;
  bool active_ = false;  // has sent its SYN first
  std::vector<TcpFields> output_;
  // what it sends
  uint32_t first_ = 0;
  uint32_t acknowledged_ = 0;
  uint32_t next_ = 0;
  uint32_t written_ = 0;  // bytes that wait
  uint32_t limit_ = 0;    // the end of the other side's window
  bool finish_ = false;
  bool fin_sent_ = false;
  // what it receives
  uint32_t expected_ = 0;
  uint32_t edge_ = 0;  // the end of its own window
  uint32_t unread_ = 0;
  std::map<uint32_t, uint32_t> early_;  // begin -> end
  std::optional<uint32_t> fin_at_{};
  bool fin_received_ = false;
  uint8_t own_shift_ = 0;
  uint8_t other_shift_ = 0;
};

}  // namespace gate41::model
