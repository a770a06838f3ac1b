// The socket itself: rights, what lies in the way, how many clients, how long.
#include <fstream>
#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/unit/operator/site.hpp"

namespace gate41::testing {
namespace {

using ::testing::HasSubstr;

struct stat status_of(const std::string& path) {
  struct stat found {};
  EXPECT_EQ(::lstat(path.c_str(), &found), 0) << path;
  return found;
}

// proves: S70
TEST(OperatorSocket, IsForItsOwnerAndItsGroupOnly) {
  Site site;
  const struct stat found = status_of(site.path);
  EXPECT_TRUE(S_ISSOCK(found.st_mode));
  EXPECT_EQ(found.st_mode & 07777U, 0660U);
}

// proves: S70
TEST(OperatorSocket, BelongsToTheGroup) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files to any group";
  Site site;
  const group* daemon = ::getgrnam("daemon");
  ASSERT_NE(daemon, nullptr);
  const auto server = op::Server::open(site.folder / "2.sock", "daemon", site.view, *site.loop);
  ASSERT_TRUE(server);
  EXPECT_EQ(status_of(site.folder / "2.sock").st_gid, daemon->gr_gid);
}

TEST(OperatorSocket, OpensWithAWarningWhereTheGroupIsMissing) {
  Site site;
  ::testing::internal::CaptureStderr();
  const auto server = op::Server::open(site.folder / "2.sock", "no-such-group", site.view, *site.loop);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              HasSubstr("<4>operator: there is no group `no-such-group`"));
  EXPECT_TRUE(server);
}

TEST(OperatorSocket, MakesItsFolder) {
  Site site;
  const auto server = op::Server::open(site.folder / "run/gate41/2.sock", "root", site.view, *site.loop);
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_TRUE(S_ISSOCK(status_of(site.folder / "run/gate41/2.sock").st_mode));
}

TEST(OperatorSocket, IsRemovedAtTheEnd) {
  Site site;
  site.server.reset();
  EXPECT_FALSE(std::filesystem::exists(site.path));
}

TEST(OperatorSocket, ReplacesThatOfADeadDaemon) {
  Site site;
  const std::string stale = site.folder / "stale.sock";
  {
    auto dead = op::Server::open(site.folder / "dead.sock", "root", site.view, *site.loop);
    ASSERT_TRUE(dead);
    std::filesystem::rename(site.folder / "dead.sock", stale);  // so that it is left over
  }
  ASSERT_TRUE(std::filesystem::exists(stale));
  auto opened = op::Server::open(stale, "root", site.view, *site.loop);
  ASSERT_TRUE(opened) << opened.error().message;
  Peer peer(stale);
  peer.ask("version");
  EXPECT_TRUE(site.answered(peer));
}

TEST(OperatorSocket, OfALivingDaemonIsAnErrorWithARemedy) {
  Site site;
  const auto second = op::Server::open(site.path, "root", site.view, *site.loop);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr(site.path + ": another gate41d answers there"));
  EXPECT_THAT(second.error().message, HasSubstr("`instance`"));
  Peer peer = site.connect();
  peer.ask("version");
  EXPECT_TRUE(site.answered(peer)) << "the first one was disturbed";
}

TEST(OperatorSocket, LeavesAFileInItsPlaceAlone) {
  Site site;
  const std::string path = site.folder / "notes";
  std::ofstream(path) << "precious";
  const auto server = op::Server::open(path, "root", site.view, *site.loop);
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error().message, HasSubstr("is not a socket; remove it"));
  EXPECT_EQ(std::filesystem::file_size(path), 8U);
}

TEST(OperatorSocket, RefusesAPathThatIsTooLong) {
  Site site;
  const auto server = op::Server::open(site.folder / std::string(108, 'x'), "root", site.view, *site.loop);
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error().message, HasSubstr("107 bytes"));
}

TEST(OperatorSocket, ServesSixteenClientsAndTellsTheNextToTryAgain) {
  Site site;
  std::vector<Peer> peers;
  for (int i = 0; i < 16; ++i) peers.push_back(site.connect());
  site.settle();
  Peer late = site.connect();
  ASSERT_TRUE(site.closed(late));
  EXPECT_THAT(error_of(late.values().front()), HasSubstr("too many clients"));
  peers.back().ask("version");
  EXPECT_TRUE(site.answered(peers.back()));
  peers.front().hang_up();
  site.settle();
  Peer again = site.connect();
  again.ask("version");
  EXPECT_TRUE(site.answered(again));
}

TEST(OperatorSocket, HangsUpOnAClientThatAsksNothingForAMinute) {
  Site site;
  Peer peer = site.connect();
  site.settle();
  const TimePoint t = TimePoint(std::chrono::seconds(1000));
  site.server->on_turn(t);
  EXPECT_EQ(site.server->next_deadline(), t + std::chrono::seconds(60));
  site.server->on_turn(t + std::chrono::milliseconds(59'999));
  peer.read();
  EXPECT_FALSE(peer.closed());
  site.server->on_turn(t + std::chrono::seconds(60));
  EXPECT_TRUE(site.closed(peer));
}

TEST(OperatorSocket, HangsUpOnAClientThatReadsNothingForAMinute) {
  Site site;
  site.view.status_override = {{"padding", std::string(4'000'000, 'x')}};
  Peer peer = site.connect();
  peer.ask("status");
  ASSERT_TRUE(site.until([&] { return !site.view.asked.empty(); }));
  site.settle();
  const TimePoint t = TimePoint(std::chrono::seconds(1000));
  site.server->on_turn(t);
  site.server->on_turn(t + std::chrono::seconds(60));
  ASSERT_TRUE(site.closed(peer));
  EXPECT_LT(peer.received(), 4'000'000U);
}

TEST(OperatorSocket, AViewThatIsSlowIsNotTheClientsSilence) {
  Site site;
  Peer peer = site.connect();
  peer.ask("flows");
  ASSERT_TRUE(site.until([&] { return site.view.flows_done != nullptr; }));
  const TimePoint t = TimePoint(std::chrono::seconds(1000));
  site.server->on_turn(t);
  site.server->on_turn(t + std::chrono::minutes(5));
  site.view.flows_done();
  EXPECT_TRUE(site.answered(peer));
}

}  // namespace
}  // namespace gate41::testing
