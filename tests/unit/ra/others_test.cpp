// Other routers on the link.
#include "tests/unit/ra/bench.hpp"

namespace gate41::testing {
namespace {

ra::Settings send_beside_others() {
  ra::Settings settings = lan_settings();
  settings.when_others = ra::WhenOthers::send;
  return settings;
}

Announcement agreeing() {
  Announcement other;
  other.lifetime = 0;
  return other;
}

}  // namespace

class RaOthers : public RaAdvertiser {
 protected:
  [[nodiscard]] std::vector<std::string> differences() const {
    std::vector<std::string> texts;
    for (const ra::Output& output : outputs)
      if (const auto* other = std::get_if<ra::OtherRouter>(&output)) texts.push_back(other->difference);
    return texts;
  }
  void hold_at_start(uint16_t lifetime = 1800) {
    advertiser.set_content(site_content(), now);
    advertiser.start(now);
    run_for(seconds(1));
    Announcement other;
    other.lifetime = lifetime;
    receive(other.build());
  }
};

// proves: H30 S84
TEST_F(RaOthers, HoldBackAGatewayThatStarts) {
  hold_at_start();
  EXPECT_EQ(advertiser.state(), ra::State::held);
  run_for(seconds(1799));
  receive(Solicitation{}.build());
  EXPECT_TRUE(sent.empty());
}

// proves: H30
TEST_F(RaOthers, HoldBackUntilTheirLifetimeHasRunOut) {
  hold_at_start(60);
  const TimePoint end = now + seconds(60);
  run_until(end - milliseconds(1));
  EXPECT_EQ(advertiser.state(), ra::State::held);
  run_until(end + seconds(4));
  EXPECT_EQ(advertiser.state(), ra::State::advertising);
  EXPECT_EQ(sent.size(), 1U);
}

TEST_F(RaOthers, HoldBackUntilTheySayThatTheyGo) {
  hold_at_start();
  run_for(seconds(10));
  receive(agreeing().build());
  run_for(seconds(4));
  EXPECT_EQ(advertiser.state(), ra::State::advertising);
}

TEST_F(RaOthers, AreListenedForAgainBeforeComingBack) {
  hold_at_start(60);
  solicitations.clear();
  run_for(seconds(64));
  EXPECT_EQ(solicitations.size(), 2U);
}

// proves: S84
TEST_F(RaOthers, MakeAGatewayThatAdvertisesTakeEverythingBack) {
  settle();
  receive(Announcement{}.build());
  EXPECT_EQ(advertiser.state(), ra::State::held);
  run_for(seconds(100));
  ASSERT_EQ(sent.size(), 3U);
  for (const Sent& one : sent) {
    EXPECT_EQ(one.ra.lifetime, 0);
    EXPECT_EQ(one.ra.prefixes.at(0).preferred, 0U);
    EXPECT_EQ(one.ra.routes.at(0).lifetime, 0U);
  }
  EXPECT_EQ(sent[1].at - sent[0].at, seconds(3));
}

TEST_F(RaOthers, DoNotHoldBackWhenItIsToSend) {
  advertiser.update_settings(send_beside_others(), now);
  start_advertising();
  receive(Announcement{}.build());
  EXPECT_EQ(advertiser.state(), ra::State::advertising);
  EXPECT_EQ(differences(), std::vector<std::string>{"advertises itself as default router"});
}

TEST_F(RaOthers, DoNotHoldBackAGatewayThatOffersRoutesOnly) {
  ra::Settings settings = lan_settings();
  settings.default_route = false;
  advertiser.update_settings(settings, now);
  start_advertising();
  receive(Announcement{}.build());
  EXPECT_EQ(advertiser.state(), ra::State::advertising);
}

TEST_F(RaOthers, DoNotHoldBackWhenTheyAreNoDefaultRouter) {
  start_advertising();
  receive(agreeing().build());
  EXPECT_EQ(advertiser.state(), ra::State::advertising);
  EXPECT_TRUE(outputs.empty());
}

TEST_F(RaOthers, AreForgivenByANewSetting) {
  hold_at_start();
  advertiser.update_settings(send_beside_others(), now);
  run_for(seconds(4));
  EXPECT_EQ(advertiser.state(), ra::State::advertising);
}

// proves: H30
TEST_F(RaOthers, AreReportedWithEachDifference) {
  advertiser.update_settings(send_beside_others(), now);
  start_advertising();
  Announcement other;
  other.hop_limit = 255;
  other.flags = 0xc0;
  other.reachable = 30000;
  other.retransmission = 1000;
  other.options = mtu_option(1500);
  receive(other.build());
  EXPECT_EQ(differences(), std::vector<std::string>{
                               "advertises itself as default router; hop limit 255 (ours 64); "
                               "managed addresses (M) where we have none; DHCPv6 (O) where we have none; "
                               "reachable time 30000 ms (ours unspecified); "
                               "retransmission time 1000 ms (ours unspecified); MTU 1500 (ours 1280)"});
}

// proves: H30
TEST_F(RaOthers, AreReportedWhenTheyAdvertiseOurPrefix) {
  start_advertising();
  Announcement other = agreeing();
  other.options = prefix_option(kPrefix.address, 5400, 2700);
  receive(other.build());
  run_for(seconds(2));
  other.options = prefix_option(kPrefix.address, 86400, 14400);
  receive(other.build());
  EXPECT_EQ(differences(), (std::vector<std::string>{"our prefix 2002:b00:2a:1::/64",
                                                     "our prefix 2002:b00:2a:1::/64, other lifetimes"}));
}

TEST_F(RaOthers, AreNoNewsWithFieldsThatTheyLeaveUnspecified) {
  start_advertising();
  Announcement other = agreeing();
  other.hop_limit = 0;
  other.options = prefix_option(ip6("2600:41:0:5::"), 86400, 14400);
  receive(other.build());
  EXPECT_TRUE(differences().empty());
}

TEST_F(RaOthers, AreReportedOnceForTheSameDifference) {
  advertiser.update_settings(send_beside_others(), now);
  start_advertising();
  for (int i = 0; i < 10; ++i) {
    receive(Announcement{}.build());
    run_for(seconds(10));
  }
  EXPECT_EQ(differences().size(), 1U);
}

TEST_F(RaOthers, AreReportedAtMostOnceASecond) {
  advertiser.update_settings(send_beside_others(), now);
  start_advertising();
  for (uint16_t i = 0; i < 1000; ++i) {
    Announcement other;
    other.source = Ipv6Address::of({0xfe80, 0, 0, 0, 0, 0, 2, i});
    receive(other.build());
    run_for(milliseconds(10));
  }
  EXPECT_LE(differences().size(), 10U);
}

TEST_F(RaOthers, AreListedWithTheirPrefixes) {
  hold_at_start(60);
  Announcement other;
  other.lifetime = 90;
  other.options = prefix_option(ip6("2600:41:0:5::"), 86400, 14400);
  receive(other.build());
  const auto list = advertiser.other_routers();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].address, ip6("fe80::1"));
  EXPECT_EQ(list[0].mac, mac("02:00:00:00:00:99"));
  EXPECT_TRUE(list[0].is_default);
  EXPECT_EQ(list[0].expires, now + seconds(90));
  EXPECT_EQ(list[0].prefixes, (std::vector<Ipv6Prefix>{{ip6("2600:41:0:5::"), 64}}));
}

TEST_F(RaOthers, AreKeptWithinBounds) {
  advertiser.start(now);
  run_for(seconds(1));
  for (uint16_t i = 0; i < 1000; ++i) {
    Announcement other;
    other.source = Ipv6Address::of({0xfe80, 0, 0, 0, 0, 0, 2, i});
    receive(other.build());
  }
  EXPECT_EQ(advertiser.other_routers().size(), 32U);
}

TEST_F(RaOthers, AreNotBelievedFromAnotherAddressThanALinkLocalOne) {
  start_advertising();
  Announcement other;
  other.source = ip6("2002:b00:2a:1::9");
  receive(other.build());
  receive(Announcement{}.packet(64).build());
  EXPECT_EQ(advertiser.state(), ra::State::advertising);
  EXPECT_EQ(advertiser.invalid(), 2U);
}

TEST_F(RaOthers, AreNotWeOurselves) {
  start_advertising();
  Announcement own;
  own.source = kLinkLocal;
  receive(own.build());
  EXPECT_EQ(advertiser.state(), ra::State::advertising);
  EXPECT_TRUE(advertiser.other_routers().empty());
}

// proves: H29
TEST_F(RaOthers, CannotRedirectUs) {
  start_advertising();
  sent.clear();
  Frame addresses(32);
  addresses[0] = addresses[16] = 0xfe;
  addresses[1] = addresses[17] = 0x80;
  receive(PacketBuilder()
              .ethernet(kMac, mac("02:00:00:00:00:99"))
              .ipv6(ip6("fe80::1"), kLinkLocal)
              .hop_limit(255)
              .icmpv6(137, 0)
              .payload(addresses)
              .build());
  EXPECT_EQ(advertiser.invalid(), 0U);
  EXPECT_TRUE(outputs.empty());
  EXPECT_TRUE(advertiser.other_routers().empty());
}

// Two that start at the same moment: the one that draws the longer time to listen hears the other.
TEST_F(RaOthers, AreNotHeldBackAtTheSameTime) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    ra::Advertiser a(lan_settings(), seed);
    ra::Settings other = lan_settings();
    other.mac = kHostMac;
    other.link_local = kHost;
    ra::Advertiser b(other, seed + 1000);
    for (ra::Advertiser* one : {&a, &b}) {
      one->set_content(site_content(), kStart);
      one->set_address_ready(true);
      one->start(kStart);
    }
    while (true) {
      const TimePoint t = std::min(*a.next_deadline(), *b.next_deadline());
      if (t > kStart + seconds(30)) break;
      for (const auto& [from, to] : {std::pair(&a, &b), std::pair(&b, &a)}) {
        if (from->next_deadline() <= t) from->on_timer(t);
        for (const ra::Output& output : from->take_outputs())
          if (const auto* frame = std::get_if<ra::SendFrame>(&output)) to->on_frame(frame->frame, t);
      }
    }
    const bool a_speaks = a.state() == ra::State::advertising;
    const bool b_speaks = b.state() == ra::State::advertising;
    ASSERT_NE(a_speaks, b_speaks) << "seed " << seed;
  }
}

}  // namespace gate41::testing
