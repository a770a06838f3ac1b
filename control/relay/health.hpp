// Relay health engine (B19, B26, D33, E19, X23, P5, S29): probes each configured relay, border relay or peer
// in the form of its kind (probe.hpp) and judges it alive or dead. Sans-I/O; control thread only. Time: a
// probe is missed when the next one is due and no answer has come. Until the first verdict, and after an
// ICMPv4 unreachable, probes go out a second apart; else at the configured interval, to dead relays too.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "control/relay/probe.hpp"
#include "dataplane/base/clock.hpp"
#include "dataplane/net/address.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41::relay {

// What a relay is asked, at which address.
struct Question {
  ProbeForm form = ProbeForm::relay_form;
  Ipv6Address target;
  bool operator==(const Question&) const = default;
};

struct Settings {
  ProbeForm form = ProbeForm::relay_form;
  Ipv6Address own;                  // $PREFIX::1, source of probes
  Ipv6Address peer;                 // target of ProbeForm::peer
  std::vector<Ipv4Address> relays;  // in order of preference
  // Of each relay, or of none: what it is asked next where the first form has not been answered.
  std::vector<std::optional<Question>> second;
  std::chrono::milliseconds interval{10000};
  unsigned misses = 3;
  bool operator==(const Settings&) const = default;
};

enum class State : uint8_t { unknown, alive, dead };

// A probe, for this relay. A probe to be returned does not say by its addresses where it goes: it
// must be encapsulated to the relay; the others are routed there.
struct SendPacket {
  Ipv4Address relay;
  std::vector<uint8_t> ipv6;
};
// The relay to use changed: nullopt = none is alive.
struct LiveRelay {
  std::optional<Ipv4Address> relay;
};
using Output = std::variant<SendPacket, LiveRelay>;

struct RelayInfo {
  Ipv4Address address;
  State state = State::unknown;
  unsigned misses = 0;
  std::optional<std::chrono::microseconds> rtt;
};

class Health {
 public:
  explicit Health(uint64_t seed);
  // Also on change of prefix or settings; verdicts of relays that stay are kept.
  void configure(Settings settings, TimePoint now);
  void stop();
  // An IPv6 packet for our tunnel address. False when it is no answer to a probe.
  bool on_packet(Bytes ipv6, TimePoint now);
  // A validated ICMPv4 error about protocol 41 to this relay: probes at once, 1 s apart (X23).
  void on_unreachable(Ipv4Address relay, TimePoint now);
  void on_timer(TimePoint now);

  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  [[nodiscard]] std::vector<Output> take_outputs();
  [[nodiscard]] std::vector<RelayInfo> relays() const;
  [[nodiscard]] std::string sentence(TimePoint now) const;

 private:
  struct Probe {
    // Identifier and sequence of the echo request, drawn at random; a solicitation has none.
    std::optional<uint32_t> token;
    TimePoint sent;
  };
  struct Relay {
    RelayInfo info;
    std::vector<Probe> open;  // not answered, the newest last, at most `misses`: a slow answer counts too
    TimePoint last;           // when the last one was sent
    TimePoint next;
    bool hurried = false;  // X23
    std::optional<Question> second;
    bool asks_second = false;  // the form of its next probe
  };

  [[nodiscard]] Relay adopt(Ipv4Address address, bool same_source, TimePoint now) const;
  [[nodiscard]] std::chrono::milliseconds gap(const Relay& relay) const;
  void count_miss(Relay& relay);
  void probe(Relay& relay, TimePoint now);
  [[nodiscard]] Question first(const Relay& relay) const;
  [[nodiscard]] Question question(const Relay& relay) const;
  [[nodiscard]] bool is_asked_at(const Relay& relay, const Ipv6Address& target) const;
  [[nodiscard]] std::optional<Answer> read(Bytes ipv6) const;
  bool answered(Relay& relay, std::optional<uint32_t> token, TimePoint now);
  void choose();
  [[nodiscard]] std::string verdict(const Relay& relay) const;

  Settings settings_;
  std::mt19937_64 random_;
  std::vector<Relay> relays_;
  std::optional<Ipv4Address> live_;
  std::vector<Output> outputs_;
};

[[nodiscard]] const char* name_of(State state);

}  // namespace gate41::relay
