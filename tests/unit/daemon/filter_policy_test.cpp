// The filter's policy as the configuration has it, and in words.
#include "control/daemon/filter_policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gate41::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

config::Filter with(config::Profile profile, config::ByProfile echo = config::ByProfile::automatic) {
  config::Filter filter;
  filter.profile = profile;
  filter.allow_echo = echo;
  return filter;
}

}  // namespace

// proves: X5
TEST(FilterPolicy, HasTheProfile) {
  EXPECT_EQ(filter_policy({}).profile, Profile::strict);
  EXPECT_EQ(filter_policy(with(config::Profile::simple_security)).profile, Profile::simple_security);
  EXPECT_EQ(filter_policy(with(config::Profile::transparent)).profile, Profile::transparent);
}

// proves: X7
TEST(FilterPolicy, TakesTheEchoFromTheProfileUnlessItIsTold) {
  using config::ByProfile;
  for (const auto profile :
       {config::Profile::strict, config::Profile::simple_security, config::Profile::transparent}) {
    EXPECT_EQ(filter_policy(with(profile)).allow_echo, profile != config::Profile::strict);
    EXPECT_TRUE(filter_policy(with(profile, ByProfile::yes)).allow_echo);
    EXPECT_FALSE(filter_policy(with(profile, ByProfile::no)).allow_echo);
  }
}

// proves: K11 K17 K33
TEST(FilterPolicy, TakesTheMappingFromTheProfileUnlessItIsTold) {
  using config::Mapping;
  EXPECT_FALSE(filter_policy({}).endpoint_independent);
  EXPECT_TRUE(filter_policy(with(config::Profile::simple_security)).endpoint_independent);
  EXPECT_FALSE(filter_policy(with(config::Profile::transparent)).endpoint_independent);
  config::Filter filter;
  filter.mapping = Mapping::endpoint_independent;
  EXPECT_TRUE(filter_policy(filter).endpoint_independent);
  filter.profile = config::Profile::simple_security;
  filter.mapping = Mapping::address_dependent;
  EXPECT_FALSE(filter_policy(filter).endpoint_independent);
}

// proves: K51
TEST(FilterPolicy, HasTheTimersOfTheFileInSeconds) {
  config::Filter filter;
  int next = 1;
  for (const config::FilterTimeout& one : config::kFilterTimeouts)
    filter.timeouts.*one.value = config::Seconds(next++);
  const Timeouts timeouts = filter_policy(filter).timeouts;
  EXPECT_EQ(timeouts.tcp_established, 1U);
  EXPECT_EQ(timeouts.tcp_transitory, 2U);
  EXPECT_EQ(timeouts.udp, 3U);
  EXPECT_EQ(timeouts.udp_well_known, 4U);
  EXPECT_EQ(timeouts.icmpv6_echo, 5U);
  EXPECT_EQ(timeouts.generic, 6U);
  EXPECT_EQ(timeouts.sctp_established, 7U);
  EXPECT_EQ(timeouts.sctp_transitory, 8U);
  EXPECT_EQ(timeouts.dccp_established, 9U);
  EXPECT_EQ(timeouts.dccp_transitory, 10U);
}

// proves: K51
TEST(FilterPolicy, HasTheSameDefaultsAsTheFile) {
  const Timeouts timeouts = filter_policy({}).timeouts;
  EXPECT_EQ(timeouts.tcp_established, Timeouts{}.tcp_established);
  EXPECT_EQ(timeouts.tcp_transitory, Timeouts{}.tcp_transitory);
  EXPECT_EQ(timeouts.udp, Timeouts{}.udp);
  EXPECT_EQ(timeouts.udp_well_known, Timeouts{}.udp_well_known);
  EXPECT_EQ(timeouts.icmpv6_echo, Timeouts{}.icmpv6_echo);
  EXPECT_EQ(timeouts.generic, Timeouts{}.generic);
  EXPECT_EQ(timeouts.sctp_established, Timeouts{}.sctp_established);
  EXPECT_EQ(timeouts.sctp_transitory, Timeouts{}.sctp_transitory);
  EXPECT_EQ(timeouts.dccp_established, Timeouts{}.dccp_established);
  EXPECT_EQ(timeouts.dccp_transitory, Timeouts{}.dccp_transitory);
}

TEST(ShortTimers, AreNoneByDefault) { EXPECT_THAT(short_timers({}), IsEmpty()); }

// proves: K12 K14 K35
TEST(ShortTimers, AreToldWithTheirLeast) {
  config::FilterTimeouts timeouts;
  timeouts.udp = config::Seconds(119);
  timeouts.generic = config::Seconds(120);
  timeouts.tcp_established = config::Seconds(3600);
  EXPECT_THAT(
      short_timers(timeouts),
      ElementsAre("filter.timeouts.tcp_established is 1h, less than the 124min that hosts may count on",
                  "filter.timeouts.udp is 119s, less than the 2min that hosts may count on"));
}

// proves: K15
TEST(ShortTimers, AreNotThoseOfWellKnownPorts) {
  config::FilterTimeouts timeouts;
  timeouts.udp_well_known = config::Seconds(1);
  EXPECT_THAT(short_timers(timeouts), IsEmpty());
}

TEST(FilterSentence, SaysWhoGetsIn) {
  using config::ByProfile;
  EXPECT_EQ(filter_sentence({}), "strict: the LAN opens connections, nothing else comes in but pinholes");
  EXPECT_THAT(filter_sentence(with(config::Profile::strict, ByProfile::yes)), HasSubstr("echo requests"));
  EXPECT_THAT(filter_sentence(with(config::Profile::simple_security)),
              HasSubstr("IPsec, IKE, HIP, echo requests and pinholes come in"));
  EXPECT_THAT(filter_sentence(with(config::Profile::simple_security, ByProfile::no)),
              HasSubstr("IPsec, IKE, HIP and pinholes"));
  EXPECT_THAT(filter_sentence(with(config::Profile::transparent)), HasSubstr("everybody opens connections"));
  config::Filter filter;
  filter.mapping = config::Mapping::endpoint_independent;
  EXPECT_THAT(filter_sentence(filter), HasSubstr("ports that it uses are open to everybody"));
}

}  // namespace gate41::testing
