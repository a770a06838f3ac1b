// A LAN's engines before and beside the packet path: what they send is sorted by ICMPv6 type.
#pragma once

#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

#include "control/daemon/lan_engines.hpp"
#include "tests/unit/nd/frames.hpp"
#include "tests/unit/ra/wire.hpp"

namespace gate41::testing {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline constexpr uint8_t kRouterSolicitation = 133, kRouterAdvertisement = 134, kNeighbourSolicitation = 135;
inline const MacAddress kFoundMac = mac("02:41:00:00:00:01");
inline const Ipv6Address kFoundLinkLocal = ip6("fe80::41:ff:fe00:1");
inline const MacAddress kRival = mac("02:bb:00:00:00:0b");

inline config::Lan home() {
  config::Lan lan;
  lan.name = "home";
  return lan;
}

inline LanEngines engines_of(const MacAddress& mac) {
  const config::Lan lan = home();
  return {{mac}, &lan, 1480, 41};
}

inline ra::Content one_prefix() { return {{{Ipv6Prefix{ip6("2002:b00:2a:1::"), 64}}}, {}, true}; }

inline std::size_t count(const std::vector<Frame>& frames, uint8_t type) {
  return static_cast<std::size_t>(
      std::ranges::count_if(frames, [&](const Frame& frame) { return icmp_type(frame) == type; }));
}

template <typename T>
std::vector<T> all(const std::vector<nd::Output>& outputs) {
  std::vector<T> found;
  for (const nd::Output& output : outputs)
    if (const T* one = std::get_if<T>(&output)) found.push_back(*one);
  return found;
}

// Somebody else has our link-local address.
inline Frame claim_of_rival() {
  return advertisement({.ether_source = kRival,
                        .ether_destination = mac("33:33:00:00:00:01"),
                        .source = kFoundLinkLocal,
                        .destination = ip6("ff02::1"),
                        .target = kFoundLinkLocal,
                        .options = tllao(kRival),
                        .flags = kO});
}

}  // namespace gate41::testing
