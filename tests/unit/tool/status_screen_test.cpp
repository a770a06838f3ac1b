#include "control/tool/status_screen.hpp"

#include <gmock/gmock.h>

namespace gate41::tool {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr ScreenSize kVga{.columns = 80, .rows = 25};

std::string whole(StatusScreen& screen, const ScreenContent& content, ScreenSize size = kVga) {
  std::string text;
  for (const std::string& row : screen.rows(content, size)) text += row + '\n';
  return text;
}

ScreenContent running() { return {.daemon = "gate41 0.1.0, healthy\n", .log = "first\nlast\n"}; }

TEST(StatusScreenTest, FillsTheScreenWithTheKeysAtItsBottom) {
  StatusScreen screen(false);
  const auto rows = screen.rows(running(), kVga);
  EXPECT_EQ(rows.size(), 25U);
  EXPECT_EQ(rows.front(), "gate41 0.1.0, healthy");
  EXPECT_THAT(rows.back(), HasSubstr("d doctor  l log  q quit"));
}

// proves: S86
TEST(StatusScreenTest, SaysWhyTheDaemonDoesNotAnswer) {
  StatusScreen screen(true);
  const std::string text =
      whole(screen, {.trouble = "no daemon at /run/gate41/gate41.sock",
                     .machine = "gate41d\tbad\tstarts again: ended with status 1: no huge pages\n",
                     .log = "   12.345 gate41d: no huge pages\n"});
  EXPECT_THAT(text, HasSubstr("THE DAEMON DOES NOT ANSWER"));
  EXPECT_THAT(text, HasSubstr("no daemon at /run/gate41/gate41.sock"));
  EXPECT_THAT(text, HasSubstr("! gate41d       starts again: ended with status 1: no huge pages"));
  EXPECT_THAT(text, HasSubstr("   12.345 gate41d: no huge pages"));
}

TEST(StatusScreenTest, SaysForHowLongTheDaemonHasBeenSilent) {
  StatusScreen screen(false);
  EXPECT_THAT(whole(screen, {.trouble = "it is silent", .silent = std::chrono::seconds(7)}),
              HasSubstr("THE DAEMON DOES NOT ANSWER, for 7 s now"));
}

TEST(StatusScreenTest, ShowsWhatTheLogSaidLastWhereTheDaemonDoesNotAnswer) {
  StatusScreen screen(true);
  std::string log;
  for (int i = 0; i < 100; ++i) log += "line " + std::to_string(i) + '\n';
  const std::string text = whole(screen, {.trouble = "no daemon", .log = log});
  EXPECT_THAT(text, HasSubstr("line 99\n"));
  EXPECT_THAT(text, Not(HasSubstr("space more")));
}

TEST(StatusScreenTest, IsPaintedLessOftenWhereNobodyTypes) {
  EXPECT_EQ(repaint_after(std::chrono::seconds(59)), std::chrono::seconds(1));
  EXPECT_EQ(repaint_after(std::chrono::seconds(60)), std::chrono::seconds(30));
}

TEST(StatusScreenTest, ShowsTheMachinesStatesBesideTheDaemons) {
  StatusScreen screen(true);
  ScreenContent content = running();
  content.machine = "data\tok\t/dev/vda5 keeps it\n";
  EXPECT_THAT(whole(screen, content), HasSubstr("  data          /dev/vda5 keeps it"));
}

TEST(StatusScreenTest, LetsNoTextSteerTheTerminal) {
  StatusScreen screen(false);
  EXPECT_THAT(whole(screen, {.trouble = "\x1b[2J", .machine = "a\tok\t\x1b[2J\n"}),
              Not(HasSubstr("\x1b[2J")));
}

TEST(StatusScreenTest, TurnsItsPagesByKeys) {
  StatusScreen screen(false);
  screen.on_key('d');
  EXPECT_EQ(screen.page(), Page::doctor);
  screen.on_key('l');
  EXPECT_EQ(screen.page(), Page::log);
  EXPECT_EQ(screen.on_key('q'), Wish::nothing);
  EXPECT_EQ(screen.page(), Page::status);
  EXPECT_EQ(screen.on_key('q'), Wish::quit);
}

TEST(StatusScreenTest, ShowsTheEndOfTheLogAndGoesBackInIt) {
  StatusScreen screen(false);
  screen.on_key('l');
  const ScreenContent content{.log = "1\n2\n3\n4\n5\n"};
  const ScreenSize size{.columns = 80, .rows = 3};
  EXPECT_THAT(screen.rows(content, size), ElementsAre("4", "5", HasSubstr("space more")));
  screen.on_key(' ');
  EXPECT_THAT(screen.rows(content, size), ElementsAre("2", "3", HasSubstr("space more")));
  screen.on_key(' ');
  EXPECT_THAT(screen.rows(content, size), ElementsAre("1", "2", HasSubstr("space more")));
  screen.on_key(' ');
  EXPECT_THAT(screen.rows(content, size), ElementsAre("4", "5", HasSubstr("space more")));
}

TEST(StatusScreenTest, ShowsWhatDoesNotFitAfterSpace) {
  StatusScreen screen(false);
  const ScreenContent content{.daemon = "1\n2\n3\n"};
  const ScreenSize size{.columns = 80, .rows = 3};
  EXPECT_THAT(screen.rows(content, size), ElementsAre("1", "2", HasSubstr("space more")));
  screen.on_key(' ');
  EXPECT_THAT(screen.rows(content, size), ElementsAre("3", "", HasSubstr("space more")));
}

// proves: S20
TEST(StatusScreenTest, PowersTheApplianceOffOnceItIsConfirmed) {
  StatusScreen screen(true);
  EXPECT_EQ(screen.on_key('p'), Wish::nothing);
  EXPECT_THAT(whole(screen, running()), HasSubstr("power the machine off?"));
  EXPECT_EQ(screen.on_key('y'), Wish::power_off);
}

TEST(StatusScreenTest, LeavesTheApplianceOnWhenItIsNotConfirmed) {
  StatusScreen screen(true);
  screen.on_key('p');
  EXPECT_EQ(screen.on_key('d'), Wish::nothing);
  EXPECT_EQ(screen.page(), Page::status);
  EXPECT_THAT(whole(screen, running()), Not(HasSubstr("power the machine off?")));
}

TEST(StatusScreenTest, SetsUpAndCapturesOnTheAppliance) {
  StatusScreen screen(true);
  EXPECT_EQ(screen.on_key('s'), Wish::set_up);
  EXPECT_EQ(screen.on_key('c'), Wish::capture);
}

// proves: S74
TEST(StatusScreenTest, GuardsWhatChangesTheApplianceOrTellsItsLog) {
  StatusScreen screen(true);
  for (const int key : {'s', 'l', 'c', 'p'}) EXPECT_TRUE(screen.is_guarded(key)) << key;
  for (const int key : {'d', 'q', ' '}) EXPECT_FALSE(screen.is_guarded(key)) << key;
  screen.on_key('p');
  EXPECT_FALSE(screen.is_guarded('p')) << "an answer to the question";
  EXPECT_FALSE(StatusScreen(false).is_guarded('l'));
}

TEST(StatusScreenTest, SaysInPlaceOfTheKeysWhyTheyDoNothing) {
  StatusScreen screen(true);
  ScreenContent content = running();
  content.refusal = "wrong password; the next try is in 2 s";
  EXPECT_THAT(screen.rows(content, kVga).back(), HasSubstr("wrong password; the next try is in 2 s"));
}

TEST(StatusScreenTest, NeverEndsOnTheAppliance) {
  StatusScreen screen(true);
  for (const int key : {int{'q'}, 0x1b, 0x03}) EXPECT_EQ(screen.on_key(key), Wish::nothing);
}

TEST(StatusScreenTest, HasNoPowerOverAnothersMachine) {
  StatusScreen screen(false);
  for (const int key : {'s', 'c', 'p', 'y'}) EXPECT_EQ(screen.on_key(key), Wish::nothing);
}

}  // namespace
}  // namespace gate41::tool
