// Brokers: which tunnels have an update engine, and what comes of a request that cannot even be made. What
// gate41-fetch does with one is tested with that program.
#include "control/daemon/brokers.hpp"

#include <cstdlib>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gate41::testing {
namespace {

using ::testing::HasSubstr;

const broker::Place kHere{Ipv4Address::of(11, 0, 0, 2), Ipv4Address::of(11, 0, 0, 2)};

config::Tunnel tunnel(const std::string& name, const std::string& credentials) {
  config::Tunnel result;
  result.name = name;
  if (!credentials.empty())
    result.broker =
        config::Broker{.url = "https://tb.example/", .host = "1", .credentials = credentials, .ca = {}};
  return result;
}

class BrokersTest : public ::testing::Test {
 protected:
  broker::State state_of(const std::string& name) { return brokers_.all().at(name).updater.state(); }
  std::string sentence_of(const std::string& name) {
    return brokers_.all().at(name).updater.sentence(gate41::now());
  }
  void configure(const std::vector<config::Tunnel>& tunnels) { brokers_.configure(tunnels, gate41::now()); }
  void place(std::optional<broker::Place> where) { brokers_.on_place(where, {}, gate41::now()); }

  std::unique_ptr<loop::EventLoop> loop_ = loop::EventLoop::create().value();
  Fetcher fetcher_{*loop_};
  Events events_;
  Brokers brokers_{fetcher_, events_};
};

TEST_F(BrokersTest, AreThoseOfTunnelsThatNameOne) {
  configure({tunnel("a", ""), tunnel("b", "/none"), tunnel("c", "/none")});
  EXPECT_FALSE(brokers_.all().contains("a"));
  EXPECT_EQ(state_of("b"), broker::State::waiting);
  EXPECT_EQ(state_of("c"), broker::State::waiting);
  EXPECT_FALSE(brokers_.next_deadline());
}

// proves: U1
TEST_F(BrokersTest, SayThatTheCredentialsAreMissing) {
  configure({tunnel("a", "/none")});
  place(kHere);
  EXPECT_EQ(state_of("a"), broker::State::failed);
  EXPECT_THAT(sentence_of("a"), HasSubstr("/none: No such file or directory"));
  EXPECT_THAT(events_.recent().back().text, HasSubstr("tunnel a: the broker tb.example was not told"));
  EXPECT_TRUE(brokers_.next_deadline());
}

// proves: U1
TEST_F(BrokersTest, DoNotUseCredentialsThatOthersMayRead) {
  std::string file = (std::filesystem::temp_directory_path() / "brokers_test.XXXXXX").string();
  ::close(::mkstemp(file.data()));
  ::chmod(file.c_str(), 0644);
  configure({tunnel("a", file)});
  place(kHere);
  std::filesystem::remove(file);
  EXPECT_THAT(sentence_of("a"), HasSubstr("(mode 0644); chmod 600 " + file));
}

TEST_F(BrokersTest, GoWithTheirKey) {
  configure({tunnel("a", "/none"), tunnel("b", "/none")});
  configure({tunnel("a", ""), tunnel("b", "/none")});
  EXPECT_FALSE(brokers_.all().contains("a"));
  EXPECT_TRUE(brokers_.all().contains("b"));
}

TEST_F(BrokersTest, ThatComeByAReloadKnowThePlace) {
  configure({});
  place(kHere);
  configure({tunnel("a", "/none")});
  EXPECT_EQ(state_of("a"), broker::State::failed);
}

TEST_F(BrokersTest, OfTunnelsThatStayGoOn) {
  configure({tunnel("a", "/none")});
  place(kHere);
  configure({tunnel("a", "/other")});
  EXPECT_EQ(state_of("a"), broker::State::due);  // not twice within a minute
  EXPECT_EQ(brokers_.all().at("a").credentials, "/other");
}

}  // namespace
}  // namespace gate41::testing
