// Link: an engine on a link under test time, with what it has put out so far, sorted by kind.
#pragma once

#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

#include "control/nd/engine.hpp"
#include "tests/unit/nd/frames.hpp"

namespace gate41::testing {

using namespace std::chrono_literals;

inline const MacAddress kOwn = mac("02:41:00:00:00:01");
inline const MacAddress kHost = mac("02:aa:00:00:00:0a");   // a host
inline const MacAddress kOther = mac("02:bb:00:00:00:0b");  // another
inline const Ipv6Address kOwnLinkLocal = ip6("fe80::41:ff:fe00:1");
inline const Ipv6Address kOwnGlobal = ip6("2600:41:1:1::1");
inline const Ipv6Address kSubnetRouter = ip6("2600:41:1:1::");
inline const Ipv6Address kHostGlobal = ip6("2600:41:1:1::a");
inline const Ipv6Address kOtherGlobal = ip6("2600:41:1:1::b");

class Link {
 public:
  explicit Link(nd::Settings settings = {}, uint64_t seed = 1) : engine(with_mac(settings), seed) {}

  // Passes time, firing timers as a loop would: at each deadline.
  void advance(Duration time) {
    const TimePoint end = now + time;
    while (const auto due = engine.next_deadline()) {
      if (*due > end) break;
      now = std::max(now, *due);
      engine.on_timer(now);
      const auto next = engine.next_deadline();
      ASSERT_TRUE(!next || *next > now) << "a timer that does not move on";
    }
    now = end;
    collect();
  }
  void receive(const Frame& frame) {
    engine.on_frame(frame, now);
    collect();
  }
  // DAD takes at most 1 s of random delay and 1 s of listening.
  void add_own(std::initializer_list<Ipv6Address> addresses) {
    for (const Ipv6Address& address : addresses) engine.add_address(address, false, now);
    advance(2s);
    forget();
  }
  void packet(const Ipv6Address& destination, std::uintptr_t handle) {
    engine.on_packet(destination, std::bit_cast<nd::PacketHandle>(handle), now);
    collect();
  }
  void used(const Ipv6Address& address) {
    engine.on_used({address}, now);
    collect();
  }
  // What has been put out since the last forget().
  template <typename T>
  [[nodiscard]] std::vector<T> all() const {
    std::vector<T> found;
    for (const nd::Output& output : outputs)
      if (const T* one = std::get_if<T>(&output)) found.push_back(*one);
    return found;
  }
  [[nodiscard]] std::vector<Frame> sent(uint8_t type) const {
    std::vector<Frame> found;
    for (const auto& output : all<nd::SendFrame>())
      if (icmp_type(output.frame) == type) found.push_back(output.frame);
    return found;
  }
  [[nodiscard]] std::vector<Frame> solicitations() const { return sent(135); }
  [[nodiscard]] std::vector<Frame> advertisements() const { return sent(136); }
  void collect() {
    for (auto& output : engine.take_outputs()) outputs.push_back(std::move(output));
  }
  void forget() {
    collect();
    outputs.clear();
  }
  [[nodiscard]] std::optional<nd::NeighbourInfo> neighbour(const Ipv6Address& address) const {
    for (const auto& info : engine.neighbours())
      if (info.address == address) return info;
    return std::nullopt;
  }
  [[nodiscard]] std::string state(const Ipv6Address& address) const {
    const auto info = neighbour(address);
    return info ? nd::name_of(info->state) : "none";
  }
  // The host's multicast solicitation of our global address.
  void solicited_by(const Ipv6Address& host, const MacAddress& option, const MacAddress& ether_source) {
    receive(solicitation({.ether_source = ether_source,
                          .ether_destination = mac("33:33:ff:00:00:01"),
                          .source = host,
                          .destination = ip6("ff02::1:ff00:1"),
                          .target = kOwnGlobal,
                          .options = sllao(option)}));
  }
  void answered_by(const Ipv6Address& host, const MacAddress& option, uint32_t flags,
                   const MacAddress& ether_source) {
    receive(advertisement({.ether_source = ether_source,
                           .ether_destination = kOwn,
                           .source = host,
                           .destination = kOwnLinkLocal,
                           .target = host,
                           .options = tllao(option),
                           .flags = flags}));
  }
  void answered_by(const Ipv6Address& host, const MacAddress& option, uint32_t flags) {
    answered_by(host, option, flags, option);
  }
  // A host that has answered a solicitation.
  void make_reachable(const Ipv6Address& host, const MacAddress& host_mac) {
    solicited_by(host, host_mac, host_mac);
    answered_by(host, host_mac, kS | kO);
    forget();
  }

  TimePoint now{1000s};
  nd::Engine engine;
  std::vector<nd::Output> outputs;

 private:
  static nd::Settings with_mac(nd::Settings settings) {
    settings.mac = kOwn;
    return settings;
  }
};

// Ready with a link-local and a global address.
class ReadyLink : public Link {
 public:
  explicit ReadyLink(nd::Settings settings = {}, uint64_t seed = 1) : Link(settings, seed) {
    add_own({kOwnLinkLocal, kOwnGlobal});
    advance(2s);  // repeated MLD reports
    forget();
  }
};

// Up to the first probe of an own address; it is ready a second later.
inline void start_probing(Link& link) {
  link.engine.add_address(kOwnGlobal, false, link.now);
  while (link.solicitations().empty()) link.advance(1ms);
}

// Somebody else has that address.
inline Frame claim_of_another() {
  return advertisement({.ether_source = kOther,
                        .ether_destination = mac("33:33:00:00:00:01"),
                        .source = kOwnGlobal,
                        .destination = ip6("ff02::1"),
                        .target = kOwnGlobal,
                        .options = tllao(kOther),
                        .flags = kO});
}

inline nd::Settings with_source(nd::LladdrSource source) { return {.lladdr_source = source}; }
inline std::uintptr_t number(nd::PacketHandle packet) { return std::bit_cast<std::uintptr_t>(packet); }

}  // namespace gate41::testing
