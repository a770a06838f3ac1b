// Identifications of packets that may be fragmented (RFC 6864).
#include "dataplane/tunnel/ip_ids.hpp"

#include <gtest/gtest.h>
#include <set>

#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

const Ipv4Address kPeer = ip4("192.88.99.1");

// proves: Q4
TEST(IpIds, OneDoesNotComeAgainBefore65536Others) {
  IpIds ids{HashSecret{}};
  std::set<uint16_t> seen;
  for (unsigned i = 0; i < 65536; ++i) seen.insert(ids.draw(kPeer, i / 400).id);
  EXPECT_EQ(seen.size(), 65536U);
}

// proves: Q4
TEST(IpIds, WhatOthersGetUsesUpNoneOfAPeers) {
  IpIds ids{HashSecret{}};
  const uint16_t first = ids.draw(kPeer, 1).id;
  for (unsigned i = 0; i < 30000; ++i) ids.draw(ip4("11.0.3.99"), 1);
  EXPECT_EQ(ids.draw(kPeer, 1).id, static_cast<uint16_t>(first + 1));
}

// proves: Q4
TEST(IpIds, MoreThan500ASecondAreFast) {
  IpIds ids{HashSecret{}};
  for (unsigned i = 0; i < 500; ++i) EXPECT_FALSE(ids.draw(kPeer, 1).fast);
  EXPECT_TRUE(ids.draw(kPeer, 1).fast);
  EXPECT_TRUE(ids.draw(kPeer, 1).fast);
}

// proves: Q4
TEST(IpIds, EachSecondCountsForItself) {
  IpIds ids{HashSecret{}};
  for (unsigned i = 0; i < 501; ++i) ids.draw(kPeer, 1);
  EXPECT_FALSE(ids.draw(kPeer, 2).fast);
}

// proves: Q4
TEST(IpIds, EachPeerCountsForItself) {
  IpIds ids{HashSecret{}};
  for (unsigned i = 0; i < 501; ++i) ids.draw(kPeer, 1);
  EXPECT_FALSE(ids.draw(ip4("11.0.3.99"), 1).fast);
}

// proves: Q4
TEST(IpIds, WorkersHavePartsOfTheirOwn) {
  for (const unsigned workers : {2U, 3U, 4U}) {
    std::set<uint16_t> seen;
    for (unsigned worker = 0; worker < workers; ++worker) {
      IpIds ids(HashSecret{}, worker, workers);
      for (unsigned i = 0; i < 65536 / workers; ++i)
        EXPECT_TRUE(seen.insert(ids.draw(kPeer, 1).id).second) << "worker " << worker << " of " << workers;
    }
  }
}

// proves: Q4
TEST(IpIds, AWorkersPartComesRoundAsLateAsTheWhole) {
  IpIds ids(HashSecret{}, 1, 2);
  const uint16_t first = ids.draw(kPeer, 1).id;
  for (unsigned i = 1; i < 32768; ++i) ASSERT_NE(ids.draw(kPeer, 1).id, first);
  EXPECT_EQ(ids.draw(kPeer, 1).id, first);
  for (unsigned i = 0; i < 250; ++i) EXPECT_FALSE(ids.draw(kPeer, 2).fast);
  EXPECT_TRUE(ids.draw(kPeer, 2).fast);
}

}  // namespace
}  // namespace gate41::testing
