// Messages on the wire: RFC 2131 §2 and table 5.
#include "control/dhcp/message.hpp"

#include <gtest/gtest.h>

#include "tests/unit/dhcp/site.hpp"

namespace gate41::testing {
namespace {

Asked first_discover(dhcp::Settings settings = usual_settings()) {
  Site site(1, std::move(settings));
  site.start();
  return site.last();
}

Answer sound_ack() {
  Asked asked;
  asked.xid = 0x01020304;
  return answer_to(asked, kAck);
}

bool decodes(const Answer& answer) { return dhcp::decode_reply(answer.bytes()).has_value(); }

TEST(DhcpMessage, IsABootRequestOfAnEthernetCard) {
  const Asked asked = first_discover();
  EXPECT_EQ(Octets(asked.payload.begin(), asked.payload.begin() + 4), (Octets{1, 1, 6, 0}));
}

// proves: S78
TEST(DhcpMessage, NamesItsMac) {
  EXPECT_EQ(first_discover().hardware_address, (Octets{0x02, 0, 0, 0, 0, 0x42}));
}

// proves: M10 S78
TEST(DhcpMessage, CarriesTheConfiguredClientId) { EXPECT_EQ(first_discover().options.at(61), kClientId); }

// proves: S79
TEST(DhcpMessage, KeepsTheClientIdWhenTheMacChanges) {
  dhcp::Settings other = usual_settings();
  other.mac = MacAddress{{0x02, 9, 9, 9, 9, 9}};
  EXPECT_EQ(first_discover(other).options.at(61), first_discover().options.at(61));
}

TEST(DhcpMessage, CarriesTheHostName) {
  EXPECT_EQ(first_discover().options.at(12), (Octets{'g', 'a', 't', 'e'}));
}

TEST(DhcpMessage, LeavesOutWhatIsNotSet) {
  const Asked asked = first_discover({kClientMac, {}, "", false});
  EXPECT_FALSE(asked.has(61) || asked.has(12) || asked.has(50));
}

// proves: E6 M16 M22
TEST(DhcpMessage, AsksForTheParametersThatGate41Uses) {
  EXPECT_EQ(first_discover().options.at(55), (Octets{1, 121, 3, 6, 15, 26, 28, 51, 54, 58, 59, 212}));
}

TEST(DhcpMessage, IsAtLeastAsLongAsABootpMessage) { EXPECT_GE(first_discover().payload.size(), 300U); }

TEST(DhcpMessage, FitsTheLongestIdentifierAndName) {
  const Asked asked = first_discover({kClientMac, Octets(255, 7), std::string(255, 'n'), false});
  EXPECT_EQ(asked.options.at(12).size(), 255U);
}

TEST(DhcpReply, GivesTheFields) {
  const auto reply = dhcp::decode_reply(sound_ack().bytes());
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->type, dhcp::MessageType::ack);
  EXPECT_EQ(reply->xid, 0x01020304U);
  EXPECT_EQ(reply->your_address, kAddress);
  EXPECT_EQ(reply->mac, kClientMac);
  EXPECT_EQ(reply->server, kServer);
}

// proves: M2
TEST(DhcpReply, NeedsTheMagicCookie) {
  Answer answer = sound_ack();
  answer.cookie = 0x63825364;
  EXPECT_FALSE(decodes(answer));
}

struct Flaw {
  std::string name;
  Answer answer;
};

std::vector<Flaw> flaws() {
  Answer request = sound_ack();
  request.op = 1;
  Answer hardware = sound_ack();
  hardware.hardware = 6;
  Answer length = sound_ack();
  length.hardware_length = 8;
  return {{"a_request", request},
          {"another_hardware", hardware},
          {"another_hardware_length", length},
          {"no_type", sound_ack().without(53)},
          {"a_clients_type", sound_ack().replaced(53, {kRequest})},
          {"an_unknown_type", sound_ack().replaced(53, {99})},
          {"a_long_type", sound_ack().replaced(53, {kAck, kAck})},
          {"no_server", sound_ack().without(54)},
          {"server_zero", sound_ack().replaced(54, octets(kNone))},
          {"server_multicast", sound_ack().replaced(54, {224, 0, 0, 1})},
          {"short_server", sound_ack().replaced(54, {11, 0, 0})}};
}

class FlawedReply : public ::testing::TestWithParam<Flaw> {};

// proves: M19
TEST_P(FlawedReply, IsRefused) { EXPECT_FALSE(decodes(GetParam().answer)); }

INSTANTIATE_TEST_SUITE_P(All, FlawedReply, ::testing::ValuesIn(flaws()),
                         [](const auto& param_info) { return param_info.param.name; });

// proves: M19
TEST(DhcpReply, IsRefusedWhereverItIsCutBeforeItsLastOption) {
  const Octets whole = sound_ack().bytes();
  const std::size_t server_ends = 240 + 3 + 6;
  for (std::size_t size = 0; size < server_ends; ++size) {
    EXPECT_FALSE(dhcp::decode_reply(Bytes(whole).first(size))) << size;
  }
}

// proves: M15
TEST(DhcpReply, ReadsOptionsInTheFileField) {
  Answer answer = sound_ack().with(52, {1});
  answer.file = joined({tlv(26, {5, 120}), {255}});
  EXPECT_EQ(dhcp::decode_reply(answer.bytes())->options.u16(26), 5 * 256 + 120);
}

// proves: M15
TEST(DhcpReply, ReadsOptionsInTheServerNameField) {
  Answer answer = sound_ack().with(52, {2});
  answer.server_name = joined({tlv(26, {5, 120}), {255}});
  EXPECT_EQ(dhcp::decode_reply(answer.bytes())->options.u16(26), 5 * 256 + 120);
}

// proves: M15
TEST(DhcpReply, JoinsTheOptionsFieldThenFileThenServerName) {
  Answer answer = sound_ack().with(52, {3}).with(6, octets(Ipv4Address::of(11, 0, 0, 3)));
  answer.file = joined({tlv(6, octets(Ipv4Address::of(11, 0, 0, 4))), {255}});
  answer.server_name = joined({tlv(6, octets(Ipv4Address::of(11, 0, 0, 5))), {255}});
  const std::vector expected{Ipv4Address::of(11, 0, 0, 3), Ipv4Address::of(11, 0, 0, 4),
                             Ipv4Address::of(11, 0, 0, 5)};
  EXPECT_EQ(dhcp::decode_reply(answer.bytes())->options.addresses(6), expected);
}

// proves: M15
TEST(DhcpReply, LeavesFileAndServerNameAloneWithoutOverload) {
  Answer answer = sound_ack();
  answer.file = tlv(26, {5, 120});
  answer.server_name = tlv(26, {5, 120});
  EXPECT_FALSE(dhcp::decode_reply(answer.bytes())->options.find(26));
}

// proves: M19
TEST(DhcpReply, IsRefusedWithABrokenOverloadedField) {
  Answer answer = sound_ack().with(52, {1});
  answer.file = Octets(128, 7);  // option 7 of length 7, over and over: the last one runs past the end
  EXPECT_FALSE(decodes(answer));
}

}  // namespace
}  // namespace gate41::testing
