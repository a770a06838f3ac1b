// K51: every timer to either side of its bound.
#include <functional>
#include <gtest/gtest.h>
#include <string>

#include "tests/unit/filter/tcp_peers.hpp"

namespace gate41::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Timer {
  std::string name;
  unsigned bound;                         // seconds idle that must not end it
  std::function<void(Connection&)> open;  // leaves the flow idle
  std::function<ParsedPacket(const Connection&)> answer;
};

// One empty chunk.
ParsedPacket sctp(Direction direction, uint32_t tag, uint8_t chunk) {
  PacketBuilder builder = from(direction);
  direction == kOut ? builder.sctp(kHostPort, kServerPort) : builder.sctp(kServerPort, kHostPort);
  return parsed(builder.set_u32(4, tag).payload(std::vector<uint8_t>{chunk, 0, 0, 4}));
}
ParsedPacket dccp(Direction direction, uint8_t type) {
  PacketBuilder builder = from(direction);
  direction == kOut ? builder.dccp(kHostPort, kServerPort) : builder.dccp(kServerPort, kHostPort);
  return parsed(builder.set_u8(8, static_cast<uint8_t>(uint32_t{type} << 1U | 1U)));
}

ParsedPacket next_ack(const Connection& c) { return tcp(kIn, {kAck, c.next[1], c.next[0], 65535}); }

const std::array kTimers = {
    Timer{"udp_opening", 300, [](Connection& c) { c.send(udp(kOut), kOut); },
          [](const Connection&) { return udp(kIn); }},
    Timer{"udp_established", 300,
          [](Connection& c) {
            c.send(udp(kOut), kOut);
            c.send(udp(kIn), kIn);
          },
          [](const Connection&) { return udp(kIn); }},
    Timer{"udp_both_ports_1024", 300, [](Connection& c) { c.send(udp(kOut, 1024, 1024), kOut); },
          [](const Connection&) { return udp(kIn, 1024, 1024); }},
    Timer{"udp_to_1023", 120, [](Connection& c) { c.send(udp(kOut, 1024, 1023), kOut); },
          [](const Connection&) { return udp(kIn, 1024, 1023); }},
    Timer{"udp_from_1023", 120, [](Connection& c) { c.send(udp(kOut, 1023, 1024), kOut); },
          [](const Connection&) { return udp(kIn, 1023, 1024); }},
    Timer{"udp_lite", 300,
          [](Connection& c) { c.send(parsed(from(kOut).udp_lite(kHostPort, kServerPort).payload(8)), kOut); },
          [](const Connection&) { return parsed(from(kIn).udp_lite(kServerPort, kHostPort).payload(8)); }},
    Timer{"echo", 60, [](Connection& c) { c.send(echo_request(kOut), kOut); },
          [](const Connection&) { return echo_reply(kIn); }},
    Timer{"generic", 300, [](Connection& c) { c.send(esp(kOut), kOut); },
          [](const Connection&) { return esp(kIn); }},
    Timer{"sctp_opening", 240, [](Connection& c) { c.send(sctp(kOut, 9, 0), kOut); },
          [](const Connection&) { return sctp(kIn, 7, 3); }},
    Timer{"sctp_established", 7440,
          [](Connection& c) {
            c.send(sctp(kOut, 9, 0), kOut);
            c.send(sctp(kIn, 7, 3), kIn);
          },
          [](const Connection&) { return sctp(kIn, 7, 3); }},
    Timer{"sctp_closing", 240,
          [](Connection& c) {
            c.send(sctp(kOut, 9, 0), kOut);
            c.send(sctp(kIn, 7, 3), kIn);
            c.send(sctp(kOut, 9, 7), kOut);
          },
          [](const Connection&) { return sctp(kIn, 7, 8); }},
    Timer{"dccp_opening", 480, [](Connection& c) { c.send(dccp(kOut, 0), kOut); },
          [](const Connection&) { return dccp(kIn, 1); }},
    Timer{"dccp_established", 7440,
          [](Connection& c) {
            c.send(dccp(kOut, 2), kOut);
            c.send(dccp(kIn, 2), kIn);
          },
          [](const Connection&) { return dccp(kIn, 2); }},
    Timer{"dccp_closed", 480,
          [](Connection& c) {
            c.send(dccp(kOut, 2), kOut);
            c.send(dccp(kIn, 7), kIn);
          },
          [](const Connection&) { return dccp(kIn, 7); }},
    Timer{"tcp_syn_sent", 240, [](Connection& c) { c.segment(kOut, kSyn); },
          [](const Connection& c) {
            return tcp(kIn, {kSynAck, c.next[1], c.next[0], 65535});
          }},
    Timer{"tcp_syn_received", 240,
          [](Connection& c) {
            c.segment(kOut, kSyn);
            c.segment(kIn, kSynAck);
          },
          next_ack},
    Timer{"tcp_picked_up", 240, [](Connection& c) { c.segment(kOut, kAck, 10); }, next_ack},
    Timer{"tcp_established", 7440, [](Connection& c) { c.handshake(); }, next_ack},
    Timer{"tcp_fin_wait", 7440,
          [](Connection& c) {
            c.handshake();
            c.segment(kOut, kFinAck);
          },
          next_ack},
    Timer{"tcp_closing", 240,
          [](Connection& c) {
            c.handshake();
            c.segment(kOut, kFinAck);
            c.segment(kIn, kFinAck);
          },
          next_ack},
    Timer{"tcp_closed", 240,
          [](Connection& c) {
            c.handshake();
            c.segment(kIn, kRst);
          },
          next_ack},
};

class FlowTimer : public ::testing::TestWithParam<Timer> {};

bool lives_after(const Timer& timer, Duration opened_at, Duration idle) {
  Connection connection;
  connection.now = kStart + opened_at;
  timer.open(connection);
  connection.now += idle;
  return connection.passes(timer.answer(connection), kIn);
}

}  // namespace

// proves: K12 K14 K15 K35 K40 K44 K51
TEST_P(FlowTimer, KeepsTheFlowUpToItsBound) {
  EXPECT_TRUE(lives_after(GetParam(), seconds(0), seconds(GetParam().bound)));
}

// proves: K12 K14 K35 K40 K44 K51
TEST_P(FlowTimer, IsNotCutShortByTheSecondsOfTheClock) {
  EXPECT_TRUE(lives_after(GetParam(), milliseconds(999), seconds(GetParam().bound)));
}

// proves: K51
TEST_P(FlowTimer, EndsTheFlowASecondLater) {
  EXPECT_FALSE(lives_after(GetParam(), seconds(0), seconds(GetParam().bound + 1)));
}
INSTANTIATE_TEST_SUITE_P(K51, FlowTimer, ::testing::ValuesIn(kTimers),
                         [](const auto& test) { return test.param.name; });

// proves: K51
TEST(FlowTimer, OfAnEstablishedFlowStartsAnewWithInboundPackets) {
  Connection connection;
  connection.handshake();
  connection.now += seconds(7000);
  ASSERT_EQ(connection.segment(kIn, kAck), std::nullopt);
  connection.now += seconds(7000);
  EXPECT_EQ(connection.segment(kIn, kAck), std::nullopt);
}

TEST(FlowTimer, IsTheOneOfThePolicy) {
  Flow flow;
  flow.policy.timeouts.udp = 130;
  ASSERT_TRUE(flow.passes(udp(kOut), kOut));
  flow.now += seconds(131);
  EXPECT_FALSE(flow.passes(udp(kIn), kIn));
}

TEST(FlowTimer, OfAClosedConnectionIsNotStartedAnew) {
  Connection connection;
  connection.handshake();
  ASSERT_EQ(connection.segment(kIn, kRst), std::nullopt);
  connection.now += seconds(200);
  ASSERT_EQ(connection.segment(kIn, kAck), std::nullopt);
  connection.now += seconds(41);
  EXPECT_EQ(connection.segment(kIn, kAck), DropReason::filter_unsolicited);
}

// proves: K51
TEST(ExpiredFlow, IsDecidedAnew) {
  Flow flow;
  ASSERT_TRUE(flow.passes(udp(kOut), kOut));
  flow.now += seconds(301);
  EXPECT_EQ(flow.send(udp(kIn), kIn), DropReason::filter_unsolicited);
  EXPECT_TRUE(flow.passes(udp(kOut), kOut));
  EXPECT_TRUE(flow.passes(udp(kIn), kIn));
}

}  // namespace gate41::testing
