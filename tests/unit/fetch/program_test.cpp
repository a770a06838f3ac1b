// The program gate41-fetch: what it prints, exit codes, certificates, the time limit.
#include "tests/unit/fetch/program.hpp"

#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/fetch/servers.hpp"

namespace gate41::testing {
namespace {

using ::testing::HasSubstr;

TEST(FetchProgram, PrintsTheLine) {
  WebServer server;
  server.answer("/ip", "11.0.0.2\nand more\n");
  const Outcome outcome = run(server.url("/ip"));
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.text, "11.0.0.2\n");
}

TEST(FetchProgram, EndsWith1AndOneLineWithoutAnAnswer) {
  WebServer server;
  const Outcome outcome = run(server.url("/none"));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.text, server.url("/none") + ": status 404\n");
}

TEST(FetchProgram, EndsWith1OnAnUrlThatIsNone) { EXPECT_EQ(run("file:///etc/passwd").exit_code, 1); }

TEST(FetchProgram, EndsWith2OnAMistake) {
  for (const char* arguments : {"", "--timeout 0 http://a/", "--timeout x http://a/", "--loud http://a/"})
    EXPECT_EQ(run(arguments).exit_code, 2) << arguments;
}

TEST(FetchProgram, AsksTheGivenNameServer) {
  WebServer server;
  NameServer names;
  server.answer("/ip", "11.0.0.2");
  EXPECT_EQ(run("--dns " + names.address() + " http://" + server.authority("ip1.example") + "/ip").text,
            "11.0.0.2\n");
}

TEST(FetchProgram, TakesHttpsWithACertificateItCanVerify) {
  const Certificate certificate;
  WebServer server(tls_server(certificate));
  server.answer("/ip", "11.0.0.2");
  EXPECT_EQ(run("https://" + server.authority("localhost") + "/ip", certificate.as_authority()).text,
            "11.0.0.2\n");
}

TEST(FetchProgram, RefusesACertificateOfNobody) {
  const Certificate certificate;
  WebServer server(tls_server(certificate));
  server.answer("/ip", "11.0.0.2");
  const Outcome outcome = run("https://" + server.authority("localhost") + "/ip");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.text, HasSubstr("the certificate cannot be verified"));
}

TEST(FetchProgram, TrustsTheAuthorityThatItIsGivenInPlaceOfTheSystems) {
  const Certificate certificate;
  const Certificate another;
  WebServer server(tls_server(certificate));
  server.answer("/ip", "11.0.0.2");
  const std::string url = " https://" + server.authority("localhost") + "/ip";
  EXPECT_EQ(run("--ca " + certificate.file() + url).text, "11.0.0.2\n");
  EXPECT_EQ(run("--ca " + another.file() + url, certificate.as_authority()).exit_code, 1);
}

TEST(FetchProgram, SaysThatTheAuthoritysFileCannotBeRead) {
  const Certificate certificate;
  WebServer server(tls_server(certificate));
  const Outcome outcome =
      run("--ca /none https://" + server.authority("localhost") + "/", certificate.as_authority());
  EXPECT_THAT(outcome.text, HasSubstr("cannot be read"));
}

// proves: U1
TEST(FetchProgram, RefusesACertificateForAnotherName) {
  const Certificate certificate;
  WebServer server(tls_server(certificate));
  NameServer names;
  server.answer("/ip", "11.0.0.2");
  const Outcome outcome =
      run("--dns " + names.address() + " https://" + server.authority("tb.example") + "/ip",
          certificate.as_authority());
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.text, HasSubstr("the certificate cannot be verified"));
}

// proves: S36
TEST(FetchProgram, EndsAtItsTimeLimit) {
  const int mute = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(mute, reinterpret_cast<const sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(mute, 1), 0);  // connections are taken by the kernel, nobody answers
  ASSERT_EQ(::getsockname(mute, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const auto start = std::chrono::steady_clock::now();
  const Outcome outcome =
      run("--timeout 1 http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/");
  const auto taken = std::chrono::steady_clock::now() - start;
  ::close(mute);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_FALSE(outcome.text.empty());
  EXPECT_LT(taken, std::chrono::seconds(4));
}

}  // namespace
}  // namespace gate41::testing
