// The external IPv4 address engine: what remote sites see of us (S36, S41, S50; X3, A1, G3, M25). Takes the interface's
// address and answers of address echoes; says which address goes into the prefix. Sans-I/O: the caller fetches the URLs.
// Control thread only.
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
  std::chrono::seconds period{600};  // between two looks at the echoes
  bool behind_nat_allowed = true;    // refused always in the relay role (B23)
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

  void configure(Settings settings, TimePoint now);  // reload
  // The WAN's address came, changed or went: what was found before is void unless it is confirmed at once.
  void on_interface(std::optional<Ipv4Address> address, TimePoint now);
  // The answer to Fetch `id`: the line that the echo sent. Strict dotted quad, never-embed checked; answers to older
  // questions are ignored.
  void on_answer(uint64_t id, const Result<std::string>& line, TimePoint now);
  void on_timer(TimePoint now);

  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  [[nodiscard]] std::vector<Output> take_outputs();
  [[nodiscard]] State state() const;
  [[nodiscard]] std::string sentence(TimePoint now) const;

 private:
  // (the implementer's)
};

[[nodiscard]] const char* name_of(State state);

}  // namespace gate41::address
