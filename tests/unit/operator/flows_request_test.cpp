// The members of a request for flows, and their bounds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/operator/request.hpp"

namespace gate41::op {
namespace {

Result<Request> parse(const std::string& command, const std::string& members) {
  return parse_request(R"({"version":1,"command":")" + command + "\"" + members + "}");
}

TEST(FlowsRequests, MayAskForAll) {
  const auto request = parse("flows", "");
  ASSERT_TRUE(request && request->flows);
  EXPECT_EQ(request->flows->selection, FlowSelection{});
  EXPECT_EQ(request->flows->shown, FlowsShown::rows);
  EXPECT_EQ(request->flows->order, FlowOrder::none);
  EXPECT_EQ(request->flows->top, 20U);
}

TEST(FlowsRequests, TakeAllTheirMembers) {
  const auto request = parse(
      "flows",
      R"(,"address":"2600::/16","interior":"2002:b00:2::/48","exterior":"2600:41::80","port":65535,"proto":"sctp",)"
      R"("state":"opening","lan":"home","show":"talkers","order":"rate","top":1000)");
  ASSERT_TRUE(request && request->flows) << request.error().message;
  const FlowSelection expected{Ipv6Prefix::parse("2600::/16"),
                               Ipv6Prefix::parse("2002:b00:2::/48"),
                               Ipv6Prefix::parse("2600:41::80"),
                               uint16_t{65535},
                               uint8_t{132},
                               "opening",
                               "home"};
  EXPECT_EQ(request->flows->selection, expected);
  EXPECT_EQ(request->flows->shown, FlowsShown::talkers);
  EXPECT_EQ(request->flows->order, FlowOrder::rate);
  EXPECT_EQ(request->flows->top, 1000U);
}

TEST(FlowsRequests, ToDeleteAllMustSaySo) {
  EXPECT_FALSE(parse("flows_delete", "")->flows->all);
  EXPECT_TRUE(parse("flows_delete", R"(,"all":true)")->flows->all);
}

TEST(FlowsRequests, WithAMistakeAreRefusedWithWhatIsAllowed) {
  struct Mistake {
    const char* command;
    const char* members;
    const char* error;
  };
  const Mistake mistakes[] = {
      {"flows", R"(,"address":"11.0.0.1")", "`address` must be an IPv6 address or prefix"},
      {"flows", R"(,"interior":41)", "`interior` must be an IPv6 address or prefix"},
      {"flows", R"(,"exterior":"2600::/129")", "`exterior` must be an IPv6 address or prefix"},
      {"flows", R"(,"port":65536)", "`port` must be a port, 0 to 65535"},
      {"flows", R"(,"port":"443")", "`port` must be a port, 0 to 65535"},
      {"flows", R"(,"proto":"smtp")",
       "`proto` must be a protocol's name, as in tcp, udp, icmpv6, or its number as a text"},
      {"flows", R"(,"proto":"256")",
       "`proto` must be a protocol's name, as in tcp, udp, icmpv6, or its number as a text"},
      {"flows", R"(,"lan":"")", "`lan` must be a name"},
      {"flows", R"(,"state":7)", "`state` must be a name"},
      {"flows", R"(,"show":"all")", "`show` must be one of rows, count, talkers"},
      {"flows", R"(,"order":"colour")", "`order` must be one of none, age, bytes, rate"},
      {"flows", R"(,"top":0)", "`top` must be a whole number, 1 to 1000"},
      {"flows", R"(,"top":1001)", "`top` must be a whole number, 1 to 1000"},
      {"flows_delete", R"(,"all":1)", "`all` must be true or false"},
      {"flows_delete", R"(,"port":443,"top":5)", "`top` has no place in a deletion"},
      {"flows_delete", R"(,"port":443,"order":"age")", "`order` has no place in a deletion"},
  };
  for (const Mistake& mistake : mistakes) {
    const auto request = parse(mistake.command, mistake.members);
    ASSERT_FALSE(request) << mistake.members;
    EXPECT_EQ(request.error().message, mistake.error);
  }
}

}  // namespace
}  // namespace gate41::op
