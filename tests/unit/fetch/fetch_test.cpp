#include "control/fetch/fetch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/fetch/resolve.hpp"
#include "tests/unit/fetch/servers.hpp"

namespace gate41::fetch {
namespace {

using ::testing::HasSubstr;
using testing::NameServer;
using testing::WebServer;

Result<std::string> get(const std::string& url, const NameServers& dns = {}, Limits limits = {}) {
  limits.timeout = std::chrono::seconds(5);
  return fetch({*Url::parse(url), dns, limits, std::nullopt});
}

TEST(FirstLine, IsTrimmedAndVisible) {
  EXPECT_EQ(first_line("11.0.0.2\n"), "11.0.0.2");
  EXPECT_EQ(first_line(" \r\n\t 11.0.0.2 \r\nmore\n"), "11.0.0.2");
  EXPECT_EQ(first_line("a\x1b[2J\x80z"), "a?[2J?z");
  EXPECT_EQ(first_line(" \n\t"), "");
}

TEST(FirstLine, HasAtMost256Bytes) { EXPECT_EQ(first_line(std::string(300, 'x')), std::string(256, 'x')); }

// proves: S36
TEST(Fetch, GetsTheLine) {
  WebServer server;
  server.answer("/ip", "11.0.0.2\n");
  EXPECT_EQ(get(server.url("/ip")).value_or("nothing"), "11.0.0.2");
}

TEST(Fetch, TakesNothingButStatus200) {
  WebServer server;
  server.answer("/ip", "11.0.0.2\n", 404);
  const auto line = get(server.url("/ip"));
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().message, server.url("/ip") + ": status 404");
}

TEST(Fetch, RefusesAnEmptyAnswer) {
  WebServer server;
  server.answer("/ip", "\n");
  EXPECT_THAT(get(server.url("/ip")).error().message, HasSubstr("empty"));
}

TEST(Fetch, SaysNothingOfTheQueryOfAUrl) {
  WebServer server;
  EXPECT_EQ(get(server.url("/ip?key=secret")).error().message, server.url("/ip") + ": status 404");
}

TEST(Fetch, FollowsThreeRedirectsAndNoMore) {
  WebServer server;
  server.redirect("/4", "/3");
  server.redirect("/3", server.url("/2"));
  server.redirect("/2", "/1");
  server.redirect("/1", "/0");
  server.answer("/0", "11.0.0.2");
  EXPECT_EQ(get(server.url("/3")).value_or("nothing"), "11.0.0.2");
  EXPECT_THAT(get(server.url("/4")).error().message, HasSubstr("more than 3 redirects"));
}

// proves: S36
TEST(Fetch, TakesAnAnswerUpToItsLimitOnly) {
  WebServer server;
  server.answer("/100", std::string(100, 'x'));
  server.answer("/101", std::string(101, 'x'));
  EXPECT_TRUE(get(server.url("/100"), {}, {.max_bytes = 100}));
  EXPECT_THAT(get(server.url("/101"), {}, {.max_bytes = 100}).error().message,
              HasSubstr("longer than 100 bytes"));
}

TEST(Fetch, SaysThatNobodyListens) {
  std::string url;
  {
    WebServer gone;
    url = gone.url("/");
  }
  EXPECT_THAT(get(url).error().message, HasSubstr(url + ": "));
}

TEST(Fetch, AsksTheNameServersThatItIsGiven) {
  WebServer server;
  NameServer names;
  server.answer("/ip", "11.0.0.2");
  EXPECT_EQ(get("http://" + server.authority("ip1.example") + "/ip", {names.address()}).value_or("nothing"),
            "11.0.0.2");
}

TEST(Fetch, SaysThatTheNameIsUnknown) {
  NameServer names(false);
  const auto line = get("http://nowhere.example/", {names.address()});
  ASSERT_FALSE(line);
  EXPECT_THAT(line.error().message, HasSubstr("no address of nowhere.example from " + names.address()));
}

TEST(Resolve, LeavesAnAddressAsItIs) {
  EXPECT_EQ(resolve("11.0.0.2", {"127.0.0.1:9"}, std::chrono::seconds(1)).value_or("nothing"), "11.0.0.2");
}

TEST(Resolve, RefusesNameServersThatAreNoAddresses) {
  EXPECT_FALSE(resolve("ip1.example", {"not an address"}, std::chrono::seconds(1)));
}

}  // namespace
}  // namespace gate41::fetch
