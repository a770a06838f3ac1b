// Unsolicited advertisements of own addresses (RFC 4861 §7.2.6): whoever had the address at another MAC
// learns ours, be it that a machine was replaced or that a standby took over.
#include "tests/unit/nd/link.hpp"

namespace gate41::testing {
namespace {

Frame announcement(const Ipv6Address& address) {
  return advertisement({.ether_source = kOwn,
                        .ether_destination = mac("33:33:00:00:00:01"),
                        .source = address,
                        .destination = ip6("ff02::1"),
                        .target = address,
                        .options = tllao(kOwn),
                        .flags = kR | kO});
}

TEST(Announcement, GoesToAllAsSoonAsTheAddressIsReady) {
  Link link;
  start_probing(link);
  link.advance(999ms);
  EXPECT_TRUE(link.advertisements().empty());
  link.advance(1ms);
  EXPECT_EQ(link.advertisements(), std::vector<Frame>{announcement(kOwnGlobal)});
}

// MAX_NEIGHBOR_ADVERTISEMENT, RetransTimer
TEST(Announcement, IsRepeatedTwiceASecondApart) {
  Link link;
  start_probing(link);
  link.advance(1s + 999ms);
  EXPECT_EQ(link.advertisements().size(), 1U);
  link.advance(1ms);
  EXPECT_EQ(link.advertisements().size(), 2U);
  link.advance(1s);
  EXPECT_EQ(link.advertisements(), std::vector(3, announcement(kOwnGlobal)));
  link.advance(1h);
  EXPECT_EQ(link.advertisements().size(), 3U);
}

TEST(Announcement, EndsWithTheAddress) {
  Link link;
  start_probing(link);
  link.advance(1s);
  link.engine.remove_address(kOwnGlobal, link.now);
  link.advance(10s);
  EXPECT_EQ(link.advertisements().size(), 1U);
}

// Others have it too (H39).
TEST(Announcement, IsNotMadeOfAnAnycastAddress) {
  Link link;
  link.engine.add_address(kSubnetRouter, true, link.now);
  link.advance(10s);
  EXPECT_TRUE(link.advertisements().empty());
}

TEST(Announcement, IsNotMadeOfADuplicate) {
  Link link;
  start_probing(link);
  link.receive(claim_of_another());
  link.advance(10s);
  EXPECT_TRUE(link.advertisements().empty());
}

}  // namespace
}  // namespace gate41::testing
