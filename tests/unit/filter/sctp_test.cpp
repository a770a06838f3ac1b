// SCTP associations. Tags: `kA` is what the host has chosen (packets to it carry it), `kB` the server's.
#include <gtest/gtest.h>

#include "dataplane/filter/sctp_tracking.hpp"
#include "tests/unit/filter/site.hpp"

namespace gate41::testing {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr uint8_t kData = 0, kInit = 1, kInitAck = 2, kSack = 3, kHeartbeat = 4, kAbort = 6, kShutdown = 7,
                  kShutdownAck = 8, kError = 9, kCookieEcho = 10, kCookieAck = 11, kShutdownComplete = 14;
constexpr uint8_t kT = 1;
constexpr uint32_t kA = 0xa0000001, kA2 = 0xa0000002, kB = 0xb0000001, kB2 = 0xb0000002, kWrong = 0xdead;

Bytes chunk(uint8_t type, const Bytes& value = {}, uint8_t flags = 0) {
  const auto length = static_cast<uint8_t>(4 + value.size());
  Bytes bytes = {type, flags, 0, length};
  bytes.insert(bytes.end(), value.begin(), value.end());
  bytes.resize((bytes.size() + 3) / 4 * 4);
  return bytes;
}

Bytes initiate(uint32_t tag) {
  Bytes value(16);
  for (std::size_t i = 0; i < 4; ++i) value[i] = static_cast<uint8_t>(tag >> (24 - 8 * i));
  return value;
}

ParsedPacket sctp(Direction direction, uint32_t tag, const Bytes& chunks) {
  PacketBuilder builder = from(direction);
  if (direction == kOut)
    builder.sctp(kHostPort, kServerPort);
  else
    builder.sctp(kServerPort, kHostPort);
  return parsed(builder.set_u32(4, tag).payload(chunks));
}
ParsedPacket init(Direction direction, uint32_t own) {
  return sctp(direction, 0, chunk(kInit, initiate(own)));
}

struct Association : Flow {
  std::optional<DropReason> chunk_of(Direction direction, uint8_t type, uint32_t tag, uint8_t flags = 0) {
    return send(sctp(direction, tag, chunk(type, Bytes(4), flags)), direction);
  }
  std::optional<DropReason> init_of(Direction direction, uint32_t own) {
    return send(init(direction, own), direction);
  }
  std::optional<DropReason> init_ack(Direction direction, uint32_t tag, uint32_t own) {
    return send(sctp(direction, tag, chunk(kInitAck, initiate(own))), direction);
  }
  void handshake(Direction opener = kOut) {
    const uint32_t own = opener == kOut ? kA : kB;
    const uint32_t peers = opener == kOut ? kB : kA;
    init_of(opener, own);
    init_ack(opposite(opener), own, peers);
    chunk_of(opener, kCookieEcho, peers);
    chunk_of(opposite(opener), kCookieAck, own);
  }
  [[nodiscard]] FlowState state() const { return entry.state; }
};

constexpr auto kTag = DropReason::filter_sctp_tag;
constexpr auto kInvalid = DropReason::filter_sctp_invalid;
constexpr std::nullopt_t kPasses = std::nullopt;

}  // namespace

// proves: K38
TEST(SctpPacket, NeedsAWholeChunk) {
  const Bytes none = {};
  EXPECT_EQ(decide_new(sctp(kOut, kB, none), kOut, {}), kInvalid);
  EXPECT_EQ(decide_new(sctp(kOut, kB, {kData, 0, 0}), kOut, {}), kInvalid);
  EXPECT_EQ(decide_new(sctp(kOut, kB, {kData, 0, 0, 3}), kOut, {}), kInvalid);
  EXPECT_EQ(decide_new(sctp(kOut, kB, {kData, 0, 0, 5}), kOut, {}), kInvalid);
  EXPECT_EQ(decide_new(sctp(kOut, kB, {kData, 0, 0, 4}), kOut, {}), kPasses);
}

// proves: K38
TEST(SctpPacket, HasInitInitAckAndShutdownCompleteAlone) {
  const Bytes data = chunk(kData, Bytes(12));
  const auto kind_with = [&](uint8_t type, const Bytes& value, uint32_t tag) {
    Bytes chunks = chunk(type, value);
    const SctpKind alone = classify_sctp(sctp(kOut, tag, chunks).l4.sctp);
    chunks.insert(chunks.end(), data.begin(), data.end());
    return std::pair{alone, classify_sctp(sctp(kOut, tag, chunks).l4.sctp)};
  };
  EXPECT_EQ(kind_with(kInit, initiate(kA), 0), std::pair(SctpKind::init, SctpKind::invalid));
  EXPECT_EQ(kind_with(kInitAck, initiate(kA), kB), std::pair(SctpKind::init_ack, SctpKind::invalid));
  EXPECT_EQ(kind_with(kShutdownComplete, {}, kB), std::pair(SctpKind::shutdown_complete, SctpKind::invalid));
  EXPECT_EQ(kind_with(kCookieEcho, Bytes(9), kB), std::pair(SctpKind::cookie_echo, SctpKind::cookie_echo));
}

TEST(SctpPacket, MayEndWithThePaddingOfItsLastChunkOrWithoutIt) {
  Bytes chunks = chunk(kShutdownComplete);
  chunks[3] = 6;
  chunks.resize(6);
  EXPECT_EQ(classify_sctp(sctp(kOut, kB, chunks).l4.sctp), SctpKind::shutdown_complete);
  chunks.resize(8);
  EXPECT_EQ(classify_sctp(sctp(kOut, kB, chunks).l4.sctp), SctpKind::shutdown_complete);
  chunks.resize(9);
  EXPECT_EQ(classify_sctp(sctp(kOut, kB, chunks).l4.sctp), SctpKind::invalid);
}

// proves: K38
TEST(SctpPacket, OfAnInitHasTagZeroAndChoosesAnotherOne) {
  EXPECT_EQ(classify_sctp(init(kOut, kA).l4.sctp), SctpKind::init);
  EXPECT_EQ(classify_sctp(init(kOut, 0).l4.sctp), SctpKind::invalid);
  EXPECT_EQ(classify_sctp(sctp(kOut, 1, chunk(kInit, initiate(kA))).l4.sctp), SctpKind::invalid);
  EXPECT_EQ(classify_sctp(sctp(kOut, 0, chunk(kInit)).l4.sctp), SctpKind::invalid);
}

TEST(SctpPacket, OfAnUnknownChunkIsData) {
  EXPECT_EQ(classify_sctp(sctp(kOut, kB, chunk(200)).l4.sctp), SctpKind::data);
}

// proves: K53
TEST(SctpPacket, InAFirstFragmentMayGoOnInTheNext) {
  const auto first = [](Bytes bytes) {
    return parsed(from(kOut).fragment(0, true, 9).sctp(kHostPort, kServerPort).set_u32(4, kB).payload(bytes));
  };
  EXPECT_EQ(classify_sctp(first({kData, 0, 0xff, 0xff}).l4.sctp), SctpKind::data);
  EXPECT_EQ(classify_sctp(first({kData, 0, 0, 3}).l4.sctp), SctpKind::invalid);
}

// proves: K38
TEST(SctpAssociation, OpensFromInsideByInitOrInMidStream) {
  for (const uint8_t type : {kData, kSack, kHeartbeat, kShutdown, kCookieEcho})
    EXPECT_EQ(decide_new(sctp(kOut, kB, chunk(type, Bytes(4))), kOut, {}), kPasses) << int{type};
  EXPECT_EQ(decide_new(init(kOut, kA), kOut, {}), kPasses);
  for (const uint8_t type : {kInitAck, kAbort, kError, kShutdownAck, kShutdownComplete, kCookieAck})
    EXPECT_EQ(decide_new(sctp(kOut, kB, chunk(type, initiate(kA))), kOut, {}),
              DropReason::filter_sctp_no_flow)
        << int{type};
}

// proves: K38
TEST(SctpAssociation, OpensFromOutsideByAnInitThatIsAllowed) {
  const Policy open = pinhole_policy(ip_proto::kSctp, 0, 0xffff);
  EXPECT_EQ(decide_new(init(kIn, kB), kIn, open), kPasses);
  EXPECT_EQ(decide_new(init(kIn, kB), kIn, {}), DropReason::filter_unsolicited);
  EXPECT_EQ(decide_new(sctp(kIn, kA, chunk(kData, Bytes(4))), kIn, open), DropReason::filter_unsolicited);
  EXPECT_EQ(decide_new(init(kIn, 0), kIn, {}), kInvalid);
}

// proves: K38 K40
TEST(SctpAssociation, IsEstablishedByItsCookie) {
  Association a;
  ASSERT_EQ(a.init_of(kOut, kA), kPasses);
  ASSERT_EQ(a.init_ack(kIn, kA, kB), kPasses);
  ASSERT_EQ(a.chunk_of(kOut, kCookieEcho, kB), kPasses);
  EXPECT_EQ(a.state(), FlowState::sctp_opening);
  ASSERT_EQ(a.chunk_of(kIn, kCookieAck, kA), kPasses);
  EXPECT_EQ(a.state(), FlowState::sctp_established);
}

// proves: K38
TEST(SctpAssociation, IsEstablishedByDataThatFollowsTheCookie) {
  Association a;
  a.init_of(kOut, kA);
  a.init_ack(kIn, kA, kB);
  a.chunk_of(kOut, kCookieEcho, kB);
  ASSERT_EQ(a.chunk_of(kIn, kSack, kA), kPasses);
  EXPECT_EQ(a.state(), FlowState::sctp_established);
}

TEST(SctpAssociation, IsNotEstablishedWithoutACookie) {
  Association a;
  a.init_of(kOut, kA);
  a.init_ack(kIn, kA, kB);
  a.chunk_of(kOut, kData, kB);
  a.chunk_of(kIn, kData, kA);
  EXPECT_EQ(a.state(), FlowState::sctp_opening);
}

// proves: K38
TEST(SctpAssociation, FromOutsideIsFollowedTheSameWay) {
  Association a;
  a.policy = pinhole_policy(ip_proto::kSctp, 0, 0xffff);
  a.handshake(kIn);
  EXPECT_EQ(a.state(), FlowState::sctp_established);
  EXPECT_EQ(a.chunk_of(kIn, kData, kA), kPasses);
  EXPECT_EQ(a.chunk_of(kIn, kData, kB), kTag);
}

// proves: K38
TEST(SctpTags, AreTheReceiversInEachDirection) {
  Association a;
  a.handshake();
  EXPECT_EQ(a.chunk_of(kOut, kData, kB), kPasses);
  EXPECT_EQ(a.chunk_of(kIn, kData, kA), kPasses);
  EXPECT_EQ(a.chunk_of(kOut, kData, kA), kTag);
  EXPECT_EQ(a.chunk_of(kIn, kData, kB), kTag);
  EXPECT_EQ(a.chunk_of(kIn, kData, kWrong), kTag);
}

// proves: K38
TEST(SctpTags, AreCheckedInTheHandshakeToo) {
  Association a;
  a.init_of(kOut, kA);
  EXPECT_EQ(a.init_ack(kIn, kWrong, kB), kTag);
  ASSERT_EQ(a.init_ack(kIn, kA, kB), kPasses);
  EXPECT_EQ(a.chunk_of(kOut, kCookieEcho, kWrong), kTag);
  EXPECT_EQ(a.chunk_of(kIn, kCookieAck, kWrong), kTag);
}

TEST(SctpTags, AreNotGuessedBeforeTheReceiverHasChosenOne) {
  Association a;
  a.init_of(kOut, kA);
  EXPECT_EQ(a.chunk_of(kOut, kData, kB), kTag);
}

// proves: K32 K38
TEST(SctpTags, AreLearntInMidStream) {
  Association a;
  ASSERT_EQ(a.chunk_of(kOut, kData, kB), kPasses);
  EXPECT_EQ(a.state(), FlowState::sctp_opening);
  EXPECT_EQ(a.chunk_of(kOut, kData, kB2), kTag);
  ASSERT_EQ(a.chunk_of(kIn, kSack, kA), kPasses);
  EXPECT_EQ(a.state(), FlowState::sctp_established);
  EXPECT_EQ(a.chunk_of(kIn, kSack, kA2), kTag);
}

// proves: K38
TEST(SctpAbort, EndsTheAssociationWithTheTagOfEitherSideByItsTBit) {
  for (const uint8_t type : {kAbort, kShutdownComplete}) {
    Association own;
    own.handshake();
    EXPECT_EQ(own.chunk_of(kIn, type, kA, kT), kTag);
    EXPECT_EQ(own.chunk_of(kIn, type, kB), kTag);
    EXPECT_EQ(own.state(), FlowState::sctp_established);
    EXPECT_EQ(own.chunk_of(kIn, type, kA), kPasses);
    EXPECT_EQ(own.state(), FlowState::sctp_closed);
    Association reflected;
    reflected.handshake();
    EXPECT_EQ(reflected.chunk_of(kIn, type, kB, kT), kPasses);
    EXPECT_EQ(reflected.state(), FlowState::sctp_closed);
  }
}

TEST(SctpAbort, AloneMayHaveATBit) {
  Association a;
  a.handshake();
  EXPECT_EQ(a.chunk_of(kIn, kData, kA, kT), kPasses);
}

// proves: K38
TEST(SctpAbort, OfTheServerAnswersAnInit) {
  Association a;
  a.init_of(kOut, kA);
  EXPECT_EQ(a.chunk_of(kIn, kAbort, kA), kPasses);
  EXPECT_EQ(a.state(), FlowState::sctp_closed);
}

// proves: K38 K40
TEST(SctpShutdown, ClosesAndCompletes) {
  Association a;
  a.handshake();
  ASSERT_EQ(a.chunk_of(kOut, kShutdown, kB), kPasses);
  EXPECT_EQ(a.state(), FlowState::sctp_closing);
  ASSERT_EQ(a.chunk_of(kIn, kShutdownAck, kA), kPasses);
  EXPECT_EQ(a.state(), FlowState::sctp_closing);
  ASSERT_EQ(a.chunk_of(kOut, kShutdownComplete, kB), kPasses);
  EXPECT_EQ(a.state(), FlowState::sctp_closed);
}

TEST(SctpShutdown, HasTheShortTimerWhateverFollows) {
  Association a;
  a.handshake();
  a.chunk_of(kIn, kAbort, kA);
  EXPECT_EQ(a.chunk_of(kIn, kData, kA), kPasses);
  EXPECT_EQ(a.chunk_of(kIn, kData, kWrong), kTag);
  EXPECT_EQ(a.state(), FlowState::sctp_closed);
  EXPECT_EQ(a.entry.expires, coarse_seconds(a.now) + 240 + 1);
}

TEST(SctpAbort, OfTheOtherSidesTagTeachesNone) {
  Association a;
  ASSERT_EQ(a.chunk_of(kOut, kData, kB), kPasses);
  EXPECT_EQ(a.chunk_of(kOut, kAbort, kWrong, kT), kTag);
  ASSERT_EQ(a.chunk_of(kIn, kAbort, kB, kT), kPasses);
  EXPECT_EQ(a.chunk_of(kIn, kSack, kA), kPasses);
}

TEST(SctpShutdown, LetsAnInitBeginAnew) {
  Association a;
  a.handshake();
  a.chunk_of(kIn, kAbort, kA);
  EXPECT_FALSE(begins_anew(a.entry, sctp(kOut, kB, chunk(kData, Bytes(4))), a.now));
  ASSERT_EQ(a.init_of(kOut, kA2), kPasses);
  EXPECT_EQ(a.state(), FlowState::sctp_opening);
  EXPECT_EQ(a.init_ack(kIn, kA, kB2), kTag);
  EXPECT_EQ(a.init_ack(kIn, kA2, kB2), kPasses);
}

// An INIT was on its way when the other association ended.
TEST(SctpShutdown, LetsASecondHandshakeGoOn) {
  Association a;
  a.handshake();
  a.init_of(kIn, kB2);
  a.chunk_of(kIn, kAbort, kA);
  ASSERT_EQ(a.init_ack(kOut, kB2, kA2), kPasses);
  ASSERT_EQ(a.chunk_of(kIn, kCookieEcho, kA2), kPasses);
  EXPECT_EQ(a.state(), FlowState::sctp_opening);
}

TEST(SctpShutdown, StaysAnEndWhenAShutdownComesLate) {
  Association a;
  a.handshake();
  a.chunk_of(kIn, kAbort, kA);
  ASSERT_EQ(a.chunk_of(kOut, kShutdown, kB), kPasses);
  EXPECT_EQ(a.state(), FlowState::sctp_closed);
}

TEST(SctpShutdown, LetsNoInitFromOutsideBeginAnewUnasked) {
  Association a;
  a.handshake();
  a.chunk_of(kIn, kAbort, kA);
  EXPECT_EQ(a.init_of(kIn, kB2), DropReason::filter_unsolicited);
}

// proves: K38
TEST(SctpRestart, OfTheServerTakesTheNewTagsWithItsCookie) {
  Association a;
  a.handshake();
  ASSERT_EQ(a.init_of(kIn, kB2), kPasses);
  EXPECT_EQ(a.chunk_of(kOut, kData, kB), kPasses) << "the old association goes on";
  ASSERT_EQ(a.init_ack(kOut, kB2, kA2), kPasses);
  EXPECT_EQ(a.chunk_of(kIn, kData, kA), kPasses) << "and after the answer";
  ASSERT_EQ(a.chunk_of(kIn, kCookieEcho, kA2), kPasses);
  EXPECT_EQ(a.chunk_of(kOut, kCookieAck, kB2), kPasses);
  EXPECT_EQ(a.state(), FlowState::sctp_established);
  EXPECT_EQ(a.chunk_of(kOut, kData, kB), kTag) << "which is now over";
  EXPECT_EQ(a.chunk_of(kIn, kData, kA), kTag);
}

// Nobody can end an association with a tag that he has chosen himself.
TEST(SctpRestart, ThatIsForgedEndsNothing) {
  Association a;
  a.handshake();
  ASSERT_EQ(a.init_of(kIn, kWrong), kPasses);
  EXPECT_EQ(a.chunk_of(kIn, kAbort, kWrong, kT), kPasses);
  EXPECT_EQ(a.state(), FlowState::sctp_established);
  EXPECT_EQ(a.chunk_of(kIn, kData, kWrong), kTag);
  EXPECT_EQ(a.chunk_of(kIn, kData, kA), kPasses);
}

TEST(SctpRestart, KeepsNothingAliveBeforeItsCookie) {
  Association a;
  a.handshake();
  const uint32_t expires = a.entry.expires;
  a.now += std::chrono::seconds(1000);
  a.init_of(kIn, kB2);
  a.init_ack(kOut, kB2, kA2);
  EXPECT_EQ(a.entry.expires, expires);
}

// proves: K40
TEST(SctpRestart, AfterAnEndIsEstablishedAnew) {
  for (const uint8_t end : {kShutdown, kAbort}) {
    Association a;
    a.handshake();
    a.init_of(kIn, kB2);
    a.init_ack(kOut, kB2, kA2);
    a.chunk_of(kOut, end, kB);
    ASSERT_EQ(a.chunk_of(kIn, kCookieEcho, kA2), kPasses);
    EXPECT_EQ(a.state(), FlowState::sctp_opening);
    ASSERT_EQ(a.chunk_of(kOut, kCookieAck, kB2), kPasses);
    EXPECT_EQ(a.state(), FlowState::sctp_established);
  }
}

// RFC 9260 §5.2.1: both sides send INIT, and each answers with the tag of its own.
// proves: K38
TEST(SctpSimultaneousOpen, IsOneAssociation) {
  Association a;
  ASSERT_EQ(a.init_of(kOut, kA), kPasses);
  ASSERT_EQ(a.init_of(kIn, kB), kPasses);
  ASSERT_EQ(a.init_ack(kOut, kB, kA), kPasses);
  ASSERT_EQ(a.init_ack(kIn, kA, kB), kPasses);
  ASSERT_EQ(a.chunk_of(kOut, kCookieEcho, kB), kPasses);
  ASSERT_EQ(a.chunk_of(kIn, kCookieEcho, kA), kPasses);
  EXPECT_EQ(a.chunk_of(kOut, kCookieAck, kB), kPasses);
  EXPECT_EQ(a.chunk_of(kIn, kCookieAck, kA), kPasses);
  EXPECT_EQ(a.state(), FlowState::sctp_established);
}

// The server's INIT ACK has gone another way, or was lost before it came here: what names the host's tag is
// the server's INIT alone. proves: K38 K40
TEST(SctpSimultaneousOpen, NeedsTheAnswerOfOneSideOnly) {
  Association a;
  a.init_of(kOut, kA);
  a.init_of(kIn, kB);
  ASSERT_EQ(a.init_ack(kOut, kB, kA), kPasses);
  ASSERT_EQ(a.chunk_of(kIn, kCookieEcho, kA), kPasses);
  ASSERT_EQ(a.chunk_of(kOut, kCookieAck, kB), kPasses);
  EXPECT_EQ(a.state(), FlowState::sctp_established);
  EXPECT_EQ(a.chunk_of(kOut, kData, kB2), kTag);
}

// A server keeps nothing of an INIT: to one that is sent again it answers with another tag.
// proves: K38
TEST(SctpHandshake, ThatIsRepeatedGoesOnWithEitherAnswer) {
  for (const uint32_t taken : {kB, kB2}) {
    Association a;
    a.init_of(kOut, kA);
    a.init_ack(kIn, kA, kB);
    ASSERT_EQ(a.init_of(kOut, kA), kPasses);
    ASSERT_EQ(a.init_ack(kIn, kA, kB2), kPasses);
    ASSERT_EQ(a.chunk_of(kOut, kCookieEcho, taken), kPasses);
    ASSERT_EQ(a.chunk_of(kIn, kCookieAck, kA), kPasses);
    EXPECT_EQ(a.state(), FlowState::sctp_established);
    EXPECT_EQ(a.chunk_of(kOut, kData, taken), kPasses);
  }
}

}  // namespace gate41::testing
