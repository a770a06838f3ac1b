#include "dataplane/filter/pinholes.hpp"

#include <gtest/gtest.h>
#include <random>

#include "tests/unit/filter/site.hpp"

namespace gate41::testing {
namespace {

using Rules = std::vector<InboundRule>;

Rules three_hosts() {
  Rules rules;
  for (const char* host : {"2002:b00:2:1::30", "2002:b00:2:1::10", "2002:b00:2:1::20"}) {
    rules.push_back({ip6(host), ip_proto::kUdp, 5000, 5010});
    rules.push_back({ip6(host), ip_proto::kTcp, 443, 443});
  }
  return rules;
}

InboundQuestion question(uint8_t protocol, uint16_t port, const Ipv6Address& host = kHost,
                         const Ipv6Address& source = kServer) {
  return {host, source, protocol, port};
}

bool lets_in(const Pinholes& pinholes, const InboundQuestion& question) {
  return pinholes.find(question).rule != nullptr;
}

}  // namespace

TEST(Pinholes, FindTheRuleOfTheHost) {
  const Pinholes pinholes(three_hosts());
  const Pinholes::Answer answer = pinholes.find(question(ip_proto::kUdp, 5000, ip6("2002:b00:2:1::20")));
  ASSERT_NE(answer.rule, nullptr);
  EXPECT_EQ(answer.rule->destination, ip6("2002:b00:2:1::20"));
  EXPECT_EQ(answer.rule->protocol, ip_proto::kUdp);
}

TEST(Pinholes, HaveBothEndsOfThePortRange) {
  const Pinholes pinholes(three_hosts());
  EXPECT_FALSE(lets_in(pinholes, question(ip_proto::kUdp, 4999)));
  EXPECT_TRUE(lets_in(pinholes, question(ip_proto::kUdp, 5000)));
  EXPECT_TRUE(lets_in(pinholes, question(ip_proto::kUdp, 5010)));
  EXPECT_FALSE(lets_in(pinholes, question(ip_proto::kUdp, 5011)));
}

TEST(Pinholes, KeepToProtocolAndHost) {
  const Pinholes pinholes(three_hosts());
  EXPECT_FALSE(lets_in(pinholes, question(ip_proto::kUdp, 443)));
  EXPECT_FALSE(lets_in(pinholes, question(ip_proto::kTcp, 443, ip6("2002:b00:2:1::11"))));
}

TEST(Pinholes, LetNobodyInWithoutRules) { EXPECT_FALSE(lets_in({}, question(ip_proto::kTcp, 443))); }

TEST(Pinholes, KeepToTheRemotePrefix) {
  const Pinholes pinholes(Rules{{kHost, ip_proto::kTcp, 22, 22, Ipv6Prefix::of(ip6("2600:41::"), 32)}});
  EXPECT_TRUE(lets_in(pinholes, question(ip_proto::kTcp, 22, kHost, ip6("2600:41::80"))));
  EXPECT_FALSE(lets_in(pinholes, question(ip_proto::kTcp, 22, kHost, ip6("2600:42::80"))));
}

TEST(Pinholes, OfTheSamePortAreAllAsked) {
  const Pinholes pinholes(Rules{{kHost, ip_proto::kTcp, 22, 22, Ipv6Prefix::of(ip6("2600:41::"), 32)},
                                {kHost, ip_proto::kTcp, 1, 100, Ipv6Prefix::of(ip6("2600:42::"), 32)},
                                {kHost, ip_proto::kTcp, 22, 30, Ipv6Prefix::of(ip6("2600:43::"), 32)}});
  for (const char* source : {"2600:41::1", "2600:42::1", "2600:43::1"})
    EXPECT_TRUE(lets_in(pinholes, question(ip_proto::kTcp, 22, kHost, ip6(source)))) << source;
  EXPECT_FALSE(lets_in(pinholes, question(ip_proto::kTcp, 22, kHost, ip6("2600:44::1"))));
}

TEST(Pinholes, WithoutPortsAnswerToPortZero) {
  const Pinholes pinholes(Rules{{kHost, ip_proto::kEsp, 0, 0}});
  EXPECT_TRUE(lets_in(pinholes, question(ip_proto::kEsp, 0)));
  EXPECT_FALSE(lets_in(pinholes, question(ip_proto::kAh, 0)));
}

// Any intervals, nested and overlapping, against looking at every rule.
TEST(Pinholes, LetInWhatSomeRuleLetsIn) {
  std::mt19937 random(41);
  const auto below = [&](unsigned bound) { return static_cast<uint16_t>(random() % bound); };
  for (int round = 0; round < 200; ++round) {
    Rules rules(below(40));
    for (InboundRule& rule : rules) {
      const uint16_t first = below(60);
      rule = {Ipv6Address::from_halves(kHost.high(), below(2)),
              below(2) != 0 ? ip_proto::kTcp : ip_proto::kUdp, first,
              static_cast<uint16_t>(first + below(30)),
              below(3) == 0 ? Ipv6Prefix::of(ip6("2600:41::"), 32) : kEveryIpv6};
    }
    const Pinholes pinholes(rules);
    for (int asked = 0; asked < 200; ++asked) {
      const InboundQuestion q = question(below(2) != 0 ? ip_proto::kTcp : ip_proto::kUdp, below(100),
                                         Ipv6Address::from_halves(kHost.high(), below(2)),
                                         below(2) != 0 ? ip6("2600:41::1") : ip6("2600:42::1"));
      const bool expected = std::ranges::any_of(rules, [&](const InboundRule& rule) {
        return rule.destination == q.destination && rule.protocol == q.protocol &&
               rule.port_first <= q.port && q.port <= rule.port_last && rule.from.contains(q.source);
      });
      ASSERT_EQ(lets_in(pinholes, q), expected) << "round " << round << ", port " << q.port;
    }
  }
}

// A scan of a host with a thousand pinholes, and of its neighbour; every one of them may be within a wide one
// for somebody else.
TEST(Pinholes, AThousandCostAMissAFewSteps) {
  constexpr unsigned kSteps = 2 * 11 + 3 * 11;  // both ends of the host's rules, and once down the tree
  Rules rules{{kHost, ip_proto::kTcp, 1, 0xffff, Ipv6Prefix::of(ip6("2600:41:7::"), 48)}};
  for (uint16_t i = 0; i < 500; ++i) {
    const auto port = static_cast<uint16_t>(1000 + 2 * i);
    rules.push_back({kHost, ip_proto::kTcp, port, port});
    rules.push_back({ip6("2002:b00:2:1::11"), ip_proto::kTcp, port, port});
  }
  const Pinholes pinholes(rules);
  for (uint32_t port = 0; port <= 0xffff; ++port) {
    const bool open = port >= 1000 && port < 2000 && port % 2 == 0;
    const Pinholes::Answer answer = pinholes.find(question(ip_proto::kTcp, static_cast<uint16_t>(port)));
    ASSERT_EQ(answer.rule != nullptr, open) << port;
    ASSERT_LE(answer.looked_at, kSteps) << port;
    ASSERT_LE(pinholes.find(question(ip_proto::kTcp, static_cast<uint16_t>(port), ip6("2002:b00:2:1::12")))
                  .looked_at,
              kSteps);
  }
}

}  // namespace gate41::testing
