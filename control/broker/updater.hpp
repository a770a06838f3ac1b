// Broker update engine (U1..U3): keeps a tunnel broker told of the IPv4 address that its 6in4 tunnel ends at,
// by dyndns2 requests: when the address is first known, when it is another one than the broker has, and once
// a period. Sans-I/O: the caller fetches the URLs with the credentials of the configuration, which never come
// here. Control thread only.
//
// Never asks twice within kMinGap, however the address flaps. After a failure it asks again with back-off:
// 1 min doubled up to 2 h, not before half an hour where the broker is out of order, and up to half of that
// later at random. What a broker refuses is final until the address changes or configure() is called.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "dataplane/base/clock.hpp"
#include "dataplane/base/result.hpp"
#include "dataplane/net/address.hpp"

namespace gate41::broker {

inline constexpr std::chrono::seconds kMinGap{60};
inline constexpr std::chrono::seconds kFirstRetry{60};
inline constexpr std::chrono::seconds kLongestRetry{std::chrono::hours(2)};
inline constexpr std::chrono::seconds kRetryWhenOverloaded{std::chrono::minutes(30)};

enum class SendAddress : uint8_t { automatic, yes, no };

struct Settings {
  std::string url;   // of the broker's update page, http:// or https://
  std::string host;  // the tunnel's name or number there
  std::chrono::seconds period{std::chrono::hours(24)};
  SendAddress send_address = SendAddress::automatic;  // automatic: unless a NAT is in front (U2)
  bool operator==(const Settings&) const = default;
};

// Where we are: a private address of the WAN never goes out.
struct Place {
  Ipv4Address wan;
  std::optional<Ipv4Address> external;  // as remote sites see us, if that is known
  bool operator==(const Place&) const = default;
};

enum class State : uint8_t {
  waiting,  // for an address
  due,      // to ask, as soon as kMinGap is over
  asking,
  updated,
  failed,   // asked again later
  refused,  // not asked again: see above
};

struct Request {
  uint64_t id;
  std::string url;
};

class Updater {
 public:
  Updater(Settings settings, uint64_t seed);

  // Reload: new settings are told at once; the same ones only undo a refusal or a wait.
  void configure(Settings settings, TimePoint now);
  // nullopt: the WAN has no address, or it isn't known yet how others see it.
  void on_place(std::optional<Place> place, TimePoint now);
  // The first line of the answer to Request `id`, or why there is none; to an older request: ignored.
  void on_answer(uint64_t id, const Result<std::string>& line, TimePoint now);
  void on_timer(TimePoint now);

  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  [[nodiscard]] std::vector<Request> take_requests();
  [[nodiscard]] State state() const { return state_; }
  // For a person: "the broker tb.example has 11.0.0.2 for 123456 (good 11.0.0.2), told again in 24 h".
  [[nodiscard]] std::string sentence(TimePoint now) const;

 private:
  void ask_soon(TimePoint now);
  void rest();
  void ask(TimePoint now);
  void fail_for_now(std::string why, std::chrono::seconds least, TimePoint now);
  [[nodiscard]] std::optional<Ipv4Address> address_to_send() const;
  [[nodiscard]] std::string target_text() const;

  Settings settings_;
  std::mt19937_64 random_;
  State state_ = State::waiting;
  std::optional<Place> place_;
  std::optional<Ipv4Address> told_;    // in the last request; nullopt = the broker was to look itself
  std::string text_;                   // updated: the answer; failed, refused: why
  unsigned failures_ = 0;              // in a row
  uint64_t last_id_;                   // begins at the seed: no answer to a predecessor meets it
  std::optional<Place> accepted_;      // of the last request, where the broker took it
  std::optional<TimePoint> due_;       // when that is told again
  std::optional<TimePoint> asked_at_;  // the last request
  std::optional<TimePoint> next_;      // when to ask
  std::vector<Request> requests_;
};

[[nodiscard]] const char* name_of(State state);

}  // namespace gate41::broker
