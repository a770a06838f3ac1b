// Pinholes of the operator: ids, bounds, ends, and their way over a restart.
#include "control/daemon/opened_pinholes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/daemon/site.hpp"

namespace gate41::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int64_t kNow = 1'700'000'000;

OpenedPinholes::Wanted wanted(uint16_t port, int64_t lifetime = 0, std::string comment = "") {
  config::Pinhole hole;
  hole.protocol = ip_proto::kTcp;
  hole.lan = "home";
  hole.interface_id = 0x80;
  hole.port_first = hole.port_last = port;
  return {hole, std::chrono::seconds(lifetime), std::move(comment)};
}

OpenedPinholes read(const std::string& text, std::vector<std::string>& left_out) {
  return OpenedPinholes::from_text(text, gateway_config(), left_out);
}

std::string refusal(OpenedPinholes& pinholes, OpenedPinholes::Wanted one,
                    const std::vector<config::Pinhole>& configured = {}) {
  const auto id = pinholes.open(std::move(one), configured, kNow);
  return id ? "" : id.error().message;
}

TEST(OpenedPinholes, GetIdsThatAreNotUsedAgain) {
  OpenedPinholes pinholes;
  EXPECT_EQ(pinholes.open(wanted(1), {}, kNow), 1U);
  EXPECT_EQ(pinholes.open(wanted(2), {}, kNow), 2U);
  EXPECT_TRUE(pinholes.close(2));
  EXPECT_FALSE(pinholes.close(2));
  EXPECT_EQ(pinholes.open(wanted(2), {}, kNow), 3U);
}

TEST(OpenedPinholes, AreOpenUntilTheirEnd) {
  OpenedPinholes pinholes;
  ASSERT_TRUE(pinholes.open(wanted(1), {}, kNow));
  ASSERT_TRUE(pinholes.open(wanted(2, 60), {}, kNow));
  EXPECT_THAT(pinholes.expire(kNow + 59), IsEmpty());
  const auto ended = pinholes.expire(kNow + 60);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].id, 2U);
  EXPECT_THAT(pinholes.holes(), ElementsAre(wanted(1).hole));
}

TEST(OpenedPinholes, AreOpenedOnce) {
  OpenedPinholes pinholes;
  ASSERT_TRUE(pinholes.open(wanted(1), {}, kNow));
  EXPECT_THAT(refusal(pinholes, wanted(1, 60, "again")), HasSubstr("pinhole 1 is the same"));
  EXPECT_THAT(refusal(pinholes, wanted(2), {wanted(2).hole}), HasSubstr("filter.inbound has the same"));
  EXPECT_EQ(pinholes.all().size(), 1U);
}

TEST(OpenedPinholes, AreBounded) {
  OpenedPinholes pinholes;
  for (uint16_t port = 1; port <= OpenedPinholes::kMost; ++port)
    ASSERT_TRUE(pinholes.open(wanted(port), {}, kNow)) << port;
  EXPECT_THAT(refusal(pinholes, wanted(5000)), HasSubstr("there are 1024 pinholes already"));
}

TEST(OpenedPinholes, HaveAShortComment) {
  OpenedPinholes pinholes;
  EXPECT_EQ(refusal(pinholes, wanted(1, 0, std::string(80, 'x'))), "");
  EXPECT_THAT(refusal(pinholes, wanted(2, 0, std::string(81, 'x'))), HasSubstr("at most 80 bytes"));
}

TEST(OpenedPinholes, ComeBackAsTheyWere) {
  OpenedPinholes pinholes;
  auto one = wanted(443, 3600, "web, \"for\" all\n");
  one.hole.port_last = 445;
  one.hole.from = Ipv6Prefix::of(ip6("2600:41::"), 32);
  ASSERT_TRUE(pinholes.open(one, {}, kNow));
  auto two = wanted(0);
  two.hole.protocol = ip_proto::kIcmpv6;
  two.hole.interface_id = 0;
  two.hole.address = ip6("2002:b00:2a:1::80");
  ASSERT_TRUE(pinholes.open(two, {}, kNow));
  std::vector<std::string> left_out;
  OpenedPinholes again = read(pinholes.to_text(), left_out);
  EXPECT_THAT(left_out, IsEmpty());
  EXPECT_EQ(again.all(), pinholes.all());
  EXPECT_EQ(again.open(wanted(1), {}, kNow), 3U);
}

TEST(OpenedPinholes, WithoutAPlaceInTheConfigurationAreSaidAndLeftOut) {
  OpenedPinholes pinholes;
  auto one = wanted(443);
  one.hole.lan = "gone";
  ASSERT_TRUE(pinholes.open(one, {}, kNow));
  ASSERT_TRUE(pinholes.open(wanted(1), {}, kNow));
  std::vector<std::string> left_out;
  const OpenedPinholes again = read(pinholes.to_text(), left_out);
  EXPECT_EQ(again.all().size(), 1U);
  ASSERT_EQ(left_out.size(), 1U);
  EXPECT_THAT(left_out[0], HasSubstr("no LAN \"gone\""));
}

TEST(OpenedPinholes, OfABrokenTextAreLeftOut) {
  std::vector<std::string> left_out;
  EXPECT_THAT(read("rubbish\n{}\n{\"id\":-1}\n[1]\n", left_out).all(), IsEmpty());
  EXPECT_EQ(left_out.size(), 4U);
}

}  // namespace
}  // namespace gate41::testing
