// gate41-fetch with credentials: who gets them, and who never sees them.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetch/program.hpp"
#include "tests/unit/fetch/servers.hpp"

namespace gate41::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kLogin = "Basic dXNlcjpzM2NyZXQ=";  // base64 of user:s3cret

class FetchLogin : public ::testing::Test {
 protected:
  void SetUp() override {
    file_ = (std::filesystem::temp_directory_path() / "login_test.XXXXXX").string();
    ::close(::mkstemp(file_.data()));
    std::ofstream(file_) << "user:s3cret\n";
  }
  void TearDown() override { std::filesystem::remove(file_); }

  Outcome log_in(const std::string& url, const std::string& words = "") {
    return run(words + " --credentials 3 '" + url + "'", certificate_.as_authority(), file_);
  }
  std::string url_of(const WebServer& server, const std::string& path) const {
    return "https://" + server.authority("localhost") + path;
  }

  Certificate certificate_;
  WebServer server_{tls_server(certificate_)};
  std::string file_;
};

// proves: U1
TEST_F(FetchLogin, IsByBasicAuthentication) {
  server_.answer_login("/nic/update", kLogin);
  const Outcome outcome = log_in(url_of(server_, "/nic/update?hostname=1"));
  EXPECT_EQ(outcome.text, "good\n");
  EXPECT_EQ(outcome.exit_code, 0);
}

TEST_F(FetchLogin, HappensOnlyWithCredentials) {
  server_.answer_login("/", kLogin, 200);
  EXPECT_EQ(run("'" + url_of(server_, "/") + "'", certificate_.as_authority(), file_).text, "badauth\n");
}

// proves: U1
TEST_F(FetchLogin, ThatIsRefusedIsAnAnswerByStatusOrByWord) {
  server_.answer_login("/status", "other", 401);
  server_.answer_login("/word", "other", 200);
  EXPECT_EQ(log_in(url_of(server_, "/status")).text, "badauth\n");
  EXPECT_EQ(log_in(url_of(server_, "/word")).text, "badauth\n");
}

TEST_F(FetchLogin, NeverGoesOutUnencrypted) {
  WebServer plain;
  plain.answer_login("/", kLogin);
  const Outcome outcome = log_in(plain.url("/"));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.text, plain.url("/") + ": credentials go by https only\n");
}

TEST_F(FetchLogin, StaysWithARedirectToTheSameServer) {
  server_.redirect("/", "/there");
  server_.answer_login("/there", kLogin);
  EXPECT_EQ(log_in(url_of(server_, "/")).text, "good\n");
}

TEST_F(FetchLogin, DoesNotFollowARedirectToAnotherServer) {
  WebServer other(tls_server(certificate_));
  other.answer_login("/there", kLogin, 200);
  server_.redirect("/", url_of(other, "/there"));
  EXPECT_EQ(log_in(url_of(server_, "/")).text, "badauth\n");
}

TEST_F(FetchLogin, IsNotGivenToAServerThatCannotBeVerified) {
  server_.answer_login("/", kLogin);
  const Outcome outcome = run("--credentials 3 '" + url_of(server_, "/") + "'", "", file_);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.text, HasSubstr("the certificate cannot be verified"));
}

TEST_F(FetchLogin, ShowsNothingOfTheCredentialsInAnError) {
  server_.answer("/", "no", 500);
  const Outcome outcome = log_in(url_of(server_, "/"));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.text, Not(HasSubstr("s3cret")));
}

TEST_F(FetchLogin, NeedsCredentialsInTheFile) {
  std::ofstream(file_) << "nothing\n";
  const Outcome outcome = log_in(url_of(server_, "/"));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.text, "the credentials are not one line, user:password\n");
}

}  // namespace
}  // namespace gate41::testing
