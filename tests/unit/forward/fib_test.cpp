// The FIB against a list of routes that is searched from end to end.
#include "dataplane/forward/fib.hpp"

#include <gtest/gtest.h>
#include <random>

#include "dataplane/forward/rib.hpp"

namespace gate41::testing {
namespace {

using Answer = Rib::Answer;

RouteTarget via(uint64_t number) {
  return {RouteTarget::Kind::via, Ipv6Address::from_halves(0xfe80ULL << 48U, number)};
}

Ipv6Prefix prefix(const char* text) { return Ipv6Prefix::parse(text).value(); }
Ipv6Address address(const char* text) { return Ipv6Address::parse(text).value(); }

// Bit by bit: shares nothing with the table.
bool covers(const Ipv6Prefix& route, const Ipv6Address& destination) {
  for (unsigned bit = 0; bit < route.length; ++bit) {
    const unsigned mask = 0x80U >> bit % 8;
    if ((route.address.bytes[bit / 8] & mask) != (destination.bytes[bit / 8] & mask)) return false;
  }
  return true;
}

// RIB and FIB together, and the slow reference.
class Table {
 public:
  explicit Table(uint32_t max_routes) : rib_(max_routes), fib_(std::move(Fib::create(max_routes).value())) {}

  Answer set(const Ipv6Prefix& route, const RouteTarget& target) {
    const Answer answer = rib_.set(route, target, changes_);
    if (answer == Answer::changed) {
      std::erase_if(reference_, [&](const Rib::Route& known) { return known.prefix == route; });
      reference_.push_back({route, target});
    }
    apply();
    return answer;
  }
  Answer erase(Ipv6Prefix route) {  // a copy: it may be one of `reference_`
    std::erase_if(reference_, [&](const Rib::Route& known) { return known.prefix == route; });
    const Answer answer = rib_.erase(route, changes_);
    apply();
    return answer;
  }
  [[nodiscard]] RouteTarget expected(const Ipv6Address& destination) const {
    RouteTarget target;
    int longest = -1;
    for (const Rib::Route& route : reference_)
      if (covers(route.prefix, destination) && route.prefix.length > longest) {
        longest = route.prefix.length;
        target = route.target;
      }
    return target;
  }
  [[nodiscard]] const Fib& fib() const { return *fib_; }
  [[nodiscard]] const Rib& rib() const { return rib_; }
  [[nodiscard]] const std::vector<Rib::Route>& reference() const { return reference_; }

 private:
  void apply() {
    for (const FibChange& change : std::exchange(changes_, {})) fib_->apply(change);
  }
  Rib rib_;
  std::unique_ptr<Fib> fib_;
  std::vector<FibChange> changes_;
  std::vector<Rib::Route> reference_;
};

// Few different bits at each place, so that routes nest and lie beside each other.
Ipv6Address crowded(std::mt19937_64& random) {
  Ipv6Address result = address("2600::");
  for (std::size_t i = 1; i < 16; ++i) result.bytes[i] = static_cast<uint8_t>(random() % 2 * 0x11);
  return result;
}

Ipv6Prefix crowded_prefix(std::mt19937_64& random) {
  return Ipv6Prefix::of(crowded(random), static_cast<uint8_t>(random() % 129));
}

void expect_like_reference(const Table& table, const Ipv6Address& destination) {
  const RouteTarget expected = table.expected(destination);
  EXPECT_EQ(table.fib().lookup(destination), expected) << destination.to_string();
  const auto route = table.rib().lookup(destination);
  EXPECT_EQ(route ? route->target : RouteTarget{}, expected) << destination.to_string();
}

}  // namespace

TEST(Fib, LeadsNowhereWithoutRoutes) { EXPECT_EQ(Table(1).fib().lookup(address("2600::1")), RouteTarget{}); }

TEST(Fib, TakesTheLongestRoute) {
  Table table(8);
  table.set(prefix("::/0"), via(1));
  table.set(prefix("2600:41::/32"), via(2));
  table.set(prefix("2600:41:8000::/33"), via(3));
  table.set(prefix("2600:41:8000::1/128"), via(4));
  EXPECT_EQ(table.fib().lookup(address("2a00::1")), via(1));
  EXPECT_EQ(table.fib().lookup(address("2600:41:7fff::1")), via(2));
  EXPECT_EQ(table.fib().lookup(address("2600:41:8000::2")), via(3));
  EXPECT_EQ(table.fib().lookup(address("2600:41:8000::1")), via(4));
}

TEST(Fib, FallsBackToTheShorterRouteWhenALongerOneGoes) {
  Table table(8);
  table.set(prefix("2600::/12"), via(1));
  table.set(prefix("2600:41::/32"), via(2));
  table.erase(prefix("2600:41::/32"));
  EXPECT_EQ(table.fib().lookup(address("2600:41::1")), via(1));
  table.erase(prefix("2600::/12"));
  EXPECT_EQ(table.fib().lookup(address("2600:41::1")), RouteTarget{});
}

TEST(Fib, AShorterRouteThatComesLaterLeavesLongerOnesAlone) {
  Table table(8);
  table.set(prefix("2600:41::/32"), via(2));
  table.set(prefix("2600::/12"), via(1));
  EXPECT_EQ(table.fib().lookup(address("2600:41::1")), via(2));
}

TEST(Fib, FollowsARouteToItsNewTarget) {
  Table table(8);
  table.set(prefix("2600:41::/32"), via(1));
  EXPECT_EQ(table.set(prefix("2600:41::/32"), via(2)), Answer::changed);
  EXPECT_EQ(table.fib().lookup(address("2600:41::1")), via(2));
  EXPECT_EQ(table.set(prefix("2600:41::/32"), via(2)), Answer::same);
}

TEST(Fib, GivesItsNodesBackWithTheRoutes) {
  Table table(64);
  std::mt19937_64 random(1);
  for (int i = 0; i < 64; ++i) table.set(crowded_prefix(random), via(random() % 5));
  EXPECT_GT(table.fib().nodes(), 0U);
  for (const Rib::Route& route : std::vector(table.reference())) table.erase(route.prefix);
  EXPECT_EQ(table.fib().nodes(), 0U);
}

TEST(Fib, RefusesMoreRoutesThanItIsMadeFor) {
  Table table(2);
  EXPECT_EQ(table.set(prefix("2600:1::/32"), via(1)), Answer::changed);
  EXPECT_EQ(table.set(prefix("2600:2::/32"), via(1)), Answer::changed);
  EXPECT_EQ(table.set(prefix("2600:3::/32"), via(1)), Answer::too_many_routes);
  EXPECT_EQ(table.set(prefix("2600:2::/32"), via(2)), Answer::changed);  // not one more
  EXPECT_EQ(table.rib().size(), 2U);
}

TEST(Fib, RefusesMoreTargetsThanItHasNumbersFor) {
  Table table(Fib::kMaxTargets + 1);
  const auto host = [](uint64_t i) { return Ipv6Prefix{Ipv6Address::from_halves(i, 0), 128}; };
  for (uint64_t i = 1; i < Fib::kMaxTargets; ++i) ASSERT_EQ(table.set(host(i), via(i)), Answer::changed);
  EXPECT_EQ(table.set(host(0), via(0)), Answer::too_many_targets);
  EXPECT_EQ(table.set(host(0), via(1)), Answer::changed);
  table.erase(host(7));
  EXPECT_EQ(table.set(host(7), via(0)), Answer::changed);  // 7's number is free again
  EXPECT_EQ(table.fib().lookup(host(7).address), via(0));
}

TEST(Fib, ARouteWithoutANumberForItsNewTargetHasGone) {
  Table table(Fib::kMaxTargets + 1);
  const auto host = [](uint64_t i) { return Ipv6Prefix{Ipv6Address::from_halves(i, 0), 128}; };
  for (uint64_t i = 1; i < Fib::kMaxTargets; ++i) ASSERT_EQ(table.set(host(i), via(i)), Answer::changed);
  EXPECT_EQ(table.set(host(7), via(0)), Answer::too_many_targets);
  EXPECT_FALSE(table.rib().lookup(host(7).address));
  EXPECT_EQ(table.fib().lookup(host(7).address), RouteTarget{});
}

// Tables that come and go at random, asked at random and at the edges of their routes.
TEST(Fib, AgreesWithAListThatIsSearchedBitByBit) {
  for (uint64_t seed = 0; seed < 8; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    Table table(300);
    for (int step = 0; step < 400; ++step) {
      if (random() % 3 == 0 && !table.reference().empty())
        table.erase(table.reference()[random() % table.reference().size()].prefix);
      else
        table.set(crowded_prefix(random), via(random() % 7));
      if (step % 25 != 0) continue;
      for (int i = 0; i < 10; ++i) expect_like_reference(table, crowded(random));
      for (const Rib::Route& route : table.reference()) {
        const Ipv6Prefix& p = route.prefix;
        expect_like_reference(table, p.address);
        expect_like_reference(table, Ipv6Address::from_halves(p.address.high() | ~p.mask_high(),
                                                              p.address.low() | ~p.mask_low()));
      }
    }
  }
}

TEST(Rib, TellsTheFirstRoutesInTheOrderOfTheirAddresses) {
  Table table(8);
  for (const char* text : {"2a00::/16", "2600:41::/48", "2600:41::/32", "::/0"})
    table.set(prefix(text), via(1));
  const std::vector<Rib::Route> first = table.rib().first(3);
  ASSERT_EQ(first.size(), 3U);
  EXPECT_EQ(first[0].prefix, prefix("::/0"));
  EXPECT_EQ(first[1].prefix, prefix("2600:41::/32"));
  EXPECT_EQ(first[2].prefix, prefix("2600:41::/48"));
}

// The size of the native Internet's table: it loads, every route is found, and it needs far less than what is
// set aside.
TEST(Fib, Holds200000Routes) {
  constexpr uint32_t kRoutes = 200'000;
  Rib rib(kRoutes);
  const auto fib = std::move(Fib::create(kRoutes).value());
  std::mt19937_64 random(41);
  std::vector<FibChange> changes;
  std::vector<std::pair<Ipv6Prefix, RouteTarget>> routes;
  while (rib.size() < kRoutes) {
    const uint64_t high = (uint64_t{0x2} << 60U) | (random() >> 4U);
    const auto route = Ipv6Prefix::of(Ipv6Address::from_halves(high, 0), 48);
    const RouteTarget target = via(random() % 16);
    if (rib.set(route, target, changes) == Answer::changed) routes.emplace_back(route, target);
  }
  for (const FibChange& change : changes) fib->apply(change);
  std::size_t wrong = 0;
  for (const auto& [route, target] : routes)
    if (!(fib->lookup(route.address) == target)) ++wrong;
  EXPECT_EQ(wrong, 0U);
  EXPECT_LT(fib->nodes(), kRoutes * 8);
}

}  // namespace gate41::testing
