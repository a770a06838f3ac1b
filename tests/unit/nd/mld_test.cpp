#include "tests/unit/nd/link.hpp"

namespace gate41::testing {
namespace {

const Ipv6Address kGroup = ip6("ff02::1:ff00:1");  // of both own addresses
const Ipv6Address kAll = ip6("ff02::2");
const Ipv6Address kQuerier = ip6("fe80::9");

// proves: H35 Q12
TEST(Mld, JoinsAllRoutersAndTheSolicitedNodeGroupBeforeTheFirstProbe) {
  Link link;
  link.engine.add_address(kOwnLinkLocal, false, link.now);
  while (link.solicitations().empty()) link.advance(1ms);
  const auto frames = link.all<nd::SendFrame>();
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].frame, mld_report(kOwn, {}, {{4, kAll}, {4, kGroup}}));
  EXPECT_EQ(icmp_type(frames[1].frame), 135);
}

// proves: H35
TEST(Mld, ReportsAChangeTwiceWithinASecond) {
  ReadyLink link;
  link.engine.add_address(ip6("2600:41:1:1::77"), true, link.now);
  link.collect();
  ASSERT_EQ(link.sent(143).size(), 1U);
  link.advance(1s);
  ASSERT_EQ(link.sent(143).size(), 2U);
  EXPECT_EQ(link.sent(143)[1], mld_report(kOwn, kOwnLinkLocal, {{4, ip6("ff02::1:ff00:77")}}));
  link.advance(60s);
  EXPECT_EQ(link.sent(143).size(), 2U);
}

// proves: H35
TEST(Mld, RepeatsEverythingFromTheLinkLocalAddressOnceItIsReady) {
  Link link;
  link.engine.add_address(kOwnLinkLocal, false, link.now);
  while (!link.engine.is_ready(kOwnLinkLocal)) link.advance(1ms);
  EXPECT_EQ(link.sent(143).back(), mld_report(kOwn, kOwnLinkLocal, {{4, kAll}, {4, kGroup}}));
}

// proves: H35
TEST(Mld, AGroupOfTwoAddressesIsLeftWithTheSecond) {
  ReadyLink link;
  link.engine.remove_address(kOwnGlobal, link.now);
  link.advance(5s);
  EXPECT_TRUE(link.sent(143).empty());
  link.engine.add_address(kOwnGlobal, false, link.now);
  link.advance(5s);
  link.engine.remove_address(kOwnGlobal, link.now);
  link.forget();
  link.engine.remove_address(kOwnLinkLocal, link.now);
  link.collect();
  ASSERT_EQ(link.sent(143).size(), 1U);
  EXPECT_EQ(link.sent(143)[0], mld_report(kOwn, kOwnLinkLocal, {{3, kGroup}}));
}

// proves: H35 J5
TEST(Mld, AnswersAGeneralQueryWithAllGroupsWithinItsTime) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    ReadyLink link({}, seed);
    link.receive(mld_query({.ether_source = kOther, .source = kQuerier, .max_response = 4000}));
    EXPECT_TRUE(link.sent(143).empty());
    link.advance(4s);
    ASSERT_EQ(link.sent(143).size(), 1U);
    EXPECT_EQ(link.sent(143)[0], mld_report(kOwn, kOwnLinkLocal, {{2, kAll}, {2, kGroup}}));
  }
}

// proves: H35
TEST(Mld, SpreadsItsAnswersOverTheTime) {
  Duration shortest = 1h;
  Duration longest = 0s;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    ReadyLink link({}, seed);
    link.receive(mld_query({.ether_source = kOther, .source = kQuerier, .max_response = 4000}));
    const Duration delay = *link.engine.next_deadline() - link.now;
    shortest = std::min(shortest, delay);
    longest = std::max(longest, delay);
  }
  EXPECT_LT(shortest, 300ms);
  EXPECT_GT(longest, 3700ms);
}

// RFC 3810 §5.1.3: 0x8000 and above is (mantissa | 0x1000) << (exponent + 3); 0x9234 = 0x1234 << 4 ms.
// proves: H35
TEST(Mld, ReadsAFloatingPointResponseTime) {
  Duration longest = 0s;
  const Duration allowed = std::chrono::milliseconds(0x1234 * 16);
  for (uint64_t seed = 0; seed < 300; ++seed) {
    ReadyLink link({}, seed);
    link.receive(mld_query({.ether_source = kOther, .source = kQuerier, .max_response = 0x9234}));
    longest = std::max(longest, *link.engine.next_deadline() - link.now);
  }
  EXPECT_LE(longest, allowed);
  EXPECT_GT(longest, allowed * 95 / 100);
}

// proves: H35
TEST(Mld, AnswersAQueryOfOneGroupWithThatGroup) {
  ReadyLink link;
  link.receive(mld_query({.ether_source = kOther, .source = kQuerier, .group = kAll, .max_response = 1000}));
  link.advance(1s);
  ASSERT_EQ(link.sent(143).size(), 1U);
  EXPECT_EQ(link.sent(143)[0], mld_report(kOwn, kOwnLinkLocal, {{2, kAll}}));
}

TEST(Mld, DoesNotAnswerForAGroupOfOthers) {
  ReadyLink link;
  link.receive(mld_query({.ether_source = kOther, .source = kQuerier, .group = ip6("ff02::fb")}));
  link.advance(60s);
  EXPECT_TRUE(link.sent(143).empty());
  EXPECT_EQ(link.engine.invalid(), 0U);
}

TEST(Mld, TwoQueriesAreAnsweredOnceByTheEarlierTime) {
  ReadyLink link;
  link.receive(mld_query({.ether_source = kOther, .source = kQuerier, .max_response = 30000}));
  link.receive(mld_query({.ether_source = kOther, .source = kQuerier, .max_response = 1000}));
  link.advance(1s);
  EXPECT_EQ(link.sent(143).size(), 1U);
  link.advance(60s);
  EXPECT_EQ(link.sent(143).size(), 1U);
}

// RFC 3810 §6.2.
// proves: J5
TEST(Mld, QueriesFromAfarOrWithoutRouterAlertAreNotValid) {
  ReadyLink link;
  link.receive(mld_query({.ether_source = kOther, .source = kHostGlobal}));
  EXPECT_EQ(link.engine.invalid(), 1U);
  link.receive(mld_query({.ether_source = kOther, .source = kQuerier, .hop_limit = 2}));
  EXPECT_EQ(link.engine.invalid(), 2U);
  link.receive(mld_query({.ether_source = kOther, .source = kQuerier, .router_alert = false}));
  EXPECT_EQ(link.engine.invalid(), 3U);
  link.advance(60s);
  EXPECT_TRUE(link.outputs.empty());
}

// RFC 3810 §8.2.1: a version 1 query (24 bytes) is answered in version 1.
// proves: H35
TEST(Mld, AnswersAVersion1QuerierInVersion1) {
  ReadyLink link;
  link.receive(mld_query({.ether_source = kOther, .source = kQuerier, .max_response = 1000, .version = 1}));
  link.advance(1s);
  ASSERT_EQ(link.sent(131).size(), 2U);
  EXPECT_EQ(link.sent(131)[0], mld_v1(131, kOwn, kOwnLinkLocal, kAll, kAll));
  EXPECT_EQ(link.sent(131)[1], mld_v1(131, kOwn, kOwnLinkLocal, kGroup, kGroup));
  EXPECT_TRUE(link.sent(143).empty());
}

// RFC 3810 §9.12: 2 * 125 s + 10 s.
// proves: H35
TEST(Mld, ReturnsToVersion2WhenTheVersion1QuerierIsGone) {
  ReadyLink link;
  link.receive(mld_query({.ether_source = kOther, .source = kQuerier, .max_response = 1000, .version = 1}));
  link.advance(259s);
  link.forget();
  link.receive(mld_query({.ether_source = kOther, .source = kQuerier, .max_response = 500}));
  link.advance(500ms);
  EXPECT_EQ(link.sent(131).size(), 2U);
  link.advance(501ms);
  link.receive(mld_query({.ether_source = kOther, .source = kQuerier, .max_response = 500}));
  link.advance(500ms);
  EXPECT_EQ(link.sent(143).size(), 1U);
}

// proves: H35
TEST(Mld, LeavesInVersion1WithADoneToAllRouters) {
  ReadyLink link;
  link.engine.add_address(ip6("2600:41:1:1::77"), true, link.now);
  link.receive(mld_query({.ether_source = kOther, .source = kQuerier, .max_response = 1000, .version = 1}));
  link.advance(2s);
  link.forget();
  link.engine.remove_address(ip6("2600:41:1:1::77"), link.now);
  link.collect();
  ASSERT_EQ(link.sent(132).size(), 1U);
  EXPECT_EQ(link.sent(132)[0], mld_v1(132, kOwn, kOwnLinkLocal, kAll, ip6("ff02::1:ff00:77")));
}

// proves: H35
TEST(Mld, ManyGroupsTakeSeveralReportsBelowTheSmallestMtu) {
  ReadyLink link;
  for (uint16_t i = 0; i < 100; ++i)
    link.engine.add_address(Ipv6Address::of({0x2600, 0x41, 1, 1, 0, 0, 0, static_cast<uint16_t>(0x100 + i)}),
                            true, link.now);
  link.advance(2s);
  link.forget();
  link.receive(mld_query({.ether_source = kOther, .source = kQuerier, .max_response = 1000}));
  link.advance(1s);
  std::size_t records = 0;
  for (const Frame& report : link.sent(143)) {
    EXPECT_LE(report.size(), 14U + 1280U);
    records += report.at(14 + 40 + 8 + 7);
  }
  EXPECT_EQ(records, 102U);
}

}  // namespace
}  // namespace gate41::testing
