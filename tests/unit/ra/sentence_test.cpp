// What the operator reads.
#include "tests/unit/ra/bench.hpp"

namespace gate41::testing {
namespace {

std::string seconds_to(TimePoint then, TimePoint now) {
  return std::to_string((then - now + seconds(1) - Duration(1)) / seconds(1));
}

}  // namespace

TEST_F(RaAdvertiser, HasASentenceForEachState) {
  EXPECT_EQ(advertiser.sentence("home", now), "not advertising on home");
  advertiser.start(now);
  EXPECT_EQ(advertiser.sentence("home", now), "listening for other routers on home, decides in 2 s");
  run_for(seconds(4));
  EXPECT_EQ(advertiser.sentence("home", now), "ready to advertise on home, without a prefix yet");
  advertiser.set_content(site_content(), now);
  run_for(seconds(1));
  EXPECT_EQ(advertiser.sentence("home", now),
            "advertising 2002:b00:2a:1::/64 on home as default router (low preference), next in " +
                seconds_to(*advertiser.next_deadline(), now) + " s");
  stop(3, false);
  EXPECT_EQ(advertiser.sentence("home", now), "leaving home: 2 more final advertisements");
}

TEST_F(RaAdvertiser, SaysThatItWaitsForItsAddressWhereNothingElseIsLeftToWaitFor) {
  advertiser.set_address_ready(false);
  advertiser.start(now);
  run_for(seconds(2));
  EXPECT_EQ(advertiser.sentence("home", now), "waiting for its own address on home to be confirmed");
}

TEST_F(RaAdvertiser, SaysWhoHoldsItBack) {
  advertiser.start(now);
  receive(Announcement{}.build());
  EXPECT_EQ(advertiser.sentence("home", now),
            "holding back on home: fe80::1 advertises itself as default router here");
}

TEST_F(RaAdvertiser, SaysWhenItIsNoDefaultRouter) {
  start_advertising({{{kPrefix}, {kOldPrefix}}, {}, false});
  EXPECT_EQ(advertiser.sentence("home", now),
            "advertising 2002:b00:2a:1::/64, 2002:b00:2b:1::/64 on home not as default router, next in " +
                seconds_to(*advertiser.next_deadline(), now) + " s");
}

TEST_F(RaAdvertiser, DescribesTheEffectiveAdvertisement) {
  ra::Settings settings = lan_settings();
  settings.rdnss = {ip6("2002:b00:2a:1::53")};
  settings.dnssl = {"home.example"};
  advertiser.update_settings(settings, now);
  advertiser.add_stale({kOldPrefix, now + seconds(100)}, now);
  advertiser.set_content({{{kPrefix, now + seconds(4000)}}, {kDelegated}, true}, now);
  EXPECT_EQ(advertiser.describe(now),
            (std::vector<std::string>{
                "default router for 2700 s, preference low, hop limit 64", "MTU 1280",
                "link-layer address 02:00:00:00:00:41",
                "prefix 2002:b00:2a:1::/64: on-link, autonomous, valid 4000 s, preferred 2700 s",
                "prefix 2002:b00:2b:1::/64: on-link, autonomous, valid 0 s, preferred 0 s",
                "route 2002:b00:2a::/48: preference low, 4000 s", "DNS server 2002:b00:2a:1::53: 1800 s",
                "DNS search domain home.example: 1800 s"}));
}

}  // namespace gate41::testing
