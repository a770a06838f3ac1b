// A site that looks for its external address, with a clock and answers at hand.
#pragma once

#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "control/address/discovery.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::testing {

using std::chrono::seconds;

inline const TimePoint kStart{seconds(9000)};
inline const Ipv4Address kPublic = ip4("11.0.0.42");
inline const Ipv4Address kOtherPublic = ip4("11.0.0.43");
inline const Ipv4Address kPrivate = ip4("192.168.1.5");

inline address::Settings echoes(std::vector<std::string> urls, unsigned agree = 2) {
  address::Settings settings;
  settings.urls = std::move(urls);
  settings.agree = agree;
  return settings;
}
inline address::Settings three_echoes() { return echoes({"http://a/", "http://b/", "http://c/"}); }

struct Bench {
  explicit Bench(address::Settings settings) : discovery(std::move(settings)) {}

  template <typename T>
  std::vector<T> take() {
    std::vector<T> result;
    for (const address::Output& output : discovery.take_outputs())
      if (const auto* wanted = std::get_if<T>(&output)) result.push_back(*wanted);
    return result;
  }
  // What the outputs since the last call leave standing: an address, none, or (outer nullopt) nothing was
  // said.
  std::optional<std::optional<Ipv4Address>> verdict() {
    std::optional<std::optional<Ipv4Address>> last;
    for (const address::Output& output : discovery.take_outputs()) {
      if (const auto* found = std::get_if<address::Found>(&output)) last.emplace(found->external);
      if (std::holds_alternative<address::Lost>(output)) last.emplace(std::nullopt);
    }
    return last;
  }
  void answer(uint64_t id, const std::string& line) { discovery.on_answer(id, line, now); }
  void fail_answer(uint64_t id) { discovery.on_answer(id, fail("no route"), now); }
  void at(TimePoint when) {
    now = when;
    discovery.on_timer(now);
  }

  address::Discovery discovery;
  TimePoint now = kStart;
};

inline const std::optional<std::optional<Ipv4Address>> kNothingSaid{};
inline std::optional<std::optional<Ipv4Address>> is(Ipv4Address address) { return std::optional(address); }
inline const std::optional<std::optional<Ipv4Address>> kNone{std::optional<Ipv4Address>{}};

}  // namespace gate41::testing
