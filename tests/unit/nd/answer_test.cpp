// Solicitations for our addresses: which are valid, what is learnt, what is answered (RFC 4861
// §7.1.1, 7.2.3, 7.2.4).
#include "tests/unit/nd/link.hpp"

namespace gate41::testing {
namespace {

Nd question() {
  return {.ether_source = kHost,
          .ether_destination = mac("33:33:ff:00:00:01"),
          .source = kHostGlobal,
          .destination = ip6("ff02::1:ff00:1"),
          .target = kOwnGlobal,
          .options = sllao(kHost)};
}

Frame answer(const Ipv6Address& target, uint32_t flags) {
  return advertisement({.ether_source = kOwn,
                        .ether_destination = kHost,
                        .source = target,
                        .destination = kHostGlobal,
                        .target = target,
                        .options = tllao(kOwn),
                        .flags = flags});
}

// proves: H24
TEST(Answer, AMulticastQuestionIsAnsweredToTheAsker) {
  ReadyLink link;
  link.receive(solicitation(question()));
  ASSERT_EQ(link.advertisements().size(), 1U);
  EXPECT_EQ(link.advertisements()[0], answer(kOwnGlobal, kR | kS | kO));
}

TEST(Answer, QuestionsAreCountedAndThoseByMulticastAndForUsApart) {
  ReadyLink link;
  Nd fields = question();
  link.receive(solicitation(fields));
  fields.ether_destination = kOwn;
  fields.destination = fields.target = kOwnLinkLocal;
  link.receive(solicitation(fields));
  link.engine.on_router_solicitation(kHostGlobal, kHost, kHost, link.now);
  EXPECT_EQ(link.engine.questions().all, 3U);
  EXPECT_EQ(link.engine.questions().by_multicast, 2U);
  EXPECT_EQ(link.engine.questions().for_us, 2U);
}

// proves: W5 H24
TEST(Answer, AUnicastQuestionToTheLinkLocalAddressIsAnswered) {
  ReadyLink link;
  Nd fields = question();
  fields.ether_destination = kOwn;
  fields.destination = fields.target = kOwnLinkLocal;
  const Frame frame = solicitation(fields);
  ASSERT_EQ(frame.size(), 14U + 40U + 32U);
  link.receive(frame);
  ASSERT_EQ(link.advertisements().size(), 1U);
  EXPECT_EQ(link.advertisements()[0], answer(kOwnLinkLocal, kR | kS | kO));
}

// proves: H24
TEST(Answer, AQuestionWithoutTheOptionIsAnsweredToTheKnownMac) {
  ReadyLink link;
  link.make_reachable(kHostGlobal, kHost);
  Nd fields = question();
  fields.ether_source = kOther;
  fields.options = {};
  link.receive(solicitation(fields));
  ASSERT_EQ(link.advertisements().size(), 1U);
  EXPECT_EQ(ether_destination(link.advertisements()[0]), kHost);
}

// proves: H24
TEST(Answer, AQuestionWithoutTheOptionFromAStrangerIsAnsweredWhereItCameFrom) {
  ReadyLink link;
  Nd fields = question();
  fields.options = {};
  link.receive(solicitation(fields));
  ASSERT_EQ(link.advertisements().size(), 1U);
  EXPECT_EQ(ether_destination(link.advertisements()[0]), kHost);
  EXPECT_EQ(link.state(kHostGlobal), "none");
}

// proves: H24
TEST(Answer, TheAskerIsLearntAsStale) {
  ReadyLink link;
  link.receive(solicitation(question()));
  EXPECT_EQ(link.state(kHostGlobal), "stale");
  EXPECT_EQ(link.neighbour(kHostGlobal)->mac, kHost);
  EXPECT_FALSE(link.neighbour(kHostGlobal)->is_router);
  ASSERT_EQ(link.all<nd::NeighbourUsable>().size(), 1U);
  EXPECT_EQ(link.all<nd::NeighbourUsable>()[0].address, kHostGlobal);
  EXPECT_EQ(link.all<nd::NeighbourUsable>()[0].mac, kHost);
}

// proves: H25
TEST(Answer, TheSameMacAgainLeavesTheStateAlone) {
  ReadyLink link;
  link.make_reachable(kHostGlobal, kHost);
  link.receive(solicitation(question()));
  EXPECT_EQ(link.state(kHostGlobal), "reachable");
  EXPECT_TRUE(link.all<nd::NeighbourUsable>().empty());
}

// proves: H25
TEST(Answer, AnotherMacMakesTheAskerStale) {
  ReadyLink link;
  link.make_reachable(kHostGlobal, kHost);
  link.solicited_by(kHostGlobal, kOther, kOther);
  EXPECT_EQ(link.state(kHostGlobal), "stale");
  ASSERT_EQ(link.all<nd::NeighbourUsable>().size(), 1U);
  EXPECT_EQ(link.all<nd::NeighbourUsable>()[0].mac, kOther);
}

// proves: W4
TEST(Answer, OneMacMayHaveManyAddresses) {
  ReadyLink link;
  link.make_reachable(kHostGlobal, kHost);
  link.make_reachable(kOtherGlobal, kHost);
  EXPECT_EQ(link.state(kHostGlobal), "reachable");
  EXPECT_EQ(link.state(kOtherGlobal), "reachable");
  EXPECT_EQ(link.neighbour(kOtherGlobal)->mac, kHost);
}

// proves: H39
TEST(Answer, AnAnycastAddressIsAnsweredWithoutOverrideAfterUpToASecond) {
  Duration longest = 0s;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    ReadyLink link({}, seed);
    link.engine.add_address(kSubnetRouter, true, link.now);
    link.advance(5s);
    link.forget();
    Nd fields = question();
    fields.target = kSubnetRouter;
    fields.destination = ip6("ff02::1:ff00:0");
    link.receive(solicitation(fields));
    EXPECT_TRUE(link.advertisements().empty());
    longest = std::max(longest, *link.engine.next_deadline() - link.now);
    link.advance(1s);
    ASSERT_EQ(link.advertisements().size(), 1U);
    EXPECT_EQ(link.advertisements()[0], advertisement({.ether_source = kOwn,
                                                       .ether_destination = kHost,
                                                       .source = kOwnLinkLocal,
                                                       .destination = kHostGlobal,
                                                       .target = kSubnetRouter,
                                                       .options = tllao(kOwn),
                                                       .flags = kR | kS}));
  }
  EXPECT_GT(longest, 900ms);
}

TEST(Answer, AQuestionForSomebodyElseIsNotOurs) {
  ReadyLink link;
  Nd fields = question();
  fields.target = kOtherGlobal;
  link.receive(solicitation(fields));
  EXPECT_TRUE(link.outputs.empty());
  EXPECT_EQ(link.state(kHostGlobal), "none");
}

// An off-link source must not become a neighbour: it would take the place of the route.
TEST(Answer, AnAskerOutsideTheLinksPrefixesIsAnsweredAndNotLearnt) {
  ReadyLink link;
  Nd fields = question();
  fields.source = ip6("2600:41:9:9::a");
  link.receive(solicitation(fields));
  EXPECT_EQ(link.advertisements().size(), 1U);
  EXPECT_TRUE(link.engine.neighbours().empty());
}

TEST(Answer, OurOwnMacInTheOptionIsNotLearnt) {
  ReadyLink link;
  Nd fields = question();
  fields.options = sllao(kOwn);
  link.receive(solicitation(fields));
  EXPECT_TRUE(link.engine.neighbours().empty());
}

TEST(Answer, AnEchoOfOurOwnSolicitationIsIgnored) {
  ReadyLink link;
  Nd fields = question();
  fields.source = kOwnLinkLocal;
  fields.options = sllao(kOwn);
  link.receive(solicitation(fields));
  EXPECT_TRUE(link.outputs.empty());
}

struct Invalid {
  const char* what;
  Frame frame;
};

std::vector<Invalid> invalid_solicitations() {
  std::vector<Invalid> cases;
  const auto add = [&](const char* what, auto change) {
    Nd fields = question();
    change(fields);
    cases.push_back({what, solicitation(fields)});
  };
  add("hop limit 254", [](Nd& f) { f.hop_limit = 254; });
  add("code 1", [](Nd& f) { f.code = 1; });
  add("multicast target", [](Nd& f) { f.target = ip6("ff02::1:ff00:1"); });
  add("option of length 0", [](Nd& f) { f.options = {1, 0, 2, 0, 0, 0, 0, 1}; });
  add("option past the end", [](Nd& f) { f.options = {1, 2, 2, 0, 0, 0, 0, 1}; });
  add("half an option", [](Nd& f) { f.options = {1, 1, 2, 0}; });
  add(":: with a link-layer address", [](Nd& f) { f.source = {}; });
  add(":: to a unicast address", [](Nd& f) {
    f.source = {};
    f.options = {};
    f.destination = kOwnGlobal;
  });
  add(":: to all nodes", [](Nd& f) {
    f.source = {};
    f.options = {};
    f.destination = ip6("ff02::1");
  });
  add("multicast source", [](Nd& f) { f.source = ip6("ff02::1"); });
  Frame wrong_sum = solicitation(question());
  wrong_sum[14 + 40 + 2] ^= 1U;
  cases.push_back({"checksum", wrong_sum});
  const Ipv6Address to = ip6("ff02::1:ff00:1");
  const auto icmp = [](PacketBuilder packet, std::size_t size) {
    Frame body(kOwnGlobal.bytes.begin(), kOwnGlobal.bytes.end());
    body.resize(size);
    return packet.icmpv6(135, 0).payload(body).build();
  };
  const auto ethernet = [] { return PacketBuilder().ethernet(mac("33:33:ff:00:00:01"), kHost); };
  cases.push_back({"shorter than 24", icmp(ethernet().ipv6(kHostGlobal, to).hop_limit(255), 15)});
  cases.push_back(
      {"fragment header", icmp(ethernet().ipv6(kHostGlobal, to).hop_limit(255).fragment(0, false, 7), 16)});
  cases.push_back({"VLAN tag", icmp(ethernet().vlan(5).ipv6(kHostGlobal, to).hop_limit(255), 16)});
  cases.push_back(
      {"inside protocol 41",
       icmp(ethernet().ipv4(ip4("11.0.0.1"), ip4("11.0.0.2")).ipv6(kHostGlobal, to).hop_limit(255), 16)});
  return cases;
}

// proves: H24 H32 J4 C26
TEST(Answer, InvalidSolicitationsAreCountedAndChangeNothing) {
  for (const Invalid& one : invalid_solicitations()) {
    ReadyLink link;
    link.receive(one.frame);
    EXPECT_EQ(link.engine.invalid(), 1U) << one.what;
    EXPECT_TRUE(link.outputs.empty()) << one.what;
    EXPECT_TRUE(link.engine.neighbours().empty()) << one.what;
  }
}

// proves: H15
TEST(Answer, ARouterSolicitationMakesItsSenderAStaleHost) {
  ReadyLink link;
  link.make_reachable(kHostGlobal, kHost);
  link.answered_by(kHostGlobal, kHost, kR | kS | kO);
  ASSERT_TRUE(link.neighbour(kHostGlobal)->is_router);
  link.engine.on_router_solicitation(kHostGlobal, kOther, kOther, link.now);
  EXPECT_EQ(link.state(kHostGlobal), "stale");
  EXPECT_FALSE(link.neighbour(kHostGlobal)->is_router);
  link.engine.on_router_solicitation(ip6("fe80::b"), kOther, kOther, link.now);
  EXPECT_EQ(link.state(ip6("fe80::b")), "stale");
}

// proves: H15
TEST(Answer, ARouterSolicitationFromTheUnspecifiedAddressChangesNothing) {
  ReadyLink link;
  link.engine.on_router_solicitation({}, kOther, kOther, link.now);
  EXPECT_TRUE(link.engine.neighbours().empty());
}

// proves: H29
TEST(Answer, RedirectsAreIgnored) {
  ReadyLink link;
  link.make_reachable(kHostGlobal, kHost);
  Frame body(kHostGlobal.bytes.begin(), kHostGlobal.bytes.end());
  body.insert(body.end(), kOtherGlobal.bytes.begin(), kOtherGlobal.bytes.end());
  const Frame option = tllao(kOther);
  body.insert(body.end(), option.begin(), option.end());
  link.receive(PacketBuilder()
                   .ethernet(kOwn, kOther)
                   .ipv6(ip6("fe80::b"), kOwnLinkLocal)
                   .hop_limit(255)
                   .icmpv6(137, 0)
                   .payload(body)
                   .build());
  EXPECT_TRUE(link.outputs.empty());
  EXPECT_EQ(link.engine.neighbours().size(), 1U);
  EXPECT_EQ(link.neighbour(kHostGlobal)->mac, kHost);
}

}  // namespace
}  // namespace gate41::testing
