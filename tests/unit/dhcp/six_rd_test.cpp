// The 6rd option (RFC 5969 §7.1.1), written here byte by byte, and what a lease makes of it.
#include "control/dhcp/six_rd.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "tests/unit/dhcp/site.hpp"

namespace gate41::testing {
namespace {

constexpr uint8_t kOption = 212;
const Ipv4Address kRelay = Ipv4Address::of(11, 0, 0, 9);
const Octets kPrefix{0x26, 0x00, 0x00, 0x41, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

Octets option_of(unsigned mask_len, unsigned prefix_len, const Octets& prefix = kPrefix,
                 const std::vector<Ipv4Address>& relays = {kRelay}) {
  Octets value = joined({{static_cast<uint8_t>(mask_len), static_cast<uint8_t>(prefix_len)}, prefix});
  for (const Ipv4Address relay : relays) value = joined({value, octets(relay)});
  return value;
}

Octets prefix_bytes(const char* text) {
  const auto address = *Ipv6Address::parse(text);
  return {address.bytes.begin(), address.bytes.end()};
}

std::string fault_of(const Octets& value) {
  const auto read = dhcp::read_six_rd(value, kAddress);
  return read ? "" : read.error().message;
}

// The example of RFC 5969 §4: 2001:db8::/32, 10/8.
// proves: E1 E3
TEST(SixRdOption, GivesTheFourValues) {
  const Octets bytes{8,    32,                                                    // IPv4MaskLen, 6rdPrefixLen
                     0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  //
                     10,   0,    0,    1};
  const dhcp::SixRd expected{8, *Ipv6Prefix::parse("2001:db8::/32"), {Ipv4Address::of(10, 0, 0, 1)}};
  const auto read = dhcp::read_six_rd(bytes, kAddress);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, expected);
}

// proves: E9
TEST(SixRdOption, KeepsAllBorderRelaysInTheirOrder) {
  const std::vector<Ipv4Address> relays{Ipv4Address::of(11, 0, 0, 9), Ipv4Address::of(192, 168, 0, 1),
                                        Ipv4Address::of(11, 0, 0, 8)};
  EXPECT_EQ(dhcp::read_six_rd(option_of(0, 32, kPrefix, relays), kAddress)->border_relays, relays);
}

// proves: E5
TEST(SixRdOption, IgnoresTheBitsAfterThePrefix) {
  const Octets noisy = prefix_bytes("2600:41:ffff:ffff:ffff:ffff:ffff:ffff");
  EXPECT_EQ(dhcp::read_six_rd(option_of(8, 29, noisy), kAddress)->prefix.to_string(), "2600:40::/29");
}

// proves: E3
TEST(SixRdOption, HasARightSizeOnlyWithWholeBorderRelays) {
  const Octets long_one = option_of(0, 32, kPrefix, std::vector<Ipv4Address>(100, kRelay));
  for (std::size_t size = 0; size <= long_one.size(); ++size) {
    const bool right = size == 22 || (size > 22 && (size - 22) % 4 == 0);
    const Octets value(long_one.begin(), long_one.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(fault_of(value), right ? ""
                                     : fmt::format("it is {} bytes long, 18 and 4 for each border relay are "
                                                   "right",
                                                   size));
  }
}

// Every pair of lengths that two bytes can hold.
// proves: E4 E29
TEST(SixRdOption, RefusesLengthsThatLeaveNoLanPrefix) {
  for (unsigned mask_len = 0; mask_len <= 255; ++mask_len) {
    for (unsigned prefix_len = 0; prefix_len <= 255; ++prefix_len) {
      const Octets value = option_of(mask_len, prefix_len, prefix_bytes("2600:41:5:6:7:8:9:a"));
      const bool has_prefix = prefix_len >= 3;  // 2000::/3 is what no forbidden block overlaps
      const bool right = mask_len <= 32 && (32 - mask_len) + prefix_len <= 64 && has_prefix;
      EXPECT_EQ(fault_of(value).empty(), right) << mask_len << " " << prefix_len;
    }
  }
}

// proves: E4
TEST(SixRdOption, SaysWhichLengthIsWrong) {
  EXPECT_EQ(fault_of(option_of(33, 32)), "its IPv4 mask length is 33, 32 at most is right");
  EXPECT_EQ(fault_of(option_of(0, 97)),
            "a prefix length of 97 and 32 bits of IPv4 address are more than 128 bits");
  EXPECT_EQ(fault_of(option_of(0, 96)), "it delegates a /128, which has no room for a LAN's /64");
  EXPECT_EQ(fault_of(option_of(8, 41)), "it delegates a /65, which has no room for a LAN's /64");
}

class NoPrefix : public ::testing::TestWithParam<const char*> {};

TEST_P(NoPrefix, IsRefused) {
  const auto prefix = *Ipv6Prefix::parse(GetParam());
  const Octets bytes(prefix.address.bytes.begin(), prefix.address.bytes.end());
  EXPECT_EQ(fault_of(option_of(32, prefix.length, bytes)), prefix.to_string() + " cannot be delegated");
}

INSTANTIATE_TEST_SUITE_P(All, NoPrefix,
                         ::testing::Values("::/0", "::/1", "::/8", "::/64", "64::/16", "fe80::/10",
                                           "fe80::/64", "febf::/16", "fe00::/7", "f000::/4", "ff00::/8",
                                           "ff02::/16", "8000::/1"));

class GoodPrefix : public ::testing::TestWithParam<const char*> {};

TEST_P(GoodPrefix, IsTaken) {
  const auto prefix = *Ipv6Prefix::parse(GetParam());
  const Octets bytes(prefix.address.bytes.begin(), prefix.address.bytes.end());
  EXPECT_EQ(fault_of(option_of(32, prefix.length, bytes)), "");
}

INSTANTIATE_TEST_SUITE_P(All, GoodPrefix,
                         ::testing::Values("2600:41::/32", "2000::/3", "fd00::/8", "2002::/16", "2600::/64"));

class NoRelay : public ::testing::TestWithParam<const char*> {};

// proves: E9
TEST_P(NoRelay, MakesTheOptionWrong) {
  const auto relay = *Ipv4Address::parse(GetParam());
  EXPECT_EQ(fault_of(option_of(0, 32, kPrefix, {kRelay, relay})),
            relay.to_string() + " cannot be a border relay");
}

INSTANTIATE_TEST_SUITE_P(All, NoRelay,
                         ::testing::Values("0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.255.255", "224.0.0.1",
                                           "239.1.1.1", "240.0.0.1", "255.255.255.255"));

// proves: E9
TEST(SixRdOption, IsWrongWhenItNamesOurselvesAsABorderRelay) {
  EXPECT_EQ(fault_of(option_of(0, 32, kPrefix, {kAddress})), "it names our own address as a border relay");
}

// ---- in a lease ----

const dhcp::SixRd kGood{0, *Ipv6Prefix::parse("2600:41::/32"), {kRelay}};

Answer ack_with(const Site& site, const Octets& value) {
  return answer_to(site.last(), kAck).with(kOption, value);
}

Site site_with(const Octets& value, dhcp::Settings settings = usual_settings()) {
  Site site(1, std::move(settings));
  site.start();
  site.offer();
  site.receive(ack_with(site, value));
  return site;
}

// proves: E3 E7
TEST(DhcpSixRd, ComesWithTheLease) {
  const Site site = site_with(option_of(0, 32));
  EXPECT_EQ(site.gained.at(0).six_rd, kGood);
  EXPECT_EQ(site.gained.at(0).six_rd_ignored, "");
}

// proves: U9
TEST(DhcpSixRd, KeepsTheBytesOfTheOption) {
  EXPECT_EQ(site_with(option_of(0, 32)).client.lease()->six_rd_bytes, option_of(0, 32));
  EXPECT_EQ(site_with({1, 2}).client.lease()->six_rd_bytes, (Octets{1, 2}));
}

TEST(DhcpSixRd, IsNotThereWithoutTheOption) {
  const dhcp::Lease lease = *bound_site().client.lease();
  EXPECT_FALSE(lease.six_rd);
  EXPECT_EQ(lease.six_rd_ignored, "");
}

// RFC 3396: in pieces, cut inside the prefix and inside a relay.
// proves: E3 M15
TEST(DhcpSixRd, IsJoinedFromItsPieces) {
  const std::vector<Ipv4Address> relays(70, kRelay);
  const Octets whole = option_of(0, 32, kPrefix, relays);  // 298 bytes
  Site site;
  site.start();
  site.offer();
  site.receive(answer_to(site.last(), kAck)
                   .with(kOption, Octets(whole.begin(), whole.begin() + 5))
                   .with(kOption, Octets(whole.begin() + 5, whole.begin() + 255))
                   .with(kOption, Octets(whole.begin() + 255, whole.end())));
  EXPECT_EQ(site.client.lease()->six_rd->border_relays, relays);
}

// proves: E3
TEST(DhcpSixRd, IsIgnoredWithAReasonWhenItIsWrong) {
  const Site site = site_with({0, 32, 0x26});
  const std::string reason =
      "option 212 ignored: it is 3 bytes long, 18 and 4 for each border relay are right";
  EXPECT_FALSE(site.client.lease()->six_rd);
  EXPECT_EQ(site.client.lease()->six_rd_ignored, reason);
  EXPECT_TRUE(site.client.sentence("wan", site.now).ends_with("; " + reason));
}

TEST(DhcpSixRd, AWrongOptionCostsTheLeaseNothingElse) {
  const Site site = site_with({});
  EXPECT_EQ(site.client.state(), dhcp::State::bound);
  EXPECT_EQ(site.client.lease()->address, kAddress);
  EXPECT_NE(site.client.lease()->six_rd_ignored, "");
}

// ---- E7: the switch ----

dhcp::Settings without_six_rd() {
  dhcp::Settings settings = usual_settings();
  settings.six_rd = false;
  return settings;
}

// proves: E7
TEST(DhcpSixRd, IsNotAskedForWhenSwitchedOff) {
  Site site(1, without_six_rd());
  site.start();
  EXPECT_EQ(site.last().options.at(55), (Octets{1, 121, 3, 6, 15, 26, 28, 51, 54, 58, 59}));
}

// proves: E7
TEST(DhcpSixRd, IsIgnoredInSilenceWhenSwitchedOff) {
  for (const Octets& value : {option_of(0, 32), Octets{1, 2}}) {
    const Site site = site_with(value, without_six_rd());
    EXPECT_FALSE(site.client.lease()->six_rd);
    EXPECT_EQ(site.client.lease()->six_rd_ignored, "");
    EXPECT_TRUE(site.client.lease()->six_rd_bytes.empty());
  }
}

// ---- every ACK counts ----

// proves: M25
TEST(DhcpSixRd, FollowsTheAckOfARenewal) {
  Site site = site_with(option_of(0, 32));
  ASSERT_TRUE(site.run_to(dhcp::State::renewing));
  site.receive(ack_with(site, option_of(8, 40)));
  ASSERT_EQ(site.updated.size(), 1U);
  EXPECT_EQ(site.updated[0].six_rd->ipv4_mask_len, 8);
}

// proves: M25
TEST(DhcpSixRd, FollowsTheAckOfARebinding) {
  Site site = site_with(option_of(0, 32));
  ASSERT_TRUE(site.run_to(dhcp::State::rebinding));
  const Ipv4Address other = Ipv4Address::of(11, 0, 0, 8);
  site.receive(ack_with(site, option_of(0, 32, kPrefix, {other})));
  EXPECT_EQ(site.updated.at(0).six_rd->border_relays, std::vector{other});
}

// proves: M25
TEST(DhcpSixRd, FollowsTheAckOfAReboot) {
  Site site;
  site.start(dhcp::StoredLease{kAddress, kServer, 0});
  ASSERT_EQ(site.client.state(), dhcp::State::init_reboot);
  EXPECT_EQ(site.last().options.at(55).back(), kOption);
  site.receive(ack_with(site, option_of(0, 32)));
  EXPECT_EQ(site.gained.at(0).six_rd, kGood);
}

// proves: M25
TEST(DhcpSixRd, GoesWhenAnAckNoLongerHasIt) {
  Site site = site_with(option_of(0, 32));
  ASSERT_TRUE(site.run_to(dhcp::State::renewing));
  site.receive(answer_to(site.last(), kAck));
  EXPECT_FALSE(site.updated.at(0).six_rd);
}

// proves: M25
TEST(DhcpSixRd, GoesWhenAnAckHasAWrongOne) {
  Site site = site_with(option_of(0, 32));
  ASSERT_TRUE(site.run_to(dhcp::State::renewing));
  site.receive(ack_with(site, option_of(33, 32)));
  EXPECT_FALSE(site.updated.at(0).six_rd);
  EXPECT_NE(site.updated.at(0).six_rd_ignored, "");
}

}  // namespace
}  // namespace gate41::testing
