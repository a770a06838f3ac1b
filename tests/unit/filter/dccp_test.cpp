// DCCP connections, by the types of packets.
#include <gtest/gtest.h>

#include "dataplane/filter/dccp_tracking.hpp"
#include "tests/unit/filter/site.hpp"

namespace gate41::testing {
namespace {

constexpr uint8_t kRequest = 0, kResponse = 1, kData = 2, kAck = 3, kDataAck = 4, kCloseReq = 5, kClose = 6,
                  kReset = 7, kSync = 8, kSyncAck = 9;
constexpr uint8_t kX = 1;

ParsedPacket dccp(Direction direction, uint8_t type, uint8_t x = kX, uint8_t words = 5) {
  PacketBuilder builder = from(direction);
  if (direction == kOut)
    builder.dccp(kHostPort, kServerPort);
  else
    builder.dccp(kServerPort, kHostPort);
  return parsed(builder.set_u8(4, words).set_u8(8, static_cast<uint8_t>(type << 1U | x)));
}

struct Talk : Flow {
  std::optional<DropReason> say(Direction direction, uint8_t type) {
    return send(dccp(direction, type), direction);
  }
  void handshake(Direction opener = kOut) {
    say(opener, kRequest);
    say(opposite(opener), kResponse);
    say(opener, kAck);
  }
  [[nodiscard]] FlowState state() const { return entry.state; }
};

constexpr std::nullopt_t kPasses = std::nullopt;

}  // namespace

// proves: K43
TEST(DccpPacket, HasOneOfTenTypes) {
  for (uint8_t type = 0; type < 16; ++type)
    EXPECT_EQ(classify_dccp(dccp(kOut, type).l4.dccp) == DccpKind::invalid, type > kSyncAck) << int{type};
}

// proves: K43
TEST(DccpPacket, MayHaveShortSequenceNumbersWithDataAlone) {
  for (uint8_t type = 0; type <= kSyncAck; ++type) {
    const bool data = type == kData || type == kAck || type == kDataAck;
    EXPECT_EQ(classify_dccp(dccp(kOut, type, 0).l4.dccp) != DccpKind::invalid, data) << int{type};
  }
}

// proves: K43
TEST(DccpPacket, HasItsHeaderWithinThePacket) {
  EXPECT_EQ(classify_dccp(dccp(kOut, kRequest, kX, 4).l4.dccp), DccpKind::request);
  EXPECT_EQ(classify_dccp(dccp(kOut, kRequest, kX, 3).l4.dccp), DccpKind::invalid);
  EXPECT_EQ(classify_dccp(dccp(kOut, kRequest, kX, 6).l4.dccp), DccpKind::invalid);
  EXPECT_EQ(classify_dccp(dccp(kOut, kData, 0, 3).l4.dccp), DccpKind::data);
  EXPECT_EQ(classify_dccp(dccp(kOut, kData, 0, 2).l4.dccp), DccpKind::invalid);
}

// proves: K43
TEST(DccpConnection, OpensFromInsideByARequestOrInMidStream) {
  for (uint8_t type = 0; type <= kSyncAck; ++type) {
    const bool opens = type == kRequest || type == kData || type == kAck || type == kDataAck;
    EXPECT_EQ(decide_new(dccp(kOut, type), kOut, {}),
              opens ? std::nullopt : std::optional(DropReason::filter_dccp_no_flow))
        << int{type};
  }
  EXPECT_EQ(decide_new(dccp(kOut, 12), kOut, {}), DropReason::filter_dccp_invalid);
}

// proves: K43
TEST(DccpConnection, OpensFromOutsideByARequestThatIsAllowed) {
  const Policy open = pinhole_policy(ip_proto::kDccp, 0, 0xffff);
  EXPECT_EQ(decide_new(dccp(kIn, kRequest), kIn, {}), DropReason::filter_unsolicited);
  EXPECT_EQ(decide_new(dccp(kIn, kRequest), kIn, open), kPasses);
  EXPECT_EQ(decide_new(dccp(kIn, kData), kIn, open), DropReason::filter_unsolicited);
}

// proves: K43 K44
TEST(DccpConnection, IsEstablishedWhenItsOpenerGoesOn) {
  Talk talk;
  ASSERT_EQ(talk.say(kOut, kRequest), kPasses);
  ASSERT_EQ(talk.say(kIn, kResponse), kPasses);
  EXPECT_EQ(talk.state(), FlowState::dccp_opening);
  ASSERT_EQ(talk.say(kOut, kAck), kPasses);
  EXPECT_EQ(talk.state(), FlowState::dccp_established);
}

TEST(DccpConnection, IsNotEstablishedByTheOtherSideAlone) {
  Talk talk;
  talk.say(kOut, kRequest);
  talk.say(kIn, kData);
  EXPECT_EQ(talk.state(), FlowState::dccp_opening);
}

// proves: K43
TEST(DccpConnection, IsPickedUpInMidStream) {
  Talk talk;
  ASSERT_EQ(talk.say(kOut, kData), kPasses);
  EXPECT_EQ(talk.state(), FlowState::dccp_opening);
  ASSERT_EQ(talk.say(kIn, kAck), kPasses);
  EXPECT_EQ(talk.state(), FlowState::dccp_established);
}

TEST(DccpConnection, TakesNoTypeThatThereIsNot) {
  Talk talk;
  talk.handshake();
  EXPECT_EQ(talk.say(kIn, 10), DropReason::filter_dccp_invalid);
}

// proves: K44
TEST(DccpClose, HasTheShortTimer) {
  for (const uint8_t type : {kClose, kCloseReq}) {
    Talk talk;
    talk.handshake();
    ASSERT_EQ(talk.say(kIn, type), kPasses);
    EXPECT_EQ(talk.state(), FlowState::dccp_closing);
    EXPECT_EQ(talk.entry.expires, coarse_seconds(talk.now) + 480 + 1);
  }
}

// proves: K44
TEST(DccpReset, LeavesTheShortTimerAndNoMore) {
  Talk talk;
  talk.handshake();
  ASSERT_EQ(talk.say(kIn, kReset), kPasses);
  EXPECT_EQ(talk.state(), FlowState::dccp_closed);
  EXPECT_EQ(talk.entry.expires, coarse_seconds(talk.now) + 480 + 1);
  talk.now += std::chrono::seconds(100);
  const uint32_t expires = talk.entry.expires;
  talk.say(kIn, kReset);
  talk.say(kIn, kData);
  EXPECT_EQ(talk.entry.expires, expires);
}

// Its sequence number may be anybody's.
TEST(DccpReset, IsForgottenWhenBothSidesGoOn) {
  Talk talk;
  talk.handshake();
  talk.say(kIn, kReset);
  talk.say(kOut, kDataAck);
  talk.say(kOut, kData);
  talk.say(kIn, kSync);
  EXPECT_EQ(talk.state(), FlowState::dccp_closed);
  ASSERT_EQ(talk.say(kIn, kAck), kPasses);
  EXPECT_EQ(talk.state(), FlowState::dccp_established);
  EXPECT_EQ(talk.entry.expires, coarse_seconds(talk.now) + 7440 + 1);
}

// Nor does a flood of them hold the connection down.
TEST(DccpReset, ThatIsRepeatedIsForgottenAllTheSame) {
  Talk talk;
  talk.handshake();
  talk.say(kIn, kReset);
  talk.say(kOut, kData);
  talk.say(kIn, kReset);
  talk.say(kIn, kAck);
  EXPECT_EQ(talk.state(), FlowState::dccp_established);
}

// Both sides have to go on after each one that is believed.
TEST(DccpReset, ThatComesLaterIsBelievedAnew) {
  Talk talk;
  talk.handshake();
  talk.say(kIn, kReset);
  talk.say(kOut, kData);
  talk.say(kIn, kAck);
  talk.say(kIn, kReset);
  talk.say(kOut, kData);
  EXPECT_EQ(talk.state(), FlowState::dccp_closed);
}

TEST(DccpReset, LetsARequestBeginAnew) {
  Talk talk;
  talk.handshake();
  talk.say(kIn, kReset);
  EXPECT_EQ(talk.say(kIn, kRequest), DropReason::filter_unsolicited);
  ASSERT_EQ(talk.say(kOut, kRequest), kPasses);
  EXPECT_EQ(talk.state(), FlowState::dccp_opening);
}

// proves: K16
TEST(DccpConnection, FromOutsideIsNotKeptAliveBeforeTheHostAnswers) {
  Talk talk;
  talk.policy = pinhole_policy(ip_proto::kDccp, 0, 0xffff);
  ASSERT_EQ(talk.say(kIn, kRequest), kPasses);
  const uint32_t expires = talk.entry.expires;
  talk.now += std::chrono::seconds(100);
  ASSERT_EQ(talk.say(kIn, kRequest), kPasses);
  EXPECT_EQ(talk.entry.expires, expires);
  talk.say(kOut, kResponse);
  EXPECT_GT(talk.entry.expires, expires);
}

// A host that has gone on after a Reset has answered, too.
// proves: K16 K44
TEST(DccpReset, OfTheHostThatGoesOnLeavesTheServerItsPart) {
  Talk talk;
  talk.policy = pinhole_policy(ip_proto::kDccp, 0, 0xffff);
  for (const auto& [direction, type] : {std::pair(kIn, kRequest), {kOut, kReset}, {kOut, kAck}, {kIn, kAck}})
    ASSERT_EQ(talk.say(direction, type), kPasses);
  talk.now += std::chrono::seconds(1000);
  ASSERT_EQ(talk.say(kIn, kData), kPasses);
  EXPECT_EQ(talk.entry.expires, coarse_seconds(talk.now) + 7440 + 1);
}

}  // namespace gate41::testing
