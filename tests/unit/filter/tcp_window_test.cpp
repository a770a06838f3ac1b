// The window to either side of each of its bounds (RFC 9293 §3.4, RFC 7323 §2), across the wrap of sequence
// numbers.
#include <gtest/gtest.h>

#include "tests/unit/filter/tcp_peers.hpp"

namespace gate41::testing {
namespace {

constexpr auto kPassed = std::nullopt;
constexpr auto kWindow = DropReason::filter_tcp_window;
constexpr uint8_t kAbsent = 0xff;

// After the handshake: next host byte 1001, next server byte 5001, both grant 1000.
Connection small_window() {
  Connection c;
  c.window = 1000;
  c.handshake();
  return c;
}

Connection scaled(uint8_t host, uint8_t server) {
  Connection c;
  c.syn_scale = {host, server};
  c.window = 1000;
  c.handshake();
  return c;
}

class WindowScale : public ::testing::TestWithParam<unsigned> {};

}  // namespace

// proves: K31
TEST(TcpWindow, IsGrantedUpToItsLastByte) {
  Connection c = small_window();
  EXPECT_EQ(c.exact(kIn, kAck, 5001, 1001, 1000), kPassed);
  Connection d = small_window();
  EXPECT_EQ(d.exact(kIn, kAck, 5001, 1001, 1001), kWindow);
  Connection e = small_window();
  EXPECT_EQ(e.exact(kIn, kAck, 6001, 1001, 1), kWindow);
}

TEST(TcpWindow, ReachesBackAsFarAsThePeerHasGranted) {
  Connection c = small_window();
  ASSERT_EQ(c.exact(kIn, kAck, 5001, 1001, 1000), kPassed);
  EXPECT_EQ(c.exact(kIn, kAck, 5001, 1001, 1), kPassed);
  EXPECT_EQ(c.exact(kIn, kAck, 5001, 1001), kPassed);
  EXPECT_EQ(c.exact(kIn, kAck, 4999, 1001, 1), kWindow);
}

TEST(TcpWindow, RefusesAnAcknowledgementOfWhatWasNotSent) {
  Connection c = small_window();
  EXPECT_EQ(c.exact(kIn, kAck, 5001, 1001), kPassed);
  EXPECT_EQ(c.exact(kIn, kAck, 5001, 1002), kWindow);
}

TEST(TcpWindow, RefusesAnAcknowledgementThatLagsTooFar) {
  Connection c = small_window();
  EXPECT_EQ(c.exact(kIn, kAck, 5001, 1001U - 66000U), kPassed);
  EXPECT_EQ(c.exact(kIn, kAck, 5001, 1001U - 66001U), kWindow);
}

TEST(TcpWindow, MovesWithTheAcknowledgement) {
  Connection c = small_window();
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(c.segment(kIn, kAck, 900), kPassed) << i;
    ASSERT_EQ(c.segment(kOut, kAck), kPassed) << i;
  }
}

TEST(TcpWindow, DoesNotShrink) {
  Connection c = small_window();
  c.window = 10;
  ASSERT_EQ(c.exact(kOut, kAck, 1001, 5001), kPassed);
  EXPECT_EQ(c.exact(kIn, kAck, 5001, 1001, 1000), kPassed);
}

// RFC 9293 §3.10.7.3: SND.WND is that of the SYN, though it acknowledges nothing.
// proves: K31
TEST(TcpWindow, IsGrantedByTheSynOfOneWhoOpensAtTheSameTime) {
  Connection c;
  c.window = 1000;
  ASSERT_EQ(c.segment(kOut, kSyn), kPassed);
  ASSERT_EQ(c.segment(kIn, kSyn), kPassed);
  ASSERT_EQ(c.exact(kOut, kSynAck, 1000, 5001), kPassed);
  c.window = 900;
  ASSERT_EQ(c.segment(kIn, kAck), kPassed);
  EXPECT_EQ(c.exact(kOut, kAck, 1001, 5001, 1001), kWindow);
  EXPECT_EQ(c.exact(kOut, kAck, 1001, 5001, 1000), kPassed);
}

TEST(TcpWindow, OfZeroMayBeProbedWithOneByte) {
  Connection c = small_window();
  ASSERT_EQ(c.segment(kIn, kAck, 1000), kPassed);
  c.window = 0;
  ASSERT_EQ(c.segment(kOut, kAck), kPassed);
  EXPECT_EQ(c.exact(kIn, kAck, 6001, 1001, 2), kWindow);
  EXPECT_EQ(c.exact(kIn, kAck, 6001, 1001, 1), kPassed);
}

TEST(TcpWindow, LetsKeepAlivesPass) {
  Connection c = small_window();
  EXPECT_EQ(c.exact(kOut, kAck, 1000, 5001), kPassed);
  EXPECT_EQ(c.exact(kOut, kAck, 1000, 5001, 1), kPassed);
  EXPECT_EQ(c.exact(kIn, kAck, 5000, 1001), kPassed);
}

// proves: K31
TEST(TcpWindow, HoldsAcrossTheWrapOfSequenceNumbers) {
  Connection c;
  c.next = {0xffffff00U, 0xffffffffU};
  c.window = 1000;
  c.handshake();
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(c.segment(kOut, kAck, 100), kPassed) << i;
    ASSERT_EQ(c.segment(kIn, kAck, 100), kPassed) << i;
  }
  EXPECT_EQ(c.exact(kIn, kAck, c.next[1], c.next[0], 1001), kWindow);
}

TEST(TcpWindow, IsNotEnforcedAfterAFragmentedSegment) {
  Connection c = small_window();
  const TcpFields fields{kAck, 5001, 1001, 1000};
  const auto first = parsed(from(kIn).fragment(0, true, 5).tcp(kServerPort, kHostPort, fields).payload(500));
  ASSERT_EQ(c.send(first, kIn), kPassed);
  EXPECT_EQ(c.exact(kOut, kAck, 1001, 5901), kPassed);  // the host has more than we saw
}

// RFC 5961 §3.2: only the number that is expected ends the connection; others in the window are challenged.
// proves: K55
TEST(TcpReset, MustBeInTheWindow) {
  for (const Direction direction : {kOut, kIn}) {
    const uint32_t next = kIsn[index_of(direction)] + 1;
    for (const auto& [sequence, passes] : {std::pair{next, true},
                                           {next + 1000, true},
                                           {next + 1001, false},
                                           {next - 1000, true},
                                           {next - 1001, false}}) {
      Connection c = small_window();
      EXPECT_EQ(c.exact(direction, kRst, sequence, 0) == kPassed, passes) << sequence;
      const FlowState state = sequence == next ? FlowState::tcp_closed : FlowState::tcp_established;
      EXPECT_EQ(c.state(), state) << sequence;
    }
  }
}

// proves: K55
TEST(TcpReset, ThatIsChallengedEndsNothing) {
  Connection c = small_window();
  ASSERT_EQ(c.exact(kIn, kRst, 5501, 0), kPassed);
  ASSERT_EQ(c.segment(kOut, kAck), kPassed);  // the challenge
  c.now += std::chrono::seconds(7440);
  EXPECT_EQ(c.segment(kIn, kAck, 10), kPassed);
}

// proves: K35
TEST(TcpReset, ThatIsNotChallengedLeavesAShortTimer) {
  Connection c = small_window();
  ASSERT_EQ(c.exact(kIn, kRst, 5501, 0), kPassed);
  c.now += std::chrono::seconds(241);
  EXPECT_EQ(c.segment(kIn, kAck, 10), DropReason::filter_unsolicited);
}

// Whoever gives up after a full window of data, the last of which was lost before it came here.
// proves: K55
TEST(TcpReset, FollowsOnDataThatWereLostBeforeTheyCameHere) {
  Connection c = small_window();
  ASSERT_EQ(c.segment(kIn, kAck, 500), kPassed);
  c.next[1] += 500;
  EXPECT_EQ(c.segment(kIn, kRst), kPassed);
}

// proves: K55
TEST(TcpReset, OutsideTheWindowIsRefusedInEveryState) {
  Connection c;
  const auto refused = [&c] { return c.exact(kIn, kRstAck, 3000000, 77); };
  c.segment(kOut, kSyn);
  EXPECT_EQ(refused(), kWindow);
  c.segment(kIn, kSynAck);
  EXPECT_EQ(refused(), kWindow);
  c.segment(kOut, kAck);
  EXPECT_EQ(refused(), kWindow);
  c.segment(kOut, kFinAck);
  EXPECT_EQ(refused(), kWindow);
  c.segment(kIn, kFinAck);
  EXPECT_EQ(refused(), kWindow);
  c.segment(kIn, kRst);
  EXPECT_EQ(refused(), kWindow);
}

// Both sides send the option: each one's windows after the handshake count in its own unit.
// proves: K31
TEST_P(WindowScale, OfTheHostGrantsTheServerItsWindow) {
  const unsigned shift = GetParam();
  Connection c = scaled(static_cast<uint8_t>(shift), 3);
  const uint32_t granted = 1000U << shift;
  EXPECT_EQ(c.exact(kIn, kAck, 5001 + granted - 500, 1001, 500), kPassed);
  Connection d = scaled(static_cast<uint8_t>(shift), 3);
  EXPECT_EQ(d.exact(kIn, kAck, 5001 + granted - 499, 1001, 500), kWindow);
}

// proves: K31
TEST_P(WindowScale, OfTheServerGrantsTheHostItsWindow) {
  const unsigned shift = GetParam();
  Connection c = scaled(3, static_cast<uint8_t>(shift));
  ASSERT_EQ(c.exact(kIn, kAck, 5001, 1001), kPassed);
  const uint32_t granted = 1000U << shift;
  EXPECT_EQ(c.exact(kOut, kAck, 1001 + granted - 500, 5001, 500), kPassed);
  Connection d = scaled(3, static_cast<uint8_t>(shift));
  ASSERT_EQ(d.exact(kIn, kAck, 5001, 1001), kPassed);
  EXPECT_EQ(d.exact(kOut, kAck, 1001 + granted - 499, 5001, 500), kWindow);
}
INSTANTIATE_TEST_SUITE_P(Shifts, WindowScale, ::testing::Range(0U, 15U));

TEST(WindowScale, DoesNotCountInTheSynItself) {
  Connection c;
  c.syn_scale = {7, 7};
  c.window = 1000;
  c.segment(kOut, kSyn);
  c.segment(kIn, kSynAck);
  EXPECT_EQ(c.exact(kOut, kAck, 1001, 5001, 1001), kWindow);  // the SYN/ACK granted 1000
  EXPECT_EQ(c.exact(kOut, kAck, 1001, 5001, 1000), kPassed);
}

TEST(WindowScale, DoesNotCountInARepeatedSyn) {
  Connection c;
  c.syn_scale = {7, 7};
  c.window = 1000;
  c.segment(kOut, kSyn);
  c.segment(kIn, kSynAck);
  c.next[1] = kIsn[1];
  c.segment(kIn, kSynAck);
  EXPECT_EQ(c.exact(kOut, kAck, 1001, 5001, 1001), kWindow);
}

TEST(WindowScale, HoldsOnlyWhereBothHaveSentIt) {
  Connection host_only = scaled(7, kAbsent);
  EXPECT_EQ(host_only.exact(kIn, kAck, 5001, 1001, 1001), kWindow);
  Connection server_only = scaled(kAbsent, 7);
  EXPECT_EQ(server_only.exact(kIn, kAck, 5001, 1001, 1001), kWindow);
}

// proves: K31
TEST(WindowScale, HoldsAfterASimultaneousOpen) {
  Connection c;
  c.syn_scale = {4, 4};
  c.window = 1000;
  c.segment(kOut, kSyn);
  c.segment(kIn, kSyn);
  c.next = {1000, 5001};
  EXPECT_EQ(c.segment(kOut, kSynAck), kPassed);
  c.next[1] = 5000;
  EXPECT_EQ(c.segment(kIn, kSynAck), kPassed);
  EXPECT_EQ(c.segment(kOut, kAck), kPassed);
  EXPECT_EQ(c.exact(kIn, kAck, 5001, 1001, 1400), kPassed);
}

}  // namespace gate41::testing
