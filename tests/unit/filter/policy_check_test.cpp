#include <gtest/gtest.h>

#include "tests/unit/filter/site.hpp"

namespace gate41::testing {
namespace {

std::optional<DropReason> check(std::string_view source, std::string_view destination,
                                const LabAllow& lab = {}) {
  const ParsedPacket packet =
      parsed(PacketBuilder().ipv6(ip6(source), ip6(destination)).udp(kHostPort, kServerPort).payload(4));
  return policy_check(packet, kOut, lab);
}

// RFC 4890 §4.3 as the J rows have it, written down apart from the code's table.
enum class Transit { passes, outbound_only, never };
Transit transit_of(unsigned type) {
  const auto in = [type](unsigned first, unsigned last) { return type >= first && type <= last; };
  if (in(1, 4) || in(128, 129) || in(144, 147)) return Transit::passes;  // J1, J2, J3
  if (in(133, 137) || in(141, 142)) return Transit::never;               // J4
  if (in(130, 132) || type == 143) return Transit::never;                // J5
  if (in(148, 149) || in(151, 153)) return Transit::never;               // J6
  if (in(138, 140)) return Transit::never;                               // J8
  if (type == 0 || in(100, 101) || in(200, 201) || type == 127 || type == 255) return Transit::never;  // J9
  return Transit::outbound_only;                                                                       // J7
}

class Icmpv6Transit : public ::testing::TestWithParam<unsigned> {};

}  // namespace

// proves: J1 J2 J3 J4 J5 J6 J7 J8 J9
TEST_P(Icmpv6Transit, FollowsItsRow) {
  const auto type = static_cast<uint8_t>(GetParam());
  const Transit transit = transit_of(GetParam());
  EXPECT_EQ(policy_check(icmpv6(kOut, type), kOut, {}).has_value(), transit == Transit::never);
  EXPECT_EQ(policy_check(icmpv6(kIn, type), kIn, {}).has_value(), transit != Transit::passes);
}
INSTANTIATE_TEST_SUITE_P(AllTypes, Icmpv6Transit, ::testing::Range(0U, 256U));

TEST(PolicyCheck, NamesTheIcmpv6Type) {
  EXPECT_EQ(policy_check(icmpv6(kIn, 139), kIn, {}), DropReason::filter_icmpv6_type);
}

// proves: K1 X6
TEST(PolicyCheck, RefusesMulticastSources) {
  EXPECT_EQ(check("ff0e::1", "2600:41::80"), DropReason::policy_source_multicast);
}

// proves: K2 X6
TEST(PolicyCheck, RefusesMulticastOfEveryScope) {
  for (const char* group : {"ff01::1", "ff02::1", "ff05::2", "ff08::1", "ff0e::1"})
    EXPECT_EQ(check("2002:b00:2:1::10", group), DropReason::multicast_not_forwarded) << group;
}

// proves: K3 K7 X6
TEST(PolicyCheck, RefusesForbiddenBlocksOnEitherSide) {
  for (const char* address : {"::1", "::ffff:11.0.0.1", "::11.0.0.1", "fec0::1", "fe80::1", "fd00::1",
                              "fc00::1", "2001:db8::1", "2001:10::1", "100::1"}) {
    EXPECT_EQ(check(address, "2600:41::80"), DropReason::policy_forbidden_block) << address;
    EXPECT_EQ(check("2002:b00:2:1::10", address), DropReason::policy_forbidden_block) << address;
  }
}

TEST(PolicyCheck, LetsLabPrefixesPass) {
  const std::array lifted = {*Ipv6Prefix::parse("2001:db8::/32")};
  EXPECT_EQ(check("2001:db8::1", "2600:41::80", {{}, lifted}), std::nullopt);
}

// proves: S66
TEST(PolicyCheck, LetsGlobalTrafficPass) {
  EXPECT_EQ(check("2002:b00:2:1::10", "2600:41::80"), std::nullopt);
}

}  // namespace gate41::testing
