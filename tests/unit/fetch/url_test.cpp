#include "control/fetch/url.hpp"

#include <gtest/gtest.h>

namespace gate41::fetch {
namespace {

TEST(FetchUrl, IsTakenApart) {
  const auto url = Url::parse("http://ip1.example:8080/a/b?c=d#e");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "http");
  EXPECT_EQ(url->authority, "ip1.example:8080");
  EXPECT_EQ(url->host(), "ip1.example");
  EXPECT_EQ(url->target, "/a/b?c=d");
}

TEST(FetchUrl, HasAPathAlways) {
  EXPECT_EQ(Url::parse("https://ip1.example")->text(), "https://ip1.example/");
  EXPECT_EQ(Url::parse("https://ip1.example?x")->text(), "https://ip1.example/?x");
}

TEST(FetchUrl, IsRefusedWhenItIsNoPlainHttpUrl) {
  for (const char* text :
       {"", "http", "http:", "http://", "http:///x", "ftp://a/", "HTTP://a/", "http://a:0/", "http://a:/",
        "http://a:65536/", "http://a:80x/", "http://u@a/", "http://[::1]/", "http://a b/", "http://a/ b",
        "http://a/\r\nX: y", "http://a/\x80", "file:///etc/passwd"})
    EXPECT_FALSE(Url::parse(text)) << text;
}

TEST(FetchUrl, FollowsALocation) {
  const Url url = *Url::parse("https://a.example/x/y");
  EXPECT_EQ(url.redirected("/z")->text(), "https://a.example/z");
  EXPECT_EQ(url.redirected("https://b.example/")->text(), "https://b.example/");
  EXPECT_EQ(Url::parse("http://a/")->redirected("https://b/")->text(), "https://b/");
}

TEST(FetchUrl, NeverFollowsFromHttpsToHttp) {
  EXPECT_FALSE(Url::parse("https://a/")->redirected("http://a/"));
}

TEST(FetchUrl, FollowsNoLocationThatItDoesNotUnderstand) {
  for (const char* location : {"", "y", "//b.example/", "ftp://a/", "/a\r\nX: y", "@b/"})
    EXPECT_FALSE(Url::parse("http://a/")->redirected(location)) << location;
}

}  // namespace
}  // namespace gate41::fetch
