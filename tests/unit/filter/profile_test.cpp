// Profiles (X5): what comes in unasked, and what does not in any of them.
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/unit/filter/tcp_peers.hpp"

namespace gate41::testing {
namespace {

constexpr uint16_t kIkePort = 500;

Policy of(Profile profile, bool echo = true) {
  Policy policy;
  policy.profile = profile;
  policy.allow_echo = echo && profile != Profile::strict;
  return policy;
}

ParsedPacket ah(Direction direction) { return parsed(from(direction).ah().tcp(kHostPort, kServerPort)); }
ParsedPacket hip(Direction direction) {
  return parsed(from(direction).extension(ip_proto::kHip, 40).next_header(ip_proto::kNoNext));
}
ParsedPacket ike(Direction direction) { return udp(direction, kIkePort, kIkePort); }

struct Unasked {
  std::string name;
  ParsedPacket packet;
  bool simple_security;  // comes in
  bool transparent;
};

const std::array kUnasked = {
    Unasked{"esp", esp(kIn), true, true},
    Unasked{"ah", ah(kIn), true, true},
    Unasked{"hip", hip(kIn), true, true},
    Unasked{"ike", ike(kIn), true, true},
    Unasked{"udp_from_port_500", udp(kIn, kHostPort, kIkePort), false, true},
    Unasked{"udp", udp(kIn), false, true},
    Unasked{"udp_lite", parsed(from(kIn).udp_lite(kIkePort, kIkePort).payload(8)), false, true},
    Unasked{"tcp_syn", tcp(kIn, {kSyn}), false, true},
    Unasked{"tcp_ack", tcp(kIn, {kAck}), false, false},
    Unasked{"tcp_syn_ack", tcp(kIn, {kSynAck}), false, false},
    Unasked{"echo_request", echo_request(kIn), true, true},
    Unasked{"echo_reply", echo_reply(kIn), false, false},
    Unasked{"mobile_prefix", icmpv6(kIn, 146), false, true},
    Unasked{"unknown_protocol", parsed(from(kIn).next_header(253).payload(16)), false, true},
};

class UnaskedPacket : public ::testing::TestWithParam<Unasked> {};

}  // namespace

// proves: S65 X5
TEST_P(UnaskedPacket, DoesNotComeInWithStrict) {
  EXPECT_EQ(decide_new(GetParam().packet, kIn, of(Profile::strict)), DropReason::filter_unsolicited);
}

// proves: X5 X7 K21 K22 K24 K26
TEST_P(UnaskedPacket, ComesInWithSimpleSecurityIfRfc6092SaysSo) {
  const bool in = !decide_new(GetParam().packet, kIn, of(Profile::simple_security)).has_value();
  EXPECT_EQ(in, GetParam().simple_security);
}

// proves: K49
TEST_P(UnaskedPacket, ComesInWithTransparentIfItCouldBeginAFlow) {
  const bool in = !decide_new(GetParam().packet, kIn, of(Profile::transparent)).has_value();
  EXPECT_EQ(in, GetParam().transparent);
}
INSTANTIATE_TEST_SUITE_P(X5, UnaskedPacket, ::testing::ValuesIn(kUnasked),
                         [](const auto& one) { return one.param.name; });

// proves: X7
TEST(Profiles, LetNoEchoInWhereItIsSwitchedOff) {
  for (const Profile profile : {Profile::simple_security, Profile::transparent})
    EXPECT_EQ(decide_new(echo_request(kIn), kIn, of(profile, false)), DropReason::filter_unsolicited);
}

// proves: K49 K55
TEST(Profiles, RefuseImpossibleTcpFlagsAllTheSame) {
  EXPECT_EQ(decide_new(tcp(kIn, {0}), kIn, of(Profile::transparent)), DropReason::filter_tcp_invalid);
}

// proves: K10 K49
TEST(Profiles, LetNoUnrelatedErrorIn) {
  EXPECT_EQ(decide_new(icmpv6(kIn, 1), kIn, of(Profile::transparent)), DropReason::filter_error_unrelated);
}

// proves: X7
TEST(RatedEcho, IsWhatSimpleSecurityAloneLetsIn) {
  const FlowKey key = flow_key(echo_request(kIn), kIn);
  EXPECT_TRUE(is_rated_echo(key, of(Profile::simple_security)));
  EXPECT_FALSE(is_rated_echo(key, of(Profile::simple_security, false)));
  EXPECT_FALSE(is_rated_echo(key, of(Profile::transparent)));
  EXPECT_FALSE(is_rated_echo(flow_key(icmpv6(kIn, 146), kIn), of(Profile::simple_security)));
  Policy with_pinhole = pinhole_policy(ip_proto::kIcmpv6, 0, 0xffff);
  with_pinhole.profile = Profile::simple_security;
  with_pinhole.allow_echo = true;
  EXPECT_FALSE(is_rated_echo(key, with_pinhole));
}

// proves: X5
TEST(StillAllowed, EndsWhatAStricterProfileForbids) {
  Flow flow{of(Profile::transparent)};
  ASSERT_TRUE(flow.passes(udp(kIn), kIn));
  const FlowKey key = flow_key(udp(kIn), kIn);
  EXPECT_TRUE(still_allowed(flow.entry, key, of(Profile::transparent)));
  EXPECT_FALSE(still_allowed(flow.entry, key, of(Profile::simple_security)));
  EXPECT_FALSE(still_allowed(flow.entry, key, of(Profile::strict)));
}

// proves: K22 K25
TEST(EspFlow, IsThatOfItsTwoAddressesWhateverTheSpi) {
  Flow flow;
  ASSERT_TRUE(flow.passes(esp(kOut), kOut));
  EXPECT_TRUE(flow.passes(parsed(from(kIn).esp(99, 7).payload(16)), kIn));
  EXPECT_EQ(flow_key(esp(kOut), kOut), flow_key(parsed(from(kIn).esp(99, 7).payload(16)), kIn));
}

// proves: K21
TEST(AhFlow, GoesByItsOwnNumberWhateverIsBehindIt) {
  const FlowKey key = flow_key(ah(kOut), kOut);
  EXPECT_EQ(key.protocol, ip_proto::kAh);
  EXPECT_EQ(key.interior_port, 0);
  EXPECT_EQ(key, flow_key(parsed(from(kIn).ah().udp(1, 2).payload(8)), kIn));
  EXPECT_NE(key, flow_key(tcp(kOut, {kSyn}), kOut));
}

// proves: K21
TEST(AhFlow, IsNotFollowedAsTcp) {
  Flow flow;
  ASSERT_TRUE(flow.passes(ah(kOut), kOut));
  EXPECT_TRUE(flow.passes(parsed(from(kIn).ah().tcp(kServerPort, kHostPort, {kRst, 77})), kIn));
  EXPECT_EQ(flow.entry.state, FlowState::established);
}

// proves: J4
TEST(AhFlow, CarriesNothingThatBelongsToALink) {
  const ParsedPacket solicitation = parsed(from(kIn).ah().icmpv6(135, 0).payload(48));
  EXPECT_EQ(policy_check(solicitation, kIn, {}), DropReason::filter_icmpv6_type);
}

// proves: K26
TEST(HipFlow, GoesByItsOwnNumber) {
  EXPECT_EQ(flow_key(hip(kOut), kOut).protocol, ip_proto::kHip);
  Flow flow{of(Profile::simple_security)};
  ASSERT_TRUE(flow.passes(hip(kIn), kIn));
  EXPECT_TRUE(flow.passes(hip(kOut), kOut));
}

// proves: K23
TEST(Related, FindsTheFlowOfAnEspPacketThatIsQuotedToItsAddressesOnly) {
  const ParsedPacket error = icmpv6(kIn, 1);
  std::vector<uint8_t> bytes = from(kOut).esp(1, 1).payload(16).build();
  bytes.resize(40);
  EXPECT_EQ(related_key(error, parse_quoted_ipv6(bytes), kIn), flow_key(esp(kOut), kOut));
}

// proves: K21
TEST(Related, FindsTheFlowOfAQuotedAhPacketHoweverMuchIsQuoted) {
  const ParsedPacket error = icmpv6(kIn, 1);
  const std::vector<uint8_t> whole = from(kOut).ah().tcp(kHostPort, kServerPort).build();
  for (std::size_t length = 40; length <= whole.size(); ++length)
    EXPECT_EQ(related_key(error, parse_quoted_ipv6({whole.data(), length}), kIn), flow_key(ah(kOut), kOut))
        << length;
}

// proves: K20
TEST(UdpLiteFlow, HasAKeySpaceOfItsOwn) {
  const ParsedPacket lite = parsed(from(kOut).udp_lite(kHostPort, kServerPort).payload(8));
  EXPECT_NE(flow_key(lite, kOut), flow_key(udp(kOut), kOut));
}

}  // namespace gate41::testing
