// What an advertiser says to the operator.
#include <fmt/core.h>
#include <fmt/ranges.h>

#include "control/ra/advertiser.hpp"

namespace gate41::ra {

std::vector<std::string> Advertiser::describe(TimePoint now) const { return ra::describe(current(now)); }

std::string Advertiser::sentence(const std::string& lan, TimePoint now) const {
  switch (state_) {
    case State::stopped:
      return fmt::format("not advertising on {}", lan);
    case State::listening:
      if (now >= listen_until_) return fmt::format("waiting for its own address on {} to be confirmed", lan);
      return fmt::format("listening for other routers on {}, decides in {} s", lan,
                         seconds_left(listen_until_, now));
    case State::held:
      return fmt::format("holding back on {}: {} advertises itself as default router here", lan,
                         others_.default_router().value_or(Ipv6Address{}).to_string());
    case State::stopping:
      return fmt::format("leaving {}: {} more final advertisements", lan, goodbye_.left);
    case State::advertising:
      return advertising_sentence(lan, now);
  }
  return {};
}

std::string Advertiser::advertising_sentence(const std::string& lan, TimePoint now) const {
  const auto next = schedule_.next_multicast();
  if (!next) return fmt::format("ready to advertise on {}, without a prefix yet", lan);
  std::vector<std::string> prefixes;
  for (const Prefix& prefix : content_.prefixes) prefixes.push_back(prefix.prefix.to_string());
  const std::string what = prefixes.empty() ? "no prefix" : fmt::format("{}", fmt::join(prefixes, ", "));
  const std::string how =
      current(now).router_lifetime > std::chrono::seconds(0)
          ? fmt::format("as default router ({} preference)", name_of(settings_.preference))
          : "not as default router";
  return fmt::format("advertising {} on {} {}, next in {} s", what, lan, how, seconds_left(*next, now));
}

}  // namespace gate41::ra
