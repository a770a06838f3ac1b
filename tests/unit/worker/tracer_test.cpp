// A trace: which packets leave a record, how many, and what stands in it.
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

using namespace std::chrono_literals;

std::vector<TraceRecord> records(Harness& site) {
  std::vector<TraceRecord> all;
  TraceRecord record;
  while (site.pipeline->tracer().take(record)) all.push_back(record);
  return all;
}

TraceWish any(Harness& site, uint32_t count = 10) {
  TraceWish wish;
  wish.run = 5;
  wish.count = count;
  wish.until = site.now + 60s;
  return wish;
}

void arm(Harness& site, const TraceWish& wish) { site.pipeline->tracer().arm(wish); }

PacketBuilder udp_out(uint16_t port = 40000) {
  return GatewaySite::from_host().ipv6(kHost, kServer).udp(port, 8080).payload(8);
}
PacketBuilder udp_in(uint16_t port = 40000) {
  return GatewaySite::from_wan().ipv6(kServer, kHost).udp(8080, port).payload(8);
}

TEST(Tracer, NotArmedNotesNothing) {
  GatewaySite site;
  site.host_sends(udp_out());
  EXPECT_TRUE(records(site).empty());
}

TEST(Tracer, NotesTheWayOutThroughTheTunnel) {
  GatewaySite site;
  arm(site, any(site));
  site.host_sends(udp_out());
  const auto all = records(site);
  ASSERT_EQ(all.size(), 1U);
  const TraceRecord& record = all[0];
  EXPECT_EQ(record.run, 5U);
  EXPECT_EQ(record.end, TraceEnd::sent);
  EXPECT_EQ(record.from, Side::lan);
  EXPECT_EQ(record.packet.link, kHomeLink);
  EXPECT_EQ(record.packet.v6_source, kHost);
  EXPECT_EQ(record.length, 56);
  EXPECT_TRUE(record.filtered);
  EXPECT_TRUE(record.is_new);
  EXPECT_EQ(record.flow, FlowState::opening);
  EXPECT_EQ(record.egress, kWanLink);
  EXPECT_EQ(record.by_tunnel, 0);
  EXPECT_FALSE(record.outer_destination.is_unspecified());
}

TEST(Tracer, NotesTheWayInOfAKnownFlow) {
  GatewaySite site;
  site.host_sends(udp_out());
  arm(site, any(site));
  site.wan_sends(udp_in());
  const auto all = records(site);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].from, Side::tunnel);
  EXPECT_EQ(all[0].packet.link, kWanLink);
  EXPECT_FALSE(all[0].packet.v4_source.is_unspecified());
  EXPECT_FALSE(all[0].is_new);
  EXPECT_EQ(all[0].flow, FlowState::established);
  EXPECT_EQ(all[0].egress, kHomeLink);
  EXPECT_FALSE(all[0].by_tunnel);
}

TEST(Tracer, NotesADropWithItsReason) {
  GatewaySite site;
  arm(site, any(site));
  site.wan_sends(udp_in());
  const auto all = records(site);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].end, TraceEnd::dropped);
  EXPECT_EQ(all[0].packet.reason, DropReason::filter_unsolicited);
  EXPECT_FALSE(all[0].has_way);
}

TEST(Tracer, OfDropsAloneLeavesOutTheOthers) {
  GatewaySite site;
  TraceWish wish = any(site);
  wish.dropped = true;
  arm(site, wish);
  site.host_sends(udp_out());
  site.wan_sends(udp_in(50000));
  EXPECT_EQ(records(site).size(), 1U);
}

TEST(Tracer, TakesOnlyWhatMatches) {
  GatewaySite site;
  const auto noted = [&](auto change) {
    TraceWish wish = any(site);
    change(wish);
    arm(site, wish);
    site.host_sends(udp_out());
    return records(site).size();
  };
  EXPECT_EQ(noted([](TraceWish& w) { w.address = Ipv6Prefix::of(kServer, 64); }), 1U);
  EXPECT_EQ(noted([](TraceWish& w) { w.address = Ipv6Prefix::of(kHost, 128); }), 1U);
  EXPECT_EQ(noted([](TraceWish& w) { w.address = Ipv6Prefix::of(ip6("2600:99::"), 32); }), 0U);
  EXPECT_EQ(noted([](TraceWish& w) { w.port = 8080; }), 1U);
  EXPECT_EQ(noted([](TraceWish& w) { w.port = 40000; }), 1U);
  EXPECT_EQ(noted([](TraceWish& w) { w.port = 1; }), 0U);
  EXPECT_EQ(noted([](TraceWish& w) { w.protocol = ip_proto::kUdp; }), 1U);
  EXPECT_EQ(noted([](TraceWish& w) { w.protocol = ip_proto::kTcp; }), 0U);
  EXPECT_EQ(noted([](TraceWish& w) { w.link = kHomeLink; }), 1U);
  EXPECT_EQ(noted([](TraceWish& w) { w.link = kWanLink; }), 0U);
}

TEST(Tracer, EndsAfterSoManyPackets) {
  GatewaySite site;
  arm(site, any(site, 3));
  for (int i = 0; i < 5; ++i) site.host_sends(udp_out());
  EXPECT_EQ(records(site).size(), 3U);
}

TEST(Tracer, EndsAtItsTime) {
  GatewaySite site;
  arm(site, any(site));
  site.now += 60s;
  site.host_sends(udp_out());
  EXPECT_TRUE(records(site).empty());
}

TEST(Tracer, CountsEveryPacketAsBefore) {
  GatewaySite site;
  arm(site, any(site));
  EXPECT_EQ(site.host_sends(udp_out()).sent.size(), 1U);
  EXPECT_EQ(site.totals().tx, 1U);
  EXPECT_TRUE(site.totals().conserved());
}

}  // namespace
}  // namespace gate41::testing
