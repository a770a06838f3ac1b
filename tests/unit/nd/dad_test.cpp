#include <algorithm>

#include "tests/unit/nd/link.hpp"

namespace gate41::testing {
namespace {

Frame nonce_of(const Frame& dad) { return {dad.end() - 6, dad.end()}; }

Frame probe_of_another(const Frame& nonce_option = {}) {
  return solicitation({.ether_source = kOther,
                       .ether_destination = mac("33:33:ff:00:00:01"),
                       .source = {},
                       .destination = ip6("ff02::1:ff00:1"),
                       .target = kOwnGlobal,
                       .options = nonce_option});
}

Frame nonce_option(const Frame& nonce) {
  Frame option{14, 1};
  option.insert(option.end(), nonce.begin(), nonce.end());
  return option;
}

// proves: H27 H40 Q12
TEST(Dad, ProbesFromTheUnspecifiedAddressWithANonce) {
  Link link;
  start_probing(link);
  const Frame sent = link.solicitations().at(0);
  EXPECT_EQ(sent, solicitation({.ether_source = kOwn,
                                .ether_destination = mac("33:33:ff:00:00:01"),
                                .source = {},
                                .destination = ip6("ff02::1:ff00:1"),
                                .target = kOwnGlobal,
                                .options = nonce_option(nonce_of(sent))}));
}

// proves: H27
TEST(Dad, UsesAnAddressOneSecondAfterOneProbe) {
  Link link;
  start_probing(link);
  link.advance(998ms);
  EXPECT_FALSE(link.engine.is_ready(kOwnGlobal));
  link.advance(2ms);
  EXPECT_TRUE(link.engine.is_ready(kOwnGlobal));
  ASSERT_EQ(link.all<nd::AddressReady>().size(), 1U);
  EXPECT_EQ(link.all<nd::AddressReady>()[0].address, kOwnGlobal);
  EXPECT_EQ(link.solicitations().size(), 1U);
}

// proves: H27
TEST(Dad, WaitsARandomTimeOfAtMostAQuarterOfASecondFirst) {
  Duration shortest = 1h;
  Duration longest = 0s;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Link link({}, seed);
    link.engine.add_address(kOwnGlobal, false, link.now);
    const Duration delay = *link.engine.next_deadline() - link.now;
    shortest = std::min(shortest, delay);
    longest = std::max(longest, delay);
  }
  EXPECT_LT(shortest, 20ms);
  EXPECT_GT(longest, 230ms);
  EXPECT_LE(longest, 250ms);
}

// proves: H27
TEST(Dad, AProbeOfAnotherMakesTheAddressADuplicate) {
  Link link;
  start_probing(link);
  link.receive(probe_of_another());
  const auto duplicates = link.all<nd::AddressDuplicate>();
  ASSERT_EQ(duplicates.size(), 1U);
  EXPECT_EQ(duplicates[0].address, kOwnGlobal);
  EXPECT_EQ(duplicates[0].other, kOther);
  link.advance(10s);
  EXPECT_FALSE(link.engine.is_ready(kOwnGlobal));
  EXPECT_TRUE(link.all<nd::AddressReady>().empty());
}

// proves: H27
TEST(Dad, AnotherProbeDuringTheRandomDelayCounts) {
  Link link;
  link.engine.add_address(kOwnGlobal, false, link.now);
  link.receive(probe_of_another());
  EXPECT_EQ(link.all<nd::AddressDuplicate>().size(), 1U);
  link.advance(10s);
  EXPECT_TRUE(link.solicitations().empty());
}

// proves: H27
TEST(Dad, AnAdvertisementMakesTheAddressADuplicate) {
  Link link;
  start_probing(link);
  link.receive(claim_of_another());
  EXPECT_EQ(link.all<nd::AddressDuplicate>().size(), 1U);
}

// proves: H27
TEST(Dad, AQuestionForATentativeAddressIsNotAnswered) {
  Link link;
  start_probing(link);
  link.solicited_by(kHostGlobal, kHost, kHost);
  EXPECT_TRUE(link.advertisements().empty());
  EXPECT_EQ(link.state(kHostGlobal), "none");
  EXPECT_TRUE(link.all<nd::AddressDuplicate>().empty());
}

// proves: H40
TEST(Dad, AnEchoOfOurProbeIsNoConflict) {
  Link link;
  start_probing(link);
  Frame echo = link.solicitations().at(0);
  std::copy(kOther.bytes.begin(), kOther.bytes.end(), echo.begin() + 6);  // a bridge rewrote the source MAC
  link.receive(echo);
  EXPECT_TRUE(link.all<nd::AddressDuplicate>().empty());
  link.advance(10s);
  EXPECT_TRUE(link.engine.is_ready(kOwnGlobal));
}

// proves: H40
TEST(Dad, AnEchoAsksForThreeMoreProbesOneSecondApart) {
  Link link;
  start_probing(link);
  link.receive(link.solicitations().at(0));
  link.advance(3999ms);
  EXPECT_EQ(link.solicitations().size(), 4U);
  EXPECT_FALSE(link.engine.is_ready(kOwnGlobal));
  link.advance(1ms);
  EXPECT_TRUE(link.engine.is_ready(kOwnGlobal));
}

// proves: S52 H40
TEST(Dad, AnEchoFromTheMacOfABridgeIsNoConflict) {
  Link link;
  start_probing(link);
  Frame echo = link.solicitations().at(0);
  std::ranges::copy(mac("02:ad:00:00:00:01").bytes, echo.begin() + 6);
  link.receive(echo);
  link.advance(4s);
  EXPECT_TRUE(link.engine.is_ready(kOwnGlobal));
}

// proves: H40
TEST(Dad, EveryProbeHasANonceOfItsOwn) {
  Link link;
  start_probing(link);
  link.receive(link.solicitations().at(0));
  link.advance(5s);
  const auto sent = link.solicitations();
  ASSERT_EQ(sent.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = i + 1; j < 4; ++j) EXPECT_NE(nonce_of(sent[i]), nonce_of(sent[j]));
}

// proves: H40
TEST(Dad, ALinkThatEchoesEverythingDoesNotKeepTheAddressFromUse) {
  Link link;
  start_probing(link);
  for (int i = 0; i < 10; ++i) {
    link.receive(link.solicitations().back());
    link.advance(1s);
  }
  EXPECT_TRUE(link.engine.is_ready(kOwnGlobal));
  EXPECT_EQ(link.solicitations().size(), 4U);
}

// proves: H40
TEST(Dad, AnotherNonceIsAConflict) {
  Link link;
  start_probing(link);
  Frame nonce = nonce_of(link.solicitations().at(0));
  nonce[5] ^= 1U;
  link.receive(probe_of_another(nonce_option(nonce)));
  EXPECT_EQ(link.all<nd::AddressDuplicate>().size(), 1U);
}

// proves: H24
TEST(Dad, DefendsAnAddressInUseTowardsAllNodes) {
  ReadyLink link;
  link.receive(probe_of_another());
  ASSERT_EQ(link.advertisements().size(), 1U);
  EXPECT_EQ(link.advertisements()[0], advertisement({.ether_source = kOwn,
                                                     .ether_destination = mac("33:33:00:00:00:01"),
                                                     .source = kOwnGlobal,
                                                     .destination = ip6("ff02::1"),
                                                     .target = kOwnGlobal,
                                                     .options = tllao(kOwn),
                                                     .flags = kR | kO}));
}

// proves: H40
TEST(Dad, ALateEchoIsNotAnswered) {
  Link link;
  start_probing(link);
  const Frame probe = link.solicitations().at(0);
  link.advance(5s);
  link.forget();
  link.receive(probe);
  EXPECT_TRUE(link.advertisements().empty());
}

// proves: H39
TEST(Dad, AnAnycastAddressIsReadyAtOnce) {
  Link link;
  link.engine.add_address(kSubnetRouter, true, link.now);
  EXPECT_TRUE(link.engine.is_ready(kSubnetRouter));
  link.advance(10s);
  EXPECT_TRUE(link.solicitations().empty());
}

TEST(Dad, AddingAKnownAddressAgainChangesNothing) {
  ReadyLink link;
  link.engine.add_address(kOwnGlobal, false, link.now);
  link.advance(10s);
  EXPECT_TRUE(link.outputs.empty());
  EXPECT_TRUE(link.engine.is_ready(kOwnGlobal));
}

TEST(Dad, ARemovedAddressIsNoLongerAnsweredFor) {
  ReadyLink link;
  link.engine.remove_address(kOwnGlobal, link.now);
  link.solicited_by(kHostGlobal, kHost, kHost);
  EXPECT_FALSE(link.engine.is_ready(kOwnGlobal));
  EXPECT_TRUE(link.advertisements().empty());
}

TEST(Dad, ADuplicateIsTriedAgainAfterFiveMinutes) {
  Link link;
  start_probing(link);
  link.receive(probe_of_another());
  link.advance(5min - 1s);
  EXPECT_EQ(link.solicitations().size(), 1U);
  link.advance(3s);
  EXPECT_EQ(link.solicitations().size(), 2U);
  EXPECT_TRUE(link.engine.is_ready(kOwnGlobal));
}

TEST(Dad, ADuplicateThatStaysOneIsToldOnce) {
  Link link;
  start_probing(link);
  for (int tries = 0; tries < 3; ++tries) {
    link.receive(claim_of_another());
    link.advance(5min + 100ms);
  }
  EXPECT_EQ(link.all<nd::AddressDuplicate>().size(), 3U);
  EXPECT_EQ(link.all<nd::Event>().size(), 1U);
}

TEST(Dad, ADuplicateCanBeTriedAgainAfterItsRemoval) {
  Link link;
  start_probing(link);
  link.receive(probe_of_another());
  link.engine.remove_address(kOwnGlobal, link.now);
  link.engine.add_address(kOwnGlobal, false, link.now);
  link.advance(2s);
  EXPECT_TRUE(link.engine.is_ready(kOwnGlobal));
}

TEST(Dad, AnotherClaimOfAnAddressInUseIsAnEvent) {
  ReadyLink link;
  link.receive(claim_of_another());
  ASSERT_EQ(link.all<nd::Event>().size(), 1U);
  EXPECT_EQ(link.all<nd::Event>()[0].text, "2600:41:1:1::1 is ours, and 02:bb:00:00:00:0b claims it too");
  EXPECT_TRUE(link.engine.is_ready(kOwnGlobal));
}

}  // namespace
}  // namespace gate41::testing
