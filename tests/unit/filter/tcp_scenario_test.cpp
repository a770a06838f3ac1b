// Whole connections (RFC 9293 §3.5 and §3.6, figures 6..13), each segment as a host would send it.
#include <gtest/gtest.h>

#include "tests/unit/filter/tcp_peers.hpp"

namespace gate41::testing {
namespace {

constexpr auto kPassed = std::nullopt;
constexpr auto kWindow = DropReason::filter_tcp_window;

}  // namespace

// proves: K31 S65
TEST(TcpConnection, OpensTransfersAndCloses) {
  Connection c;
  EXPECT_EQ(c.segment(kOut, kSyn), kPassed);
  EXPECT_EQ(c.segment(kIn, kSynAck), kPassed);
  EXPECT_EQ(c.segment(kOut, kAck), kPassed);
  EXPECT_EQ(c.segment(kOut, kAck, 400), kPassed);
  EXPECT_EQ(c.segment(kIn, kAck, 1200), kPassed);
  EXPECT_EQ(c.state(), FlowState::tcp_established);
  EXPECT_EQ(c.segment(kOut, kFinAck), kPassed);
  EXPECT_EQ(c.segment(kIn, kAck, 1200), kPassed);  // half-closed: data still comes
  EXPECT_EQ(c.state(), FlowState::tcp_fin_wait);
  EXPECT_EQ(c.segment(kIn, kFinAck), kPassed);
  EXPECT_EQ(c.segment(kOut, kAck), kPassed);
  EXPECT_EQ(c.state(), FlowState::tcp_closing);
}

// proves: K31
TEST(TcpConnection, OpensFromBothSidesAtOnce) {
  Connection c;
  EXPECT_EQ(c.segment(kOut, kSyn), kPassed);
  EXPECT_EQ(c.segment(kIn, kSyn), kPassed);
  EXPECT_EQ(c.exact(kOut, kSynAck, 1000, 5001), kPassed);
  EXPECT_EQ(c.exact(kIn, kSynAck, 5000, 1001), kPassed);
  EXPECT_EQ(c.state(), FlowState::tcp_established);
  EXPECT_EQ(c.segment(kIn, kAck, 100), kPassed);
  EXPECT_EQ(c.segment(kOut, kAck, 100), kPassed);
}

// proves: K31
TEST(TcpConnection, OpensFromBothSidesThoughSegmentsAreLost) {
  Connection c;
  EXPECT_EQ(c.segment(kOut, kSyn), kPassed);
  EXPECT_EQ(c.segment(kIn, kSyn), kPassed);
  EXPECT_EQ(c.exact(kOut, kSynAck, 1000, 5001), kPassed);
  EXPECT_EQ(c.exact(kIn, kSyn, 5000, 0), kPassed);  // our SYN/ACK did not arrive
  EXPECT_EQ(c.exact(kOut, kSynAck, 1000, 5001), kPassed);
  EXPECT_EQ(c.exact(kIn, kSynAck, 5000, 1001), kPassed);
  EXPECT_EQ(c.segment(kIn, kAck, 10), kPassed);
}

// proves: K31
TEST(TcpConnection, ClosesFromBothSidesAtOnce) {
  Connection c;
  c.handshake();
  EXPECT_EQ(c.exact(kOut, kFinAck, 1001, 5001), kPassed);
  EXPECT_EQ(c.exact(kIn, kFinAck, 5001, 1001), kPassed);
  EXPECT_EQ(c.exact(kOut, kAck, 1002, 5002), kPassed);
  EXPECT_EQ(c.exact(kIn, kAck, 5002, 1002), kPassed);
  EXPECT_EQ(c.state(), FlowState::tcp_closing);
}

// proves: K31
TEST(TcpConnection, SurvivesRetransmissionsOfEverySegment) {
  Connection c;
  for (int i = 0; i < 2; ++i) EXPECT_EQ(c.exact(kOut, kSyn, 1000, 0), kPassed);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(c.exact(kIn, kSynAck, 5000, 1001), kPassed);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(c.exact(kOut, kAck, 1001, 5001), kPassed);
  EXPECT_EQ(c.exact(kIn, kSynAck, 5000, 1001), kPassed);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(c.exact(kOut, kAck, 1001, 5001, 1000), kPassed);
  EXPECT_EQ(c.exact(kOut, kAck, 1001, 5001, 500), kPassed);  // in other pieces
  for (int i = 0; i < 2; ++i) EXPECT_EQ(c.exact(kIn, kFinAck, 5001, 2001), kPassed);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(c.exact(kOut, kFinAck, 2001, 5002), kPassed);
  EXPECT_EQ(c.state(), FlowState::tcp_closing);
  EXPECT_EQ(c.exact(kIn, kAck, 5002, 2002), kPassed);
}

// RFC 9293 figure 8: the server answers an old duplicate of the SYN, the host resets that, and the true SYN
// goes on. proves: K31
TEST(TcpConnection, RecoversFromAnOldDuplicateSyn) {
  Connection c;
  EXPECT_EQ(c.exact(kOut, kSyn, 1000, 0), kPassed);
  EXPECT_EQ(c.exact(kIn, kSynAck, 3000, 901), kPassed);
  EXPECT_EQ(c.exact(kOut, kRst, 901, 0), kPassed);
  EXPECT_EQ(c.state(), FlowState::tcp_syn_sent);
  EXPECT_EQ(c.exact(kIn, kSynAck, 4000, 1001), kPassed);
  EXPECT_EQ(c.exact(kOut, kAck, 1001, 4001), kPassed);
  EXPECT_EQ(c.state(), FlowState::tcp_established);
}

// RFC 9293 figure 9: the host has lost its state, the server still has the old connection.
// proves: K31
TEST(TcpConnection, BeginsAgainWhereTheServerStillHasTheOldOne) {
  Connection c;
  EXPECT_EQ(c.exact(kOut, kSyn, 9000, 0), kPassed);
  EXPECT_EQ(c.exact(kIn, kAck, 7000, 300), kPassed);
  EXPECT_EQ(c.exact(kOut, kRst, 300, 0), kPassed);
  EXPECT_EQ(c.exact(kOut, kSyn, 9000, 0), kPassed);
  EXPECT_EQ(c.exact(kIn, kSynAck, 8000, 9001), kPassed);
  EXPECT_EQ(c.exact(kOut, kAck, 9001, 8001), kPassed);
  EXPECT_EQ(c.state(), FlowState::tcp_established);
}

// The same, where we know the old connection too (RFC 5961 §4.2).
// proves: K31
TEST(TcpConnection, BeginsAgainOverAnEstablishedOne) {
  Connection c;
  c.handshake();
  EXPECT_EQ(c.exact(kOut, kSyn, 900000, 0), kPassed);
  EXPECT_EQ(c.state(), FlowState::tcp_established);
  EXPECT_EQ(c.exact(kIn, kAck, 5001, 1001), kPassed);
  EXPECT_EQ(c.exact(kOut, kRst, 1001, 0), kPassed);
  EXPECT_EQ(c.exact(kOut, kSyn, 900000, 0), kPassed);
  EXPECT_EQ(c.exact(kIn, kSynAck, 700000, 900001), kPassed);
  EXPECT_EQ(c.exact(kOut, kAck, 900001, 700001), kPassed);
  EXPECT_EQ(c.state(), FlowState::tcp_established);
}

// proves: K31
TEST(TcpConnection, BeginsAgainWhereTheServerHasForgottenIt) {
  Connection c;
  c.handshake();
  EXPECT_EQ(c.exact(kOut, kSyn, 900000, 0), kPassed);
  EXPECT_EQ(c.exact(kIn, kSynAck, 700000, 900001), kPassed);
  EXPECT_EQ(c.exact(kOut, kAck, 900001, 700001), kPassed);
  EXPECT_EQ(c.state(), FlowState::tcp_established);
}

// Also when the new numbers are so near the old ones that they are in the old window.
// proves: K31
TEST(TcpConnection, BeginsAgainWithNumbersNearTheOldOnes) {
  Connection c;
  c.syn_scale = {7, 2};
  c.window = 500;
  c.handshake();
  EXPECT_EQ(c.exact(kOut, kSyn, 400, 0), kPassed);
  EXPECT_EQ(c.exact(kIn, kSynAck, 4800, 401), kPassed);
  EXPECT_EQ(c.exact(kOut, kAck, 401, 4801), kPassed);
  EXPECT_EQ(c.exact(kOut, kAck, 401, 4801, 100), kPassed);
  EXPECT_EQ(c.exact(kIn, kAck, 4801, 501, 100), kPassed);
}

// Of its SYN we no longer know by how much it shifts its windows, also when the SYN/ACK is sent again.
// proves: K32
TEST(TcpConnection, ThatBeginsAgainHasNoWindowsThatWeKnow) {
  Connection c;
  c.syn_scale = {7, 7};
  c.window = 1000;
  c.handshake();
  c.next = {900000, 700000};
  EXPECT_EQ(c.segment(kOut, kSyn), kPassed);
  EXPECT_EQ(c.segment(kIn, kSynAck), kPassed);
  c.next[1] = 700000;
  EXPECT_EQ(c.segment(kIn, kSynAck), kPassed);
  EXPECT_EQ(c.segment(kOut, kAck), kPassed);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(c.segment(kIn, kAck, 1000), kPassed) << i;
}

// The SYN/ACK is lost behind the filter: SYN and SYN/ACK once more are no new connection.
// proves: K31 K32
TEST(TcpConnection, KeepsItsWindowsThoughTheHandshakeIsSentAgain) {
  Connection c;
  c.window = 1000;
  EXPECT_EQ(c.segment(kOut, kSyn), kPassed);
  EXPECT_EQ(c.segment(kIn, kSynAck), kPassed);
  EXPECT_EQ(c.exact(kOut, kSyn, 1000, 0), kPassed);
  EXPECT_EQ(c.exact(kIn, kSynAck, 5000, 1001), kPassed);
  EXPECT_EQ(c.segment(kOut, kAck), kPassed);
  EXPECT_EQ(c.exact(kIn, kAck, 5001, 1001, 1001), kWindow);
}

// proves: K55
TEST(TcpConnection, LetsTheServerRefuseANewSynOverAnEstablishedOne) {
  Connection c;
  c.window = 1000;  // sequence 0 is outside
  c.handshake();
  EXPECT_EQ(c.exact(kOut, kSyn, 900000, 0), kPassed);
  EXPECT_EQ(c.exact(kIn, kRstAck, 0, 900002), kWindow);
  EXPECT_EQ(c.exact(kIn, kRstAck, 0, 900001), kPassed);
  EXPECT_EQ(c.state(), FlowState::tcp_closed);
}

TEST(TcpConnection, IsNotDisturbedByAForeignSyn) {
  Connection c;
  c.handshake();
  EXPECT_EQ(c.exact(kIn, kSyn, 900000, 0), kWindow);
  EXPECT_EQ(c.exact(kIn, kSynAck, 900000, 77), kWindow);
  EXPECT_EQ(c.segment(kIn, kAck, 10), kPassed);
}

TEST(TcpConnection, ThroughAPinholeIsNotEndedByAForeignSyn) {
  Connection c;
  c.policy = pinhole_policy(ip_proto::kTcp, 0, 0xffff);
  c.handshake(kIn);
  EXPECT_EQ(c.exact(kIn, kSyn, 900000, 0), kPassed);  // the host answers as RFC 5961 says
  EXPECT_EQ(c.segment(kOut, kAck, 10), kPassed);
  EXPECT_EQ(c.segment(kIn, kAck, 10), kPassed);
  EXPECT_EQ(c.state(), FlowState::tcp_established);
}

TEST(TcpConnection, IsRefusedByTheServer) {
  Connection c;
  c.segment(kOut, kSyn);
  EXPECT_EQ(c.exact(kIn, kRstAck, 0, 1001), kPassed);
  EXPECT_EQ(c.state(), FlowState::tcp_closed);
}

// proves: K55
TEST(TcpConnection, IsNotRefusedByOneWhoDoesNotKnowTheSyn) {
  Connection c;
  c.segment(kOut, kSyn);
  EXPECT_EQ(c.exact(kIn, kRstAck, 0, 1000), kWindow);
  EXPECT_EQ(c.exact(kIn, kRstAck, 0, 1002), kWindow);
  EXPECT_EQ(c.exact(kIn, kRst, 5000, 0), kWindow);
  EXPECT_EQ(c.state(), FlowState::tcp_syn_sent);
}

TEST(TcpConnection, OpensWithDataInTheSyn) {
  Connection c;
  EXPECT_EQ(c.exact(kOut, kSyn, 1000, 0, 100), kPassed);  // RFC 7413
  EXPECT_EQ(c.exact(kIn, kSynAck, 5000, 1001), kPassed);  // the server took none of it
  EXPECT_EQ(c.exact(kOut, kAck, 1001, 5001, 100), kPassed);
  EXPECT_EQ(c.state(), FlowState::tcp_established);
}

TEST(TcpConnection, LetsDataComeBeforeTheHandshakesEnd) {
  Connection c;
  EXPECT_EQ(c.exact(kOut, kSyn, 1000, 0, 100), kPassed);
  EXPECT_EQ(c.exact(kIn, kSynAck, 5000, 1101), kPassed);
  EXPECT_EQ(c.exact(kIn, kAck, 5001, 1101, 1200), kPassed);
  EXPECT_EQ(c.exact(kIn, kAck, 6201, 1101, 1200), kPassed);
  EXPECT_EQ(c.exact(kOut, kAck, 1101, 7401), kPassed);
}

TEST(TcpConnection, OpensAnewOnThePortsOfAClosedOne) {
  Connection c;
  c.handshake();
  c.segment(kOut, kFinAck);
  c.segment(kIn, kFinAck);
  EXPECT_EQ(c.exact(kOut, kSyn, 20000, 0), kPassed);
  EXPECT_EQ(c.state(), FlowState::tcp_syn_sent);
  EXPECT_EQ(c.exact(kIn, kSynAck, 30000, 20001), kPassed);
  EXPECT_EQ(c.exact(kOut, kAck, 20001, 30001), kPassed);
  EXPECT_EQ(c.state(), FlowState::tcp_established);
}

// proves: S65
TEST(TcpConnection, ThatHasEndedLetsNoSynIn) {
  Connection c;
  c.handshake();
  c.segment(kOut, kRst);
  EXPECT_EQ(c.exact(kIn, kSyn, 30000, 0), DropReason::filter_unsolicited);
  EXPECT_EQ(c.state(), FlowState::tcp_closed);
}

// proves: K58 K32
TEST(TcpConnection, IsPickedUpFromTheLan) {
  Connection c;
  EXPECT_EQ(c.exact(kOut, kAck, 1000, 5000, 100), kPassed);
  EXPECT_EQ(c.state(), FlowState::tcp_picked_up);
  EXPECT_EQ(c.exact(kIn, kAck, 5000, 1100, 1200), kPassed);
  EXPECT_EQ(c.state(), FlowState::tcp_established);
  EXPECT_EQ(c.exact(kIn, kAck, 500000, 1100, 1200), kPassed);  // a scaled window: unknown, so not enforced
  EXPECT_EQ(c.exact(kOut, kFinAck, 1100, 501200), kPassed);
  EXPECT_EQ(c.exact(kIn, kFinAck, 501200, 1101), kPassed);
  EXPECT_EQ(c.state(), FlowState::tcp_closing);
}

// proves: K58
TEST(TcpConnection, ThatWasPickedUpAtItsEndCloses) {
  Connection c;
  EXPECT_EQ(c.exact(kOut, kAck, 1000, 5000), kPassed);
  EXPECT_EQ(c.exact(kOut, kFinAck, 1000, 5000), kPassed);
  EXPECT_EQ(c.exact(kIn, kAck, 5000, 1001), kPassed);
  EXPECT_EQ(c.exact(kIn, kFinAck, 5000, 1001), kPassed);
  EXPECT_EQ(c.state(), FlowState::tcp_closing);
}

// proves: K55
TEST(TcpConnection, ThatWasPickedUpIsResetInItsUnscaledWindowOnly) {
  for (const auto& [sequence, passes] : {std::pair{6199U, true},
                                         {6200U, true},
                                         {6201U + 65535U, false},
                                         {6200U - 65536U, false},
                                         {900000U, false}}) {
    Connection c;
    c.exact(kOut, kAck, 1000, 5000, 100);
    c.exact(kIn, kAck, 5000, 1100, 1200);
    EXPECT_EQ(!c.exact(kIn, kRst, sequence, 0).has_value(), passes) << sequence;
  }
}

}  // namespace gate41::testing
