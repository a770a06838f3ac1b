// What a policy has let in, and the next one would not (S65): it stops, whoever goes on sending.
#include <gtest/gtest.h>

#include "dataplane/net/headers.hpp"
#include "tests/unit/filter/site.hpp"

namespace gate41::testing {
namespace {

using namespace std::chrono_literals;

constexpr uint8_t kSyn = tcp_flag::kSyn, kAck = tcp_flag::kAck;
constexpr auto kBarred = DropReason::filter_flow_barred;

ParsedPacket ack(Direction direction) {
  return direction == kOut ? tcp(kOut, {kAck, 7001, 1001}) : tcp(kIn, {kAck, 1001, 7001});
}

// Open, and its pinhole is gone.
Flow barred_udp() {
  Flow flow{pinhole_policy(ip_proto::kUdp, kHostPort, kHostPort)};
  EXPECT_TRUE(flow.passes(udp(kIn), kIn));
  EXPECT_TRUE(flow.passes(udp(kOut), kOut));
  flow.change({});
  return flow;
}
Flow barred_tcp() {
  Flow flow{pinhole_policy(ip_proto::kTcp, kHostPort, kHostPort)};
  EXPECT_TRUE(flow.passes(tcp(kIn, {kSyn, 1000}), kIn));
  EXPECT_TRUE(flow.passes(tcp(kOut, {kSyn | kAck, 7000, 1001}), kOut));
  EXPECT_TRUE(flow.passes(ack(kIn), kIn));
  flow.change({});
  return flow;
}

// So often, with a pause behind each.
void expect_barred(Flow& flow, const ParsedPacket& packet, Direction direction, int times,
                   std::chrono::seconds pause) {
  for (int i = 0; i < times; ++i) {
    EXPECT_EQ(flow.send(packet, direction), kBarred);
    flow.now += pause;
  }
}

}  // namespace

// proves: S65
TEST(BarredFlow, LetsNeitherSidePass) {
  Flow datagrams = barred_udp(), connection = barred_tcp();
  for (const Direction direction : {kIn, kOut, kIn}) {
    EXPECT_EQ(datagrams.send(udp(direction), direction), kBarred);
    EXPECT_EQ(connection.send(ack(direction), direction), kBarred);
  }
}

// proves: K58
TEST(BarredFlow, IsNoConnectionToPickUpWhileTheInteriorTries) {
  Flow flow = barred_tcp();
  expect_barred(flow, ack(kOut), kOut, 40, 239s);
  flow.now += 3s;
  EXPECT_TRUE(flow.passes(ack(kOut), kOut))
      << "silent for the transitory timer, and the established one over";
}

TEST(BarredFlow, IsNotHeldByTheOutside) {
  Flow flow = barred_tcp();
  expect_barred(flow, ack(kIn), kIn, 32, 230s);
  flow.now += 100s;
  EXPECT_TRUE(flow.passes(ack(kOut), kOut));
}

TEST(BarredFlow, OfAProtocolWithoutConnectionsEndsWithItsTimer) {
  Flow flow = barred_udp();
  expect_barred(flow, udp(kOut), kOut, 3, 100s);
  flow.now += 1s;
  EXPECT_TRUE(flow.passes(udp(kOut), kOut));
}

TEST(BarredFlow, GivesWayToAConnectionThatTheInteriorOpens) {
  Flow flow = barred_tcp();
  EXPECT_EQ(flow.send(tcp(kIn, {kSyn, 9000}), kIn), DropReason::filter_unsolicited);
  EXPECT_EQ(flow.send(ack(kOut), kOut), kBarred);
  EXPECT_TRUE(flow.passes(tcp(kOut, {kSyn, 9000}), kOut));
  EXPECT_TRUE(flow.passes(tcp(kIn, {kSyn | kAck, 5, 9001}), kIn));
}

// proves: K55
TEST(BarredFlow, TellsFlagsThatNoConnectionSendsAsSuch) {
  EXPECT_EQ(barred_tcp().send(tcp(kOut, {kSyn | tcp_flag::kFin, 7001}), kOut),
            DropReason::filter_tcp_invalid);
}

TEST(BarredFlow, OfEchoesGivesWayToAPingFromInside) {
  Policy policy;
  policy.allow_echo = true;
  Flow flow{policy};
  ASSERT_TRUE(flow.passes(echo_request(kIn), kIn));
  flow.change({});
  EXPECT_EQ(flow.send(echo_request(kIn), kIn), DropReason::filter_unsolicited);
  EXPECT_EQ(flow.send(echo_reply(kOut), kOut), kBarred);
  EXPECT_TRUE(flow.passes(echo_request(kOut), kOut));
  EXPECT_TRUE(flow.passes(echo_reply(kIn), kIn));
}

TEST(BarredFlow, IsDecidedAsANewOneWhenItIsAllowedAgain) {
  Flow datagrams = barred_udp(), connection = barred_tcp();
  EXPECT_EQ(datagrams.send(udp(kIn), kIn), kBarred);
  EXPECT_EQ(connection.send(ack(kIn), kIn), kBarred);
  datagrams.change(pinhole_policy(ip_proto::kUdp, kHostPort, kHostPort));
  connection.change(pinhole_policy(ip_proto::kTcp, kHostPort, kHostPort));
  EXPECT_TRUE(datagrams.passes(udp(kIn), kIn));
  EXPECT_TRUE(connection.passes(ack(kOut), kOut));
}

}  // namespace gate41::testing
