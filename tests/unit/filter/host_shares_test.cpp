// What one LAN host may hold of the flow table.
#include "dataplane/filter/host_shares.hpp"

#include <gtest/gtest.h>

#include "tests/unit/filter/table_keys.hpp"

namespace gate41::testing {
namespace {

constexpr uint32_t kForever = 1000000;
constexpr uint32_t kLimit = 10;
constexpr MacAddress kMac{{2, 0, 0, 0, 1, 7}};
constexpr MacAddress kOtherMac{{2, 0, 0, 0, 2, 7}};

Ipv6Address host(uint32_t number) { return Ipv6Address::from_halves(0x20020b0000020001ULL, number + 1); }

// A flow of this host to one of many servers.
int32_t open(FlowTable& table, uint32_t number, const Ipv6Address& address, const MacAddress& mac,
             FlowState state, uint32_t limit = kLimit) {
  FlowKey key = key_of(number);
  key.interior = address;
  const HostShare share{mac, limit};
  const int32_t position = table.insert(key, signature_of(number), kStart, &share);
  if (position < 0) return position;
  table.entry(position).state = state;
  table.entry(position).expires = coarse_seconds(kStart) + kForever;
  table.refile(position, kStart);
  return position;
}
int32_t open_established(FlowTable& table, uint32_t number, const Ipv6Address& address,
                         const MacAddress& mac) {
  return open(table, number, address, mac, FlowState::established);
}

}  // namespace

TEST(FlowShare, IsAllThatOneAddressMayHold) {
  const auto table = make_table("address", 1000);
  for (uint32_t i = 0; i < kLimit; ++i) ASSERT_GE(open_established(*table, i, host(1), kMac), 0);
  EXPECT_EQ(open_established(*table, 100, host(1), kOtherMac), FlowTable::kOverShare);
  EXPECT_EQ(table->counts().current, kLimit);
  EXPECT_EQ(table->counts().refused, 0U);
  EXPECT_GE(open_established(*table, 101, host(2), kOtherMac), 0);
}

TEST(FlowShare, IsAllThatOneMacMayHoldUnderWhateverAddresses) {
  const auto table = make_table("mac", 1000);
  for (uint32_t i = 0; i < kLimit; ++i) ASSERT_GE(open_established(*table, i, host(i), kMac), 0);
  EXPECT_EQ(open_established(*table, 100, host(100), kMac), FlowTable::kOverShare);
  EXPECT_GE(open_established(*table, 101, host(100), kOtherMac), 0);
}

TEST(FlowShare, IsGivenBackWhenAFlowEnds) {
  const auto table = make_table("ends", 1000);
  for (uint32_t round = 0; round < 100; ++round) {
    const int32_t position = open_established(*table, round, host(round % 3), kMac);
    ASSERT_GE(position, 0) << round;
    table->erase(position);
  }
}

TEST(FlowShare, IsNotUsedUpByRefusals) {
  const auto table = make_table("refusals", 1000);
  std::vector<int32_t> positions;
  for (uint32_t i = 0; i < kLimit; ++i) positions.push_back(open_established(*table, i, host(1), kMac));
  for (uint32_t i = 0; i < 100; ++i) ASSERT_LT(open_established(*table, 100 + i, host(1), kMac), 0);
  for (const int32_t position : positions) table->erase(position);
  for (uint32_t i = 0; i < kLimit; ++i) EXPECT_GE(open_established(*table, i, host(1), kMac), 0) << i;
}

TEST(FlowShare, MakesRoomByTheHostsOwnOldestUnansweredFlow) {
  const auto table = make_table("own", 1000);
  const auto is_there = [&](uint32_t number) {
    FlowKey key = key_of(number);
    key.interior = host(1);
    const FlowKey* const pointer = &key;
    const uint32_t signature = signature_of(number);
    int32_t position = -1;
    table->lookup_bulk({&pointer, 1}, {&signature, 1}, {&position, 1});
    return position >= 0;
  };
  for (uint32_t i = 0; i < kLimit; ++i)
    ASSERT_GE(open(*table, i, host(1), kMac, i < 2 ? FlowState::established : FlowState::tcp_syn_sent), 0);
  EXPECT_GE(open(*table, 100, host(1), kMac, FlowState::tcp_syn_sent), 0);
  EXPECT_TRUE(is_there(0) && is_there(1) && is_there(3) && is_there(100));
  EXPECT_FALSE(is_there(2));
  EXPECT_EQ(table->counts().evicted, 1U);
}

TEST(FlowShare, TakesNothingOfAnotherHost) {
  const auto table = make_table("others", 1000);
  const int32_t other = open(*table, 500, host(2), kOtherMac, FlowState::tcp_syn_sent);
  for (uint32_t i = 0; i < kLimit; ++i) ASSERT_GE(open_established(*table, i, host(i), kMac), 0);
  EXPECT_EQ(open_established(*table, 100, host(100), kMac), FlowTable::kOverShare);
  EXPECT_EQ(table->entry(other).state, FlowState::tcp_syn_sent);
}

TEST(FlowShare, LooksAtABoundedNumberOfUnansweredFlows) {
  const auto table = make_table("bounded", 1000);
  for (uint32_t i = 0; i < kShareProbes; ++i)
    ASSERT_GE(open(*table, 500 + i, host(2), kOtherMac, FlowState::tcp_syn_sent), 0);
  for (uint32_t i = 0; i < kLimit; ++i) ASSERT_GE(open(*table, i, host(1), kMac, FlowState::tcp_syn_sent), 0);
  EXPECT_EQ(open(*table, 100, host(1), kMac, FlowState::tcp_syn_sent), FlowTable::kOverShare);
}

TEST(FlowShare, DoesNotCountWhatIsOpenedFromOutside) {
  const auto table = make_table("outside", 1000);
  for (uint32_t i = 0; i < 100; ++i) ASSERT_GE(table->insert(key_of(i), signature_of(i), kStart), 0);
  FlowKey key = key_of(200);
  const HostShare share{kMac, 1};
  EXPECT_GE(table->insert(key, signature_of(200), kStart, &share), 0);
}

// A spoofer's addresses fill their row; the MAC still has its account.
TEST(HostShares, CountNoMoreHoldersThanThereIsRoomFor) {
  HostShares shares(256, SOCKET_ID_ANY, {});
  uint32_t counted = 0;
  for (uint32_t i = 0; i < 10000; ++i)
    if (shares.charge(shares.hash(host(i))) != HostShares::kNobody) ++counted;
  EXPECT_GT(counted, 200U);
  EXPECT_LE(counted, 256U);
}

TEST(HostShares, TellHoldersApart) {
  HostShares shares(256, SOCKET_ID_ANY, {});
  for (uint32_t i = 0; i < 100; ++i) {
    const HostShares::Account account = shares.charge(shares.hash(host(i)));
    if (account != HostShares::kNobody) {
      EXPECT_EQ(shares.flows(account), 1U) << i;
    }
  }
  EXPECT_NE(shares.hash(kMac), shares.hash(kOtherMac));
}

TEST(HostShares, GiveAnAccountAwayOnceItIsEmpty) {
  HostShares shares(256, SOCKET_ID_ANY, {});
  for (uint32_t i = 0; i < 10000; ++i) {
    const HostShares::Account account = shares.charge(shares.hash(host(i)));
    ASSERT_NE(account, HostShares::kNobody);
    ASSERT_EQ(shares.flows(account), 1U);
    shares.discharge(account);
  }
}

}  // namespace gate41::testing
