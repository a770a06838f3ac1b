// The members of a request for a ping or a traceroute, and their bounds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/operator/request.hpp"

namespace gate41::op {
namespace {

using ::testing::HasSubstr;

Result<Request> parse(const std::string& command, const std::string& members) {
  return parse_request(R"({"version":1,"command":")" + command + "\"" + members + "}");
}
const std::string kTo = R"(,"destination":"2600:41::80")";

TEST(PingRequests, NeedADestinationAlone) {
  const auto request = parse("ping", kTo);
  ASSERT_TRUE(request && request->ping);
  EXPECT_FALSE(request->ping->trace);
  EXPECT_EQ(request->ping->destination.to_string(), "2600:41::80");
  EXPECT_FALSE(request->ping->source);
  EXPECT_EQ(request->ping->count, 5);
  EXPECT_EQ(request->ping->interval, std::chrono::seconds(1));
  EXPECT_EQ(request->ping->size, 56);
}

TEST(PingRequests, TakeAllTheirMembersAtTheirBounds) {
  const auto least = parse("ping", kTo + R"(,"source":"2002::1","count":1,"interval":0.1,"size":0)");
  ASSERT_TRUE(least && least->ping);
  EXPECT_EQ(least->ping->source->to_string(), "2002::1");
  EXPECT_EQ(least->ping->count, 1);
  EXPECT_EQ(least->ping->interval, std::chrono::milliseconds(100));
  EXPECT_EQ(least->ping->size, 0);
  const auto most = parse("ping", kTo + R"(,"count":1000,"interval":3600,"size":1452)");
  ASSERT_TRUE(most && most->ping);
  EXPECT_EQ(most->ping->count, 1000);
  EXPECT_EQ(most->ping->interval, std::chrono::hours(1));
  EXPECT_EQ(most->ping->size, 1452);
}

TEST(PingRequests, OfATracerouteHaveMembersOfTheirOwn) {
  const auto usual = parse("traceroute", kTo);
  ASSERT_TRUE(usual && usual->ping);
  EXPECT_TRUE(usual->ping->trace);
  EXPECT_EQ(usual->ping->count, 3);
  EXPECT_EQ(usual->ping->max_hops, 30);
  const auto most = parse("traceroute", kTo + R"(,"source":"2002::1","count":10,"max_hops":255)");
  ASSERT_TRUE(most && most->ping);
  EXPECT_EQ(most->ping->count, 10);
  EXPECT_EQ(most->ping->max_hops, 255);
}

struct Mistake {
  const char* command;
  std::string members;
  const char* error;
};

TEST(PingRequests, WithAMistakeAreRefusedWithWhatIsAllowed) {
  const Mistake mistakes[] = {
      {"ping", "", "`destination` must be an IPv6 address"},
      {"ping", R"(,"destination":"11.0.0.1")", "`destination` must be an IPv6 address"},
      {"ping", R"(,"destination":41)", "`destination` must be an IPv6 address"},
      {"traceroute", R"(,"destination":null)", "`destination` must be an IPv6 address"},
      {"ping", kTo + R"(,"source":"wan")", "`source` must be an IPv6 address"},
      {"ping", kTo + R"(,"source":null)", "`source` must be an IPv6 address"},
      {"ping", kTo + R"(,"count":0)", "`count` must be a whole number, 1 to 1000"},
      {"ping", kTo + R"(,"count":1001)", "`count` must be a whole number, 1 to 1000"},
      {"ping", kTo + R"(,"count":-1)", "`count` must be a whole number, 1 to 1000"},
      {"ping", kTo + R"(,"count":1.5)", "`count` must be a whole number, 1 to 1000"},
      {"ping", kTo + R"(,"count":"5")", "`count` must be a whole number, 1 to 1000"},
      {"ping", kTo + R"(,"count":18446744073709551615)", "`count` must be a whole number, 1 to 1000"},
      {"ping", kTo + R"(,"size":1453)", "`size` must be a whole number, 0 to 1452"},
      {"ping", kTo + R"(,"interval":0.09)", "`interval` must be a number of seconds, 0.1 to 3600"},
      {"ping", kTo + R"(,"interval":3601)", "`interval` must be a number of seconds, 0.1 to 3600"},
      {"ping", kTo + R"(,"interval":1e300)", "`interval` must be a number of seconds, 0.1 to 3600"},
      {"ping", kTo + R"(,"interval":"1")", "`interval` must be a number of seconds, 0.1 to 3600"},
      {"traceroute", kTo + R"(,"count":11)", "`count` must be a whole number, 1 to 10"},
      {"traceroute", kTo + R"(,"max_hops":0)", "`max_hops` must be a whole number, 1 to 255"},
      {"traceroute", kTo + R"(,"max_hops":256)", "`max_hops` must be a whole number, 1 to 255"},
  };
  for (const Mistake& mistake : mistakes) {
    const auto request = parse(mistake.command, mistake.members);
    ASSERT_FALSE(request) << mistake.members;
    EXPECT_THAT(request.error().message, HasSubstr(mistake.error)) << mistake.members;
  }
}

TEST(PingRequests, AreOfTheseTwoCommandsAlone) {
  const auto request = parse("status", kTo);
  ASSERT_TRUE(request);
  EXPECT_FALSE(request->ping);
}

}  // namespace
}  // namespace gate41::op
