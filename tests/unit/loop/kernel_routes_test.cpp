// What the kernel's messages about routes come to, message by message.
#include "control/loop/kernel_routes.hpp"

#include <array>
#include <gtest/gtest.h>
#include <linux/rtnetlink.h>
#include <map>
#include <sys/socket.h>

#include "control/loop/netlink_socket.hpp"

namespace gate41::testing {
namespace {

using loop::KernelRoutes;
using Changes = std::vector<KernelRoutes::Change>;

constexpr uint32_t kNative = 7;
constexpr uint32_t kOther = 8;
constexpr uint32_t kDump = 41;

Ipv6Prefix prefix(const char* text) { return Ipv6Prefix::parse(text).value(); }
Ipv6Address address(const char* text) { return Ipv6Address::parse(text).value(); }
RouteTarget via(const char* next_hop) { return {RouteTarget::Kind::via, address(next_hop)}; }
const RouteTarget kGone{};
const RouteTarget kOnLink{RouteTarget::Kind::on_link, {}};
const RouteTarget kUnreachable{RouteTarget::Kind::unreachable, {}};

// A route message, with what most have: of BIRD (12), in the main table, by the native interface.
struct Said {
  const char* destination;
  const char* gateway = "fe80::1";  // nullptr: none
  uint32_t oif = kNative;
  uint32_t metric = 32;
  uint8_t protocol = 12;
  uint8_t type = RTN_UNICAST;
  uint8_t table = RT_TABLE_MAIN;
  int flags = 0;
  uint32_t sequence = 0;
};

class KernelRoutesTest : public ::testing::Test {
 protected:
  void say(uint16_t type, const Said& said) {
    const Ipv6Prefix destination = prefix(said.destination);
    rtmsg header{};
    header.rtm_family = AF_INET6;
    header.rtm_dst_len = destination.length;
    header.rtm_table = said.table;
    header.rtm_protocol = said.protocol;
    header.rtm_type = said.type;
    loop::NetlinkRequest message(type, said.flags, header);
    if (destination.length > 0) message.put(RTA_DST, destination.address);
    message.put(RTA_OIF, said.oif).put(RTA_PRIORITY, said.metric);
    if (said.gateway != nullptr) message.put(RTA_GATEWAY, address(said.gateway));
    message.message().nlmsg_seq = said.sequence;
    routes_.on_message(message.message());
  }
  void added(const Said& said) { say(RTM_NEWROUTE, said); }
  void removed(const Said& said) { say(RTM_DELROUTE, said); }

  // One route with several next hops.
  void several(uint16_t type, const char* destination,
               const std::vector<std::pair<uint32_t, const char*>>& hops) {
    rtmsg header{};
    header.rtm_family = AF_INET6;
    header.rtm_dst_len = prefix(destination).length;
    header.rtm_table = RT_TABLE_MAIN;
    header.rtm_protocol = 12;
    header.rtm_type = RTN_UNICAST;
    std::vector<uint8_t> bytes;
    for (const auto& [oif, gateway] : hops) {
      struct {
        rtnexthop hop;
        nlattr attribute;
        std::array<uint8_t, 16> gateway;
      } one{};
      one.hop.rtnh_len = sizeof one;
      one.hop.rtnh_ifindex = static_cast<int>(oif);
      one.attribute = {sizeof(nlattr) + 16, RTA_GATEWAY};
      one.gateway = address(gateway).bytes;
      const auto* start = reinterpret_cast<const uint8_t*>(&one);
      bytes.insert(bytes.end(), start, start + sizeof one);
    }
    loop::NetlinkRequest message(type, 0, header);
    message.put(RTA_DST, prefix(destination).address).put(RTA_PRIORITY, uint32_t{32});
    message.put_bytes(RTA_MULTIPATH, bytes.data(), bytes.size());
    routes_.on_message(message.message());
  }
  void dump_ends(int flags = 0) {
    loop::NetlinkRequest message(NLMSG_DONE, flags, int32_t{0});
    message.message().nlmsg_seq = kDump;
    routes_.on_message(message.message());
  }
  void expect_changes(const Changes& expected) { EXPECT_EQ(routes_.take_changes(), expected); }

  KernelRoutes routes_{kNative, 4};
};

}  // namespace

TEST_F(KernelRoutesTest, TellARouteThatComesAndGoes) {
  added({"2600:42::/32"});
  removed({"2600:42::/32"});
  expect_changes({{prefix("2600:42::/32"), via("fe80::1")}, {prefix("2600:42::/32"), kGone}});
}

TEST_F(KernelRoutesTest, KnowTheDefaultRoute) {
  added({"::/0"});
  expect_changes({{prefix("::/0"), via("fe80::1")}});
}

TEST_F(KernelRoutesTest, TellNothingTwice) {
  added({"2600:42::/32"});
  added({"2600:42::/32"});
  removed({"2600:43::/32"});
  expect_changes({{prefix("2600:42::/32"), via("fe80::1")}});
}

TEST_F(KernelRoutesTest, WithoutGatewayAreOnLink) {
  added({"2600:42::/64", nullptr});
  expect_changes({{prefix("2600:42::/64"), kOnLink}});
}

TEST_F(KernelRoutesTest, ThatSayUnreachableCountWithoutInterface) {
  added({.destination = "2600:42::/32", .gateway = nullptr, .oif = 1, .type = RTN_UNREACHABLE});
  expect_changes({{prefix("2600:42::/32"), kUnreachable}});
}

// proves: A14 A16 B10
TEST_F(KernelRoutesTest, TheTunnelsSpaceIsNobodyElses) {
  added({"2002::/16"});
  added({"2002:b00:1::/48"});
  expect_changes({});
}

TEST_F(KernelRoutesTest, OfTheKernelAndOurOwnAreNotTaken) {
  for (const int protocol : {RTPROT_KERNEL, RTPROT_RA, RTPROT_REDIRECT, 41, 141})
    added({.destination = "2600:42::/32", .protocol = static_cast<uint8_t>(protocol)});
  expect_changes({});
}

TEST_F(KernelRoutesTest, OfOtherInterfacesAndTablesAreNotTaken) {
  added({.destination = "2600:42::/32", .oif = kOther});
  added({.destination = "2600:42::/32", .table = RT_TABLE_LOCAL});
  added({.destination = "fe80::/64", .gateway = nullptr});
  added({.destination = "ff00::/8", .gateway = nullptr});
  expect_changes({});
}

TEST_F(KernelRoutesTest, TheLowestMetricWins) {
  added({.destination = "2600:42::/32", .gateway = "fe80::2", .metric = 64});
  added({.destination = "2600:42::/32", .gateway = "fe80::1", .metric = 32});
  removed({.destination = "2600:42::/32", .gateway = "fe80::1", .metric = 32});
  expect_changes({{prefix("2600:42::/32"), via("fe80::2")},
                  {prefix("2600:42::/32"), via("fe80::1")},
                  {prefix("2600:42::/32"), via("fe80::2")}});
}

TEST_F(KernelRoutesTest, AReplacementIsOneChange) {
  added({"2600:42::/32", "fe80::1"});
  added({.destination = "2600:42::/32", .gateway = "fe80::2", .flags = NLM_F_REPLACE});
  expect_changes({{prefix("2600:42::/32"), via("fe80::1")}, {prefix("2600:42::/32"), via("fe80::2")}});
}

TEST_F(KernelRoutesTest, AReplacementCanLeadElsewhere) {
  added({"2600:42::/32", "fe80::1"});
  added({.destination = "2600:42::/32", .oif = kOther, .flags = NLM_F_REPLACE});
  expect_changes({{prefix("2600:42::/32"), via("fe80::1")}, {prefix("2600:42::/32"), kGone}});
}

TEST_F(KernelRoutesTest, OfSeveralNextHopsOneByTheInterfaceIsUsed) {
  several(RTM_NEWROUTE, "2600:42::/32", {{kOther, "fe80::9"}, {kNative, "fe80::1"}, {kNative, "fe80::2"}});
  removed({"2600:42::/32", "fe80::1"});
  several(RTM_DELROUTE, "2600:42::/32", {{kOther, "fe80::9"}, {kNative, "fe80::2"}});
  expect_changes({{prefix("2600:42::/32"), via("fe80::1")},
                  {prefix("2600:42::/32"), via("fe80::2")},
                  {prefix("2600:42::/32"), kGone}});
}

TEST_F(KernelRoutesTest, AreAskedForAtTheStart) {
  EXPECT_TRUE(routes_.wants_dump());
  routes_.begin_dump(kDump);
  EXPECT_FALSE(routes_.wants_dump());
  EXPECT_FALSE(routes_.complete());
  dump_ends();
  EXPECT_TRUE(routes_.complete());
}

// What was lost may have been a withdrawal.
TEST_F(KernelRoutesTest, AfterALossWhatIsNotToldAgainHasGone) {
  routes_.begin_dump(kDump);
  added({"2600:42::/32"});
  added({"2600:43::/32"});
  dump_ends();
  (void)routes_.take_changes();
  routes_.on_loss();
  EXPECT_TRUE(routes_.wants_dump());
  routes_.begin_dump(kDump);
  added({.destination = "2600:43::/32", .sequence = kDump});
  expect_changes({});  // until all are told
  dump_ends();
  expect_changes({{prefix("2600:42::/32"), kGone}});
}

// Linux tells the rest of its table from a number of entries on, without a flag.
TEST_F(KernelRoutesTest, ADumpWithARemovalUnderItTakesNothingAwayAndIsAskedForAgain) {
  added({"2600:42::/32"});
  (void)routes_.take_changes();
  routes_.begin_dump(kDump);
  removed({.destination = "2600:99::/32", .oif = kOther});
  dump_ends();
  expect_changes({});
  EXPECT_TRUE(routes_.wants_dump());
  EXPECT_FALSE(routes_.complete());
}

TEST_F(KernelRoutesTest, WhatOneOfSeveralInterruptedDumpsHasToldStays) {
  added({"2600:42::/32"});
  added({"2600:43::/32"});
  (void)routes_.take_changes();
  routes_.begin_dump(kDump);
  added({"2600:42::/32"});
  dump_ends(NLM_F_DUMP_INTR);
  routes_.begin_dump(kDump);
  dump_ends();
  expect_changes({{prefix("2600:43::/32"), kGone}});
  EXPECT_TRUE(routes_.complete());
}

TEST_F(KernelRoutesTest, InterruptedDumpsComeToAnEnd) {
  added({"2600:42::/32"});
  (void)routes_.take_changes();
  for (unsigned i = 0; i < KernelRoutes::kMaxTries; ++i) {
    ASSERT_TRUE(routes_.wants_dump());
    routes_.begin_dump(kDump);
    dump_ends(NLM_F_DUMP_INTR);
  }
  expect_changes({{prefix("2600:42::/32"), kGone}});
  EXPECT_FALSE(routes_.wants_dump());
}

TEST_F(KernelRoutesTest, AnInterruptedDumpTakesNothingAwayAndIsAskedForAgain) {
  added({"2600:42::/32"});
  (void)routes_.take_changes();
  routes_.begin_dump(kDump);
  dump_ends(NLM_F_DUMP_INTR);
  expect_changes({});
  EXPECT_TRUE(routes_.wants_dump());
}

TEST_F(KernelRoutesTest, ALossWithinADumpMakesItWorthless) {
  added({"2600:42::/32"});
  (void)routes_.take_changes();
  routes_.begin_dump(kDump);
  routes_.on_loss();
  dump_ends();
  expect_changes({});
  EXPECT_TRUE(routes_.wants_dump());
}

TEST_F(KernelRoutesTest, MoreThanThereIsRoomForAreRefusedUntilThereIs) {
  routes_.begin_dump(kDump);
  const char* const five[] = {"2600:1::/32", "2600:2::/32", "2600:3::/32", "2600:4::/32", "2600:5::/32"};
  for (const char* destination : five) added({destination});
  dump_ends();
  EXPECT_EQ(routes_.take_changes().size(), 4U);
  EXPECT_EQ(routes_.refused(), 1U);
  EXPECT_FALSE(routes_.wants_dump());
  EXPECT_FALSE(routes_.complete());
  removed({five[0]});
  EXPECT_TRUE(routes_.wants_dump());
}

TEST_F(KernelRoutesTest, AMessageThatIsCutShortSaysNothing) {
  loop::NetlinkRequest message(RTM_NEWROUTE, 0, uint32_t{0});
  routes_.on_message(message.message());
  expect_changes({});
}

}  // namespace gate41::testing
