// SNTP client engine (RFC 4330, packets of RFC 5905): asks the time servers that the lease names, one at a
// time in their order: at once, and an hour after it was answered; who is silent for kSilence leaves its turn
// to the next, and when all are, they are asked again after kFirstRetry, doubled up to an hour. What it
// believes is the first sound answer: to set a clock that a certificate is checked by, not to discipline it.
// Sans-I/O: the caller sends and sets the clock; control thread only.
//
// NTP without authentication is as true as the path to the server: who can change packets there can set the
// clock. Who can't see the request can't: an answer has to bring its mark back, 64 random bits, from the
// address that was asked.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "control/sntp/message.hpp"
#include "dataplane/base/clock.hpp"
#include "dataplane/net/address.hpp"

namespace gate41::sntp {

inline constexpr std::chrono::seconds kSilence{5};
inline constexpr std::chrono::seconds kFirstRetry{64};
inline constexpr std::chrono::seconds kPeriod{std::chrono::hours(1)};
// Of one that asks for fewer questions (RATE).
inline constexpr std::chrono::seconds kSpared{std::chrono::hours(4)};
// A difference that is let be: less, and the path's own jitter would move the clock every hour.
inline constexpr Duration kGoodEnough = std::chrono::milliseconds(100);

enum class State : uint8_t { waiting, unnamed, asking, set, failed };

struct Send {
  Ipv4Address server;
  std::array<uint8_t, kPacketBytes> packet;
};
// The wall clock's error: by so much it has to go forward.
struct Step {
  Duration by;
};

class Client {
 public:
  explicit Client(uint64_t seed) : random_(seed) {}

  // Those that the lease names; nullopt: there is no lease. The same as before: nothing happens.
  void on_servers(std::optional<std::vector<Ipv4Address>> servers, TimePoint now);
  // What came from port 123 of `source`; `wall`: what the clock shows now.
  void on_packet(Ipv4Address source, Bytes payload, TimePoint now, WallTime wall);
  void on_timer(TimePoint now);

  [[nodiscard]] std::optional<TimePoint> next_deadline() const { return next_; }
  [[nodiscard]] std::vector<Send> take_requests();
  [[nodiscard]] std::optional<Step> take_step();
  [[nodiscard]] State state() const { return state_; }
  // For a person: "the clock was set by 11.0.0.1 (stratum 2) 12 min ago, again in 48 min".
  [[nodiscard]] std::string sentence(TimePoint now) const;

 private:
  struct Server {
    Ipv4Address address;
    TimePoint spared_until{};  // TimePoint::max(): it wants no question of ours at all
  };

  void begin_round(TimePoint now);
  void ask_next(TimePoint now);
  void fail_server(std::string why, TimePoint now);
  void obey_kiss(const Answer& answer, TimePoint now);
  void take(const Answer& answer, TimePoint now, WallTime wall);
  void rest(Duration wait, TimePoint now);

  std::mt19937_64 random_;
  State state_ = State::waiting;
  std::optional<std::vector<Ipv4Address>> named_;
  std::vector<Server> servers_;
  std::size_t turn_ = 0;   // whose it is; servers_.size(): none's
  uint64_t mark_ = 0;      // of the open request
  TimePoint asked_at_{};   // when it went out
  unsigned failures_ = 0;  // rounds in a row without an answer
  std::string why_;        // failed: the last one's reason
  Ipv4Address set_by_{};   // set: by whom, when
  uint8_t stratum_ = 0;
  TimePoint set_at_{};
  std::optional<TimePoint> next_;  // asking: who is silent then has failed; else when to ask
  std::vector<Send> requests_;
  std::optional<Step> step_;
};

[[nodiscard]] const char* name_of(State state);

}  // namespace gate41::sntp
