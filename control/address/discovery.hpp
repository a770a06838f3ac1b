// The external IPv4 address engine: what remote sites see of us (S36, S41, S50; X3, A1, G3, M25). Takes the
// interface's address and answers of address echoes; says which address goes into the prefix. Sans-I/O: the
// caller fetches the URLs. Control thread only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "dataplane/base/clock.hpp"
#include "dataplane/base/result.hpp"
#include "dataplane/net/address.hpp"

namespace gate41::address {

enum class Source : uint8_t { interface, http };

struct Settings {
  std::vector<Source> from{Source::interface, Source::http};  // in order
  std::optional<Ipv4Address> literal;                         // instead of `from`
  std::vector<std::string> urls;
  unsigned agree = 2;
  std::chrono::seconds period{600};   // between two looks at the echoes
  bool behind_nat_allowed = true;     // refused always in the relay role (B23)
  std::vector<Ipv4Prefix> lab_allow;  // X11
  bool operator==(const Settings&) const = default;
};

enum class State : uint8_t {
  no_interface,  // no address on the WAN yet
  asking,        // echoes have been asked; nothing is known yet
  found,
  refused,  // the address cannot be used: sentence() says why (never-embed block, NAT)
  failed,   // too few answers agree; asked again with back-off
};

// ---- outputs ----
struct Fetch {
  uint64_t id;
  std::string url;
};
struct Found {
  Ipv4Address external;
  bool behind_nat;  // differs from the interface's
};
struct Lost {
  std::string reason;
};
using Output = std::variant<Fetch, Found, Lost>;

class Discovery {
 public:
  explicit Discovery(Settings settings);

  void configure(Settings settings);  // reload
  // The WAN's address came, changed or went: what was found before is void (Lost), though it may be found
  // again at once.
  void on_interface(std::optional<Ipv4Address> address);
  // The answer to Fetch `id`: the line that the echo sent. Strict dotted quad that is not on the never-embed
  // list, or it counts as none; answers to older questions are ignored.
  void on_answer(uint64_t id, const Result<std::string>& line, TimePoint now);
  void on_timer(TimePoint now);

  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  [[nodiscard]] std::vector<Output> take_outputs();
  [[nodiscard]] State state() const;
  [[nodiscard]] std::string sentence(TimePoint now) const;

 private:
  struct Question {
    uint64_t id;
    std::optional<Ipv4Address> answer;
    bool open = true;
  };
  void look();
  void ask_echoes();
  void judge_answers(TimePoint now);
  void agreed_on(Ipv4Address external, TimePoint now);
  void disagreed(TimePoint now);
  void adopt(Ipv4Address external);
  void lose(State state, const std::string& why);
  [[nodiscard]] bool interface_will_do() const;
  [[nodiscard]] bool uses(Source source) const;
  [[nodiscard]] std::string why_unusable(Ipv4Address address) const;

  Settings settings_;
  std::optional<Ipv4Address> interface_;
  std::optional<Ipv4Address> external_;
  State state_ = State::no_interface;
  std::string why_;  // refused, failed
  std::vector<Question> questions_;
  uint64_t next_id_ = 1;
  unsigned failures_ = 0;
  std::optional<TimePoint> next_look_;
  std::vector<Output> outputs_;
};

[[nodiscard]] const char* name_of(State state);

}  // namespace gate41::address
