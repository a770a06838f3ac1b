// What is said of a hypervisor between this box and its networks.
#include "control/daemon/hypervisor_hint.hpp"

#include <gmock/gmock.h>

#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

dhcp::Lease lease(const char* address, const char* router, const char* server) {
  dhcp::Lease lease;
  lease.address = ip4(address);
  if (router != nullptr) lease.router = ip4(router);
  lease.server = ip4(server);
  return lease;
}

// A LAN with two hosts behind the adapter of the host, seen long enough.
LanSigns signs() {
  return {.advertising = 5min,
          .questions = {.all = 6, .by_multicast = 4, .for_us = 2},
          .rewritten = 0,
          .hosts = 2,
          .macs = 2};
}

std::string state_of(const std::optional<HypervisorHint>& hint) { return hint ? hint->state : ""; }

}  // namespace

// proves: W9 S23
TEST(HypervisorHint, KnowsTheNatsOfHypervisorsByWhatTheyLease) {
  for (const auto& [address, router, server, whose] :
       {std::array{"10.0.2.15", "10.0.2.2", "10.0.2.2", "QEMU's or VirtualBox's NAT"},
        std::array{"10.0.3.15", "10.0.3.2", "10.0.3.2", "QEMU's or VirtualBox's NAT"},
        std::array{"192.168.122.7", "192.168.122.1", "192.168.122.1", "libvirt's NAT"},
        std::array{"192.168.233.128", "192.168.233.2", "192.168.233.254", "VMware's NAT"}}) {
    const auto hint = wan_hint(lease(address, router, server));
    ASSERT_TRUE(hint) << address;
    EXPECT_EQ(hint->state, "hypervisor_nat");
    EXPECT_THAT(hint->sentence, HasSubstr(whose));
    EXPECT_THAT(hint->remedy, HasSubstr("bridged adapter"));
  }
}

// proves: S23
TEST(HypervisorHint, TakesALeaseWithoutARouterForAHostOnlyNetwork) {
  EXPECT_EQ(state_of(wan_hint(lease("192.168.56.101", nullptr, "192.168.56.100"))), "host_only");
}

TEST(HypervisorHint, HasNothingAgainstAHomeRoutersLease) {
  EXPECT_FALSE(wan_hint(lease("192.168.1.5", "192.168.1.1", "192.168.1.1")));
  EXPECT_FALSE(wan_hint(lease("11.0.0.2", "11.0.0.1", "11.0.0.1")));
  EXPECT_FALSE(wan_hint(lease("192.168.5.7", "192.168.5.2", "192.168.5.2"))) << "VMware's server is another";
}

// proves: S54
TEST(HypervisorHint, SuspectsABridgeThatRewritesMacsWhereNothingIsForwarded) {
  LanSigns seen = signs();
  seen.rewritten = 1;
  EXPECT_EQ(state_of(lan_hint(seen)), "lan_l2_rewrite_suspected");
}

// proves: S54 S57
TEST(HypervisorHint, SuspectsItByOneMacOfAllHostsWhereTheMessagesAreRewrittenToo) {
  LanSigns seen = signs();
  seen.macs = 1;
  EXPECT_EQ(state_of(lan_hint(seen)), "lan_l2_rewrite_suspected");
}

// proves: S54
TEST(HypervisorHint, SuspectsNothingWhereHostsSendDataOrHaveHadNoTime) {
  LanSigns seen = signs();
  seen.rewritten = 1;
  seen.has_sent_data = true;
  EXPECT_FALSE(lan_hint(seen));
  seen.has_sent_data = false;
  seen.advertising = 1min;
  EXPECT_FALSE(lan_hint(seen));
}

// proves: S54
TEST(HypervisorHint, SuspectsItWhereHostsAskForTheRouterAndNothingOfThemArrives) {
  LanSigns seen = signs();
  seen.questions.for_us = 3;
  EXPECT_EQ(state_of(lan_hint(seen)), "lan_l2_rewrite_suspected");
}

TEST(HypervisorHint, MissesNoMulticastsWhereSomeAreHeard) {
  LanSigns seen = signs();
  seen.questions.all = 20;
  EXPECT_FALSE(lan_hint(seen));
}

TEST(HypervisorHint, HasNothingAgainstQuietHostsWithMacsOfTheirOwn) { EXPECT_FALSE(lan_hint(signs())); }

// proves: U33 U44
TEST(HypervisorHint, MissesTheMulticastsOfALanWhoseHostsAreHeardByUnicastAlone) {
  LanSigns seen = signs();
  seen.questions.by_multicast = 0;
  seen.has_sent_data = true;
  EXPECT_FALSE(lan_hint(seen)) << "hosts that were there before";
  seen.questions.all = 20;
  const auto hint = lan_hint(seen);
  ASSERT_TRUE(hint);
  EXPECT_EQ(hint->state, "lan_multicast_filtered");
  EXPECT_THAT(hint->remedy, HasSubstr("trust"));
}

TEST(HypervisorHint, SaysThatWorkersCannotRunForWantOfQueues) {
  const auto hint = queue_hint(1, 3);
  ASSERT_TRUE(hint);
  EXPECT_THAT(hint->sentence, HasSubstr("1 of 3 workers run"));
  EXPECT_THAT(hint->remedy, HasSubstr("mq=on"));
}

TEST(HypervisorHint, HasNothingAgainstAQueueForEachWorker) { EXPECT_FALSE(queue_hint(3, 3)); }

TEST(HypervisorHint, SaysThatInterruptsDoNotCome) {
  const auto hint = interrupt_hint(1);
  ASSERT_TRUE(hint);
  EXPECT_EQ(hint->state, "no_interrupts");
}

TEST(HypervisorHint, HasNothingAgainstNicsThatInterrupt) { EXPECT_FALSE(interrupt_hint(0)); }

}  // namespace gate41::testing
