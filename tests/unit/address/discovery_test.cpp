// The interface's address, a configured one, and what no site may have.
#include "tests/unit/address/bench.hpp"

namespace gate41::testing {
namespace {

using address::Found;
using address::Lost;
using address::State;

// proves: S41
TEST(AddressDiscovery, TakesTheInterfacesAddressWhenItIsGlobal) {
  Bench bench(three_echoes());
  bench.discovery.on_interface(kPublic);
  const auto found = bench.take<Found>();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].external, kPublic);
  EXPECT_FALSE(found[0].behind_nat);
  EXPECT_EQ(bench.discovery.state(), State::found);
}

TEST(AddressDiscovery, AsksNobodyWhenTheInterfaceWillDo) {
  Bench bench(three_echoes());
  bench.discovery.on_interface(kPublic);
  EXPECT_TRUE(bench.take<address::Fetch>().empty());
  EXPECT_EQ(bench.discovery.next_deadline(), std::nullopt);
}

// proves: S41
TEST(AddressDiscovery, NeverGuesses) {
  Bench bench(echoes({}));
  bench.discovery.on_interface(kPrivate);
  EXPECT_EQ(bench.verdict(), kNone);
  EXPECT_EQ(bench.discovery.state(), State::refused);
  EXPECT_NE(bench.discovery.sentence(bench.now).find("192.168.0.0/16"), std::string::npos);
}

class AddressRefused : public ::testing::TestWithParam<const char*> {};

// proves: A1
TEST_P(AddressRefused, AsASitesAddress) {
  Bench bench(echoes({}));
  bench.discovery.on_interface(ip4(GetParam()));
  EXPECT_EQ(bench.verdict(), kNone);
}
INSTANTIATE_TEST_SUITE_P(Blocks, AddressRefused,
                         ::testing::Values("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.1.1",
                                           "172.16.0.1", "192.0.2.1", "192.168.0.1", "198.18.0.1",
                                           "198.51.100.7", "203.0.113.9", "224.0.0.1", "240.0.0.1",
                                           "255.255.255.255"));

TEST(AddressDiscovery, TakesALaboratorysPrefixWhenToldSo) {
  address::Settings settings = echoes({});
  settings.lab_allow = {{ip4("192.0.2.0"), 24}};
  Bench bench(settings);
  bench.discovery.on_interface(ip4("192.0.2.1"));
  EXPECT_EQ(bench.verdict(), is(ip4("192.0.2.1")));
}

TEST(AddressDiscovery, TakesTheConfiguredAddressAndAsksNobody) {
  address::Settings settings = three_echoes();
  settings.literal = kPublic;
  Bench bench(settings);
  bench.discovery.on_interface(kPrivate);
  const auto outputs = bench.discovery.take_outputs();
  ASSERT_EQ(outputs.size(), 1U);
  EXPECT_EQ(std::get<Found>(outputs[0]).external, kPublic);
  EXPECT_TRUE(std::get<Found>(outputs[0]).behind_nat);
}

// proves: X3
TEST(AddressDiscovery, RefusesANatWhenToldSo) {
  address::Settings settings = three_echoes();
  settings.literal = kPublic;
  settings.behind_nat_allowed = false;
  Bench bench(settings);
  bench.discovery.on_interface(kPrivate);
  EXPECT_EQ(bench.verdict(), kNone);
  EXPECT_EQ(bench.discovery.state(), State::refused);
  EXPECT_EQ(bench.discovery.sentence(bench.now),
            "no external address: behind a NAT: remote sites see 11.0.0.42, the WAN has 192.168.1.5");
}

TEST(AddressDiscovery, SaysThatItIsBehindANat) {
  address::Settings settings;
  settings.literal = kPublic;
  Bench bench(settings);
  bench.discovery.on_interface(kPrivate);
  EXPECT_EQ(bench.discovery.sentence(bench.now),
            "11.0.0.42 is the external address; behind NAT: the WAN has 192.168.1.5");
}

TEST(AddressDiscovery, IsNotMovedByARenewedLease) {
  Bench bench(three_echoes());
  bench.discovery.on_interface(kPublic);
  (void)bench.verdict();
  bench.discovery.on_interface(kPublic);
  EXPECT_TRUE(bench.discovery.take_outputs().empty());
}

// proves: M25
TEST(AddressDiscovery, FollowsANewInterfaceAddress) {
  Bench bench(three_echoes());
  bench.discovery.on_interface(kPublic);
  bench.discovery.on_interface(kOtherPublic);
  EXPECT_EQ(bench.verdict(), is(kOtherPublic));
}

TEST(AddressDiscovery, LosesTheAddressWithTheLease) {
  Bench bench(three_echoes());
  bench.discovery.on_interface(kPublic);
  (void)bench.verdict();
  bench.discovery.on_interface(std::nullopt);
  EXPECT_EQ(bench.verdict(), kNone);
  EXPECT_EQ(bench.discovery.state(), State::no_interface);
  EXPECT_EQ(bench.discovery.next_deadline(), std::nullopt);
}

TEST(AddressDiscovery, FindsTheSameAddressAgainAfterALostLease) {
  Bench bench(three_echoes());
  for (int i = 0; i < 3; ++i) {
    bench.discovery.on_interface(kPublic);
    EXPECT_EQ(bench.verdict(), is(kPublic));
    bench.discovery.on_interface(std::nullopt);
    EXPECT_EQ(bench.verdict(), kNone);
  }
}

}  // namespace
}  // namespace gate41::testing
