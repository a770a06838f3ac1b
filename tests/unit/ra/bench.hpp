// A LAN with an advertiser, run through its deadlines.
#pragma once

#include <gtest/gtest.h>
#include <vector>

#include "control/ra/advertiser.hpp"
#include "tests/unit/ra/wire.hpp"

namespace gate41::testing {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline const TimePoint kStart{seconds(5000)};
inline const MacAddress kMac = mac("02:00:00:00:00:41");
inline const Ipv6Address kLinkLocal = ip6("fe80::41");
inline const Ipv6Prefix kPrefix{ip6("2002:b00:2a:1::"), 64};
inline const Ipv6Prefix kOldPrefix{ip6("2002:b00:2b:1::"), 64};
inline const Ipv6Prefix kDelegated{ip6("2002:b00:2a::"), 48};
inline const MacAddress kHostMac = mac("02:00:00:00:00:77");
inline const Ipv6Address kHost = ip6("fe80::77");

inline ra::Settings lan_settings() {
  ra::Settings settings;
  settings.mac = kMac;
  settings.link_local = kLinkLocal;
  return settings;
}

inline ra::Content site_content() { return {{{kPrefix}}, {kDelegated}, true}; }

struct Sent {
  TimePoint at;
  SentRa ra;
  [[nodiscard]] bool multicast() const { return ra.destination == ip6("ff02::1"); }
};

class RaAdvertiser : public ::testing::Test {
 protected:
  RaAdvertiser() { advertiser.set_address_ready(true); }
  // Up to the first RA, which is then taken away.
  void start_advertising(const ra::Content& content = site_content()) {
    advertiser.set_content(content, now);
    advertiser.start(now);
    run_until(now + seconds(4));
    ASSERT_EQ(advertiser.state(), ra::State::advertising);
  }
  // Past the prompt RAs of the start: what comes next is due in minutes.
  void settle() {
    start_advertising();
    run_until(now + seconds(40));
    sent.clear();
    outputs.clear();
  }
  void run_until(TimePoint until) {
    collect();
    for (auto due = advertiser.next_deadline(); due && *due <= until; due = advertiser.next_deadline()) {
      now = std::max(now, *due);
      advertiser.on_timer(now);
      collect();
      ASSERT_TRUE(!advertiser.next_deadline() || *advertiser.next_deadline() > now);
    }
    now = until;
  }
  void run_for(Duration duration) { run_until(now + duration); }
  void receive(const Frame& frame) {
    advertiser.on_frame(frame, now);
    collect();
  }
  void stop(unsigned final_ras, bool deprecate) {
    advertiser.stop(final_ras, deprecate, now);
    collect();
  }
  void collect() {
    for (ra::Output& output : advertiser.take_outputs()) {
      const auto* frame = std::get_if<ra::SendFrame>(&output);
      if (frame == nullptr)
        outputs.push_back(output);
      else if (type_of(frame->frame) == 133)
        solicitations.emplace_back(now, frame->frame);
      else
        sent.push_back({now, read_ra(frame->frame)});
    }
  }
  [[nodiscard]] const SentRa& last() const { return sent.at(sent.size() - 1).ra; }

  TimePoint now = kStart;
  ra::Advertiser advertiser{lan_settings(), 4711};
  std::vector<Sent> sent;
  std::vector<std::pair<TimePoint, Frame>> solicitations;
  std::vector<ra::Output> outputs;
};

}  // namespace gate41::testing
