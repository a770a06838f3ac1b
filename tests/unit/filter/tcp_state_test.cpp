// Every cell of the table: state x side x segment. The segments are in the window, so that only the table
// decides.
#include <gtest/gtest.h>
#include <string>

#include "tests/unit/filter/tcp_peers.hpp"

namespace gate41::testing {
namespace {

enum Kind : std::size_t { syn, syn_ack, ack, fin, rst };
constexpr std::array kKindNames = {"syn", "syn_ack", "ack", "fin", "rst"};

using enum FlowState;
constexpr FlowState kNo = free;  // refused

struct StateRow {
  FlowState state;
  std::array<FlowState, 5> opener;  // the state after a syn, syn_ack, ack, fin, rst of the opener
  std::array<FlowState, 5> other;
};

// What RFC 9293 §3.5 and §3.6 allow, seen from between; written apart from the code's table.
const std::array kRows = {
    StateRow{tcp_picked_up,
             {tcp_picked_up, kNo, tcp_picked_up, tcp_picked_up, tcp_closed},
             {kNo, tcp_picked_up, tcp_established, tcp_fin_wait, tcp_closed}},
    StateRow{tcp_syn_sent,
             {tcp_syn_sent, kNo, kNo, kNo, tcp_closed},
             {tcp_syn_received, tcp_syn_received, tcp_syn_sent, kNo, tcp_closed}},
    StateRow{tcp_syn_received,
             {tcp_syn_received, tcp_established, tcp_established, tcp_fin_wait, tcp_closed},
             {tcp_syn_received, tcp_syn_received, tcp_syn_received, tcp_fin_wait, tcp_closed}},
    StateRow{tcp_established,
             {tcp_established, tcp_established, tcp_established, tcp_fin_wait, tcp_closed},
             {tcp_established, tcp_established, tcp_established, tcp_fin_wait, tcp_closed}},
    StateRow{tcp_fin_wait,  // the opener has sent its FIN
             {tcp_fin_wait, tcp_fin_wait, tcp_fin_wait, tcp_fin_wait, tcp_closed},
             {tcp_fin_wait, tcp_fin_wait, tcp_fin_wait, tcp_closing, tcp_closed}},
    StateRow{tcp_closing,
             {tcp_syn_sent, tcp_closing, tcp_closing, tcp_closing, tcp_closed},
             {kNo, tcp_closing, tcp_closing, tcp_closing, tcp_closed}},
    StateRow{tcp_closed,
             {tcp_syn_sent, kNo, tcp_closed, tcp_closed, tcp_closed},
             {kNo, kNo, tcp_closed, tcp_closed, tcp_closed}},
};

void bring_to(Connection& c, FlowState state, Direction opener) {
  const Direction other = opposite(opener);
  if (state == tcp_picked_up) {
    c.next = {kIsn[0] + 1, kIsn[1] + 1};
    c.segment(opener, kAck);
    return;
  }
  c.segment(opener, kSyn);
  if (state == tcp_syn_sent) return;
  c.segment(other, kSynAck);
  if (state == tcp_syn_received) return;
  c.segment(opener, kAck);
  if (state == tcp_closed) c.segment(opener, kRst);
  if (state == tcp_fin_wait || state == tcp_closing) c.segment(opener, kFinAck);
  if (state == tcp_closing) c.segment(other, kFinAck);
}

std::optional<DropReason> send_kind(Connection& c, Direction direction, Kind kind) {
  const uint32_t isn = kIsn[index_of(direction)];
  const uint32_t next = c.next[index_of(direction)];
  const uint32_t acknowledged = c.next[index_of(opposite(direction))];
  switch (kind) {
    case syn:
      return c.exact(direction, kSyn, isn, 0);
    case syn_ack:
      return c.exact(direction, kSynAck, isn, acknowledged);
    case ack:
      return c.exact(direction, kAck, next, acknowledged);
    case fin:
      return c.exact(direction, kFinAck, next, acknowledged);
    case rst:
      return c.exact(direction, kRstAck, next, acknowledged);
  }
  return std::nullopt;
}

void check_cell(const StateRow& row, Direction opener, Direction direction, Kind kind) {
  Connection connection;
  if (opener == kIn) connection.policy = pinhole_policy(ip_proto::kTcp, kHostPort, kHostPort);
  bring_to(connection, row.state, opener);
  ASSERT_EQ(connection.state(), row.state);
  const auto reason = send_kind(connection, direction, kind);
  FlowState expected = (direction == opener ? row.opener : row.other)[kind];
  // After the end, a SYN opens anew whoever may open: the host always, from outside by the pinhole.
  const bool ended = row.state == tcp_closing || row.state == tcp_closed;
  if (ended && kind == syn && opener == kIn) expected = tcp_syn_sent;
  EXPECT_EQ(reason.has_value(), expected == kNo);
  EXPECT_EQ(connection.state(), expected == kNo ? row.state : expected);
}

class TcpTable : public ::testing::TestWithParam<StateRow> {
 protected:
  static void check_row(Direction opener) {
    for (const Direction direction : {kOut, kIn}) {
      for (const Kind kind : {syn, syn_ack, ack, fin, rst}) {
        SCOPED_TRACE(std::string(kKindNames[kind]) +
                     (direction == opener ? " of the opener" : " of the other side"));
        check_cell(GetParam(), opener, direction, kind);
      }
    }
  }
};

class TcpPinholeTable : public TcpTable {
};  // only the LAN's connections are picked up: all rows but the first

std::string name_of_row(const ::testing::TestParamInfo<StateRow>& row) { return name_of(row.param.state); }

}  // namespace

// proves: K31 K55
TEST_P(TcpTable, HoldsForConnectionsFromTheLan) { check_row(kOut); }

// proves: K31
TEST_P(TcpPinholeTable, HoldsForConnectionsFromOutside) { check_row(kIn); }
INSTANTIATE_TEST_SUITE_P(States, TcpTable, ::testing::ValuesIn(kRows), name_of_row);
INSTANTIATE_TEST_SUITE_P(States, TcpPinholeTable, ::testing::ValuesIn(kRows.begin() + 1, kRows.end()),
                         name_of_row);

// proves: K55
TEST(TcpTable, RefusesImpossibleFlagsInEveryState) {
  for (const StateRow& row : kRows) {
    for (const auto flags : std::to_array<uint8_t>({0x00, 0x01, 0x03, 0x06, 0x07, 0x08, 0x20, 0x29, 0x3f})) {
      Connection connection;
      bring_to(connection, row.state, kOut);
      EXPECT_EQ(connection.exact(kIn, flags, connection.next[1], connection.next[0]),
                DropReason::filter_tcp_invalid)
          << name_of(row.state) << " " << int{flags};
      EXPECT_EQ(connection.state(), row.state);
    }
  }
}

}  // namespace gate41::testing
