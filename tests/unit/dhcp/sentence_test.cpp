// What an operator reads.
#include <gtest/gtest.h>

#include "tests/unit/dhcp/site.hpp"

namespace gate41::testing {
namespace {

std::string sentence_of(const Site& site) { return site.client.sentence("wan", site.now); }

// Up to the next deadline, in whole seconds, rounded up.
std::string wait_of(const Site& site) {
  const auto wait = *site.client.next_deadline() - site.now;
  return std::to_string((wait.count() + 999'999'999) / 1'000'000'000);
}

TEST(DhcpSentence, Stopped) { EXPECT_EQ(sentence_of(Site()), "DHCP is stopped on wan"); }

TEST(DhcpSentence, SelectingAtFirst) {
  Site site;
  site.start();
  EXPECT_EQ(sentence_of(site), "waiting for a DHCP offer on wan (1 try, next in " + wait_of(site) + " s)");
}

TEST(DhcpSentence, SelectingLater) {
  Site site;
  site.start();
  site.step();
  site.step();
  EXPECT_EQ(sentence_of(site), "waiting for a DHCP offer on wan (3 tries, next in " + wait_of(site) + " s)");
}

TEST(DhcpSentence, Requesting) {
  Site site;
  site.start();
  site.offer();
  EXPECT_EQ(sentence_of(site),
            "waiting for 11.0.0.1 to confirm 11.0.0.42 on wan (1 try, next in " + wait_of(site) + " s)");
}

TEST(DhcpSentence, InitReboot) {
  Site site;
  site.start(dhcp::StoredLease{kAddress, kServer, 0});
  EXPECT_EQ(sentence_of(site),
            "asking whether 11.0.0.42 on wan may be kept (1 try, next in " + wait_of(site) + " s)");
}

TEST(DhcpSentence, Bound) {
  Site site;
  site.start();
  site.offer();
  site.receive(answer_to(site.last(), kAck).with(58, octets(120U)));
  EXPECT_EQ(sentence_of(site), "bound to 11.0.0.42 on wan by 11.0.0.1, renewal in 120 s");
}

TEST(DhcpSentence, BoundForEver) {
  EXPECT_EQ(sentence_of(bound_site(0xffffffff)), "bound to 11.0.0.42 on wan by 11.0.0.1, for ever");
}

TEST(DhcpSentence, Renewing) {
  Site site;
  site.start();
  site.offer();
  site.receive(answer_to(site.last(), kAck).with(58, octets(1000U)).with(59, octets(3000U)));
  site.run_for(seconds(1000));
  EXPECT_EQ(sentence_of(site),
            "asking 11.0.0.1 to renew 11.0.0.42 on wan (1 try, next in 1000 s, lease ends in 2600 s)");
}

TEST(DhcpSentence, Rebinding) {
  Site site;
  site.start();
  site.offer();
  site.receive(answer_to(site.last(), kAck).with(58, octets(1000U)).with(59, octets(3000U)));
  site.run_for(seconds(3000));
  EXPECT_EQ(sentence_of(site),
            "asking any server to renew 11.0.0.42 on wan (1 try, next in 300 s, lease ends in 600 s)");
}

TEST(DhcpSentence, WaitingAfterAConflict) {
  Site site = bound_site();
  site.conflict();
  EXPECT_EQ(sentence_of(site),
            "waiting 10 s before asking for an address on wan again: 11.0.0.42 is in use by another host");
}

TEST(DhcpSentence, WaitingAfterTwoRefusals) {
  Site site;
  site.start();
  for (int i = 0; i < 2; ++i) {
    site.offer();
    site.receive(answer_to(site.last(), kNak));
  }
  EXPECT_EQ(sentence_of(site),
            "waiting " + wait_of(site) +
                " s before asking for an address on wan again: 11.0.0.1 refused the address");
}

TEST(DhcpStateName, IsTheWordOfMetrics) {
  EXPECT_STREQ(dhcp::name_of(dhcp::State::init_reboot), "init_reboot");
}

}  // namespace
}  // namespace gate41::testing
