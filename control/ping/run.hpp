// Run: what a ping and a traceroute have in common: whose requests they are, which answers are about them,
// what waits to be sent and told. Sans-I/O; control thread.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "control/ping/event.hpp"

namespace gate41::ping {

struct Ends {
  Ipv6Address source;
  Ipv6Address destination;
};

class Run {
 public:
  // `token`: identifier and first sequence, drawn at random: who does not see the requests cannot answer.
  Run(const Ends& ends, uint16_t size, uint32_t token) : ends_(ends), size_(size), token_(token) {}
  virtual ~Run() = default;
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  // False: not about a request of this run.
  bool on_answer(const Answer& answer, TimePoint now);
  bool on_dropped(const Request& request, DropReason reason, uint16_t mtu, TimePoint now);
  virtual void on_timer(TimePoint now) = 0;
  // Its client wants no more: the last event comes at once.
  virtual void end(TimePoint now) = 0;
  [[nodiscard]] virtual std::optional<TimePoint> next_deadline() const = 0;

  [[nodiscard]] uint16_t identifier() const { return static_cast<uint16_t>(token_ >> 16U); }
  [[nodiscard]] bool over() const { return over_; }
  [[nodiscard]] std::vector<std::vector<uint8_t>> take_packets() { return std::exchange(packets_, {}); }
  [[nodiscard]] std::vector<Event> take_events() { return std::exchange(events_, {}); }

 protected:
  // Requests are numbered from 0 in the order in which they are sent.
  [[nodiscard]] std::size_t sent() const { return sent_; }
  void send(uint8_t hop_limit);
  void tell(Event event);  // the last one ends the run

 private:
  virtual void answered(std::size_t number, const Answer& answer, TimePoint now) = 0;
  virtual void dropped(std::size_t number, DropReason reason, uint16_t mtu, TimePoint now) = 0;
  [[nodiscard]] std::optional<std::size_t> number_of(uint32_t token) const;

  Ends ends_;
  uint16_t size_;
  uint32_t token_;
  std::size_t sent_ = 0;
  bool over_ = false;
  std::vector<std::vector<uint8_t>> packets_;
  std::vector<Event> events_;
};

}  // namespace gate41::ping
