#include "perf/generator/report.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace gate41::generator {
namespace {

Stream stream(uint64_t sent, const std::vector<uint32_t>& arrived) {
  Stream stream(100);
  stream.sent = sent;
  stream.seconds = 2;
  for (const uint32_t sequence : arrived) stream.reception.take(sequence, 1000 * (sequence + 1));
  return stream;
}

TEST(Report, counts_as_lost_what_was_sent_and_did_not_arrive) {
  Findings findings;
  findings.streams[0] = stream(5, {0, 1, 1, 4});
  const auto json = report({}, findings);
  EXPECT_EQ(json["from_lan"]["lost"], 2);
  EXPECT_EQ(json["from_lan"]["rate"], 2.5);
  EXPECT_FALSE(json.contains("from_wan"));
}

TEST(Report, has_delays_in_microseconds_and_their_variation_above_the_least) {
  Findings findings;
  findings.streams[1] = stream(3, {0, 1, 2});
  const auto json = report({}, findings)["from_wan"];
  EXPECT_EQ(json["delay_us"]["min"], 1.0);
  EXPECT_EQ(json["delay_us"]["max"], 3.0);
  EXPECT_EQ(json["pdv_us"], 2.0);
}

// RFC 2544 §26.5.
TEST(Report, has_the_time_from_the_change_of_rate_to_the_last_loss) {
  Traffic traffic;
  traffic.then_rate = 10;
  Findings findings;
  findings.streams[0] = stream(9, {0, 1, 2, 3, 5, 7, 8});
  findings.streams[0]->sent_before_then = 4;
  EXPECT_EQ(report(traffic, findings)["from_lan"]["then"]["recovery_seconds"], 0.3);
}

TEST(Report, has_no_time_to_recover_when_nothing_was_lost_after_the_change) {
  Traffic traffic;
  traffic.then_rate = 10;
  Findings findings;
  findings.streams[0] = stream(5, {0, 2, 3, 4});
  findings.streams[0]->sent_before_then = 3;
  EXPECT_EQ(report(traffic, findings)["from_lan"]["then"]["recovery_seconds"], 0.0);
}

TEST(Report, tells_how_many_flows_were_answered) {
  Findings findings;
  findings.opening = Opening{10, 9, 8, 12, 1.0};
  const auto json = report({}, findings)["opened"];
  EXPECT_EQ(json["flows"], 10);
  EXPECT_EQ(json["answered"], 8);
}

}  // namespace
}  // namespace gate41::generator
