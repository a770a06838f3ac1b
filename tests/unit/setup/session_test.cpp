#include "control/setup/session.hpp"

#include <algorithm>
#include <gmock/gmock.h>

#include "config/loader.hpp"

namespace gate41::setup {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kMinimal = R"(role: gateway
ports:
  wan: { device: "0000:00:03.0" }
  lan: { device: "0000:00:04.0" }
wan: { port: wan }
tunnels:
  main: { mode: auto, relays: [192.88.99.1] }
lans:
  home: { port: lan }
)";

class SessionTest : public ::testing::Test {
 protected:
  // The number of a question on the screen, by its label.
  std::string number_of(const std::string& label) const {
    const std::string screen = session_.screen();
    const std::size_t at = screen.find("  " + label + "  ");
    if (at == std::string::npos) return "?";
    return screen.substr(screen.rfind('\n', at) + 1, 3);
  }
  void set(const std::string& label, const std::string& value) {
    session_.on_line(number_of(label));
    session_.on_line(value);
  }
  void with_password() {
    session_.on_line(number_of("console's password"));
    session_.on_line("a secret word");
    session_.on_line("a secret word");
    session_.on_saved("Saved.");
  }
  const std::string& text() const { return session_.now().configuration.text(); }
  config::Checked<config::Config> loaded() const { return config::load_text(text(), "test"); }

  Session session_{{.configuration = Document::parse(kMinimal).value(),
                    .login_file = "/data/broker",
                    .login = "",
                    .keymap = "us"},
                   {"de", "us"}};
};

TEST_F(SessionTest, ShowsWhatIsSet) {
  EXPECT_THAT(session_.screen(), HasSubstr("WAN address             dhcp"));
  EXPECT_THAT(session_.screen(), HasSubstr("tunnel mode             auto"));
  EXPECT_THAT(session_.screen(), HasSubstr("relays                  192.88.99.1"));
  EXPECT_THAT(session_.screen(), Not(HasSubstr("WAN gateway")));
}

TEST_F(SessionTest, FitsOnAScreenOf25Rows) {
  set("tunnel mode", "6in4");
  set("broker", "https://broker.example/update");
  set("WAN address", "11.0.0.2/24");
  const std::string screen = session_.screen();
  EXPECT_LE(std::count(screen.begin(), screen.end(), '\n'), 24) << screen;
}

// proves: S80 S82
TEST_F(SessionTest, SetsAStaticAddress) {
  set("WAN address", "11.0.0.2/24");
  set("WAN gateway", "11.0.0.1");
  set("WAN name servers", "11.0.0.53");
  ASSERT_TRUE(loaded()) << text();
  set("WAN address", "dhcp");
  ASSERT_TRUE(loaded()) << text();
  EXPECT_THAT(text(), Not(HasSubstr("11.0.0.")));
}

TEST_F(SessionTest, SetsA6rdDomain) {
  set("tunnel mode", "6rd");
  EXPECT_THAT(session_.screen(), HasSubstr("! tunnels.main.6rd"));
  set("6rd prefix", "2600:41::/32");
  set("6rd IPv4 mask length", "0");
  ASSERT_TRUE(loaded()) << text();
  EXPECT_THAT(session_.screen(), Not(HasSubstr("!")));
}

TEST_F(SessionTest, SetsABrokersTunnel) {
  set("tunnel mode", "6in4");
  set("6in4 other end", "11.0.0.9");
  set("6in4 own address", "2600:42:0:2::2/64");
  set("6in4 routed prefix", "2600:42:1::/48");
  ASSERT_TRUE(loaded()) << text();
  set("broker", "https://broker.example/update");
  set("broker: tunnel", "123456");
  set("broker: login", "user:word");
  ASSERT_TRUE(loaded()) << text() << loaded().error().front().to_string();
  EXPECT_EQ(session_.now().login, "user:word");
  EXPECT_THAT(session_.screen(), Not(HasSubstr("user:word")));
  EXPECT_THAT(text(), HasSubstr("credentials: /data/broker"));
}

// proves: S75
TEST_F(SessionTest, TakesAKeymapThatThereIs) {
  set("keymap", "xx");
  session_.on_line("s");
  EXPECT_THAT(session_.screen(), HasSubstr("! keymap: there is no such; those that there are: de, us"));
  EXPECT_EQ(session_.on_line("y"), Wish::nothing);
  set("keymap", "de");
  session_.on_line("s");
  EXPECT_THAT(session_.screen(), HasSubstr("- keymap: us\n+ keymap: de"));
  EXPECT_EQ(session_.on_line("y"), Wish::save);
}

// proves: S74
TEST_F(SessionTest, TakesAPasswordThatIsTypedTwice) {
  session_.on_line(number_of("console's password"));
  session_.on_line(" a secret word ");
  session_.on_line(" a secret word ");
  EXPECT_EQ(session_.now().new_password, " a secret word ");
  session_.on_line("s");
  EXPECT_THAT(session_.screen(), HasSubstr("+ a new password of the console"));
  EXPECT_EQ(session_.on_line("y"), Wish::save);
}

TEST_F(SessionTest, ShowsNoPassword) {
  session_.on_line(number_of("console's password"));
  EXPECT_TRUE(session_.hides());
  session_.on_line("a secret word");
  EXPECT_TRUE(session_.hides());
  EXPECT_THAT(session_.screen(), Not(HasSubstr("secret")));
  session_.on_line("a secret word");
  EXPECT_FALSE(session_.hides());
  session_.on_line("d");
  EXPECT_THAT(session_.screen(), Not(HasSubstr("secret")));
}

TEST_F(SessionTest, LeavesThePasswordThatIsTypedDifferently) {
  session_.on_line(number_of("console's password"));
  session_.on_line("a secret word");
  session_.on_line("a secret work");
  EXPECT_EQ(session_.now().new_password, std::nullopt);
  EXPECT_THAT(session_.screen(), HasSubstr("two different ones"));
}

TEST_F(SessionTest, TakesAPasswordAway) {
  with_password();
  set("console's password", "none");
  EXPECT_EQ(session_.now().new_password, "");
  session_.on_line("s");
  EXPECT_THAT(session_.screen(), HasSubstr("- the console's password"));
  session_.on_line("y");
  session_.on_saved("Saved.");
  EXPECT_THAT(session_.screen(), HasSubstr("console's password      none"));
}

TEST_F(SessionTest, DiffersNotByNoPasswordWhereThereWasNone) {
  set("console's password", "none");
  session_.on_line("s");
  EXPECT_THAT(session_.screen(), HasSubstr("Nothing differs"));
}

TEST_F(SessionTest, DoesNotUndoAPasswordThatWasSaved) {
  with_password();
  session_.on_line("u");
  EXPECT_EQ(session_.now(), session_.saved());
  EXPECT_THAT(session_.screen(), HasSubstr("console's password      as it is"));
}

TEST_F(SessionTest, LeavesTheKeymapOfAnothersMachine) {
  const Session session(
      {.configuration = Document::parse(kMinimal).value(), .login_file = "", .login = "", .keymap = ""}, {});
  EXPECT_THAT(session.screen(), Not(HasSubstr("keymap")));
  EXPECT_THAT(session.screen(), Not(HasSubstr("password")));
}

TEST_F(SessionTest, TakesWithAModeWhatOnlyItHas) {
  set("tunnel mode", "6rd");
  set("6rd prefix", "2600:41::/32");
  set("tunnel mode", "6to4");
  ASSERT_TRUE(loaded()) << text();
}

// proves: S82
TEST_F(SessionTest, ShowsWhatDiffersBeforeItSaves) {
  set("tunnel mode", "6to4");
  EXPECT_EQ(session_.on_line("s"), Wish::nothing);
  EXPECT_THAT(session_.screen(), HasSubstr("\n- "));
  EXPECT_THAT(session_.screen(), HasSubstr("mode: 6to4"));
  EXPECT_EQ(session_.on_line("y"), Wish::save);
}

TEST_F(SessionTest, SaysThatCommentsGo) {
  session_ = Session({.configuration = Document::parse(std::string("# mine\n") + kMinimal).value(),
                      .login_file = "",
                      .login = "",
                      .keymap = "us"},
                     {"de", "us"});
  set("keymap", "de");
  session_.on_line("d");
  EXPECT_THAT(session_.screen(), Not(HasSubstr("comments")));
  set("tunnel mode", "6to4");
  session_.on_line("s");
  EXPECT_THAT(session_.screen(), HasSubstr("- all comments of the file"));
  session_.on_line("y");
  session_.on_saved("Saved.");
  set("tunnel mode", "auto");
  session_.on_line("d");
  EXPECT_THAT(session_.screen(), Not(HasSubstr("- all comments")));
}

TEST_F(SessionTest, SavesNothingThatIsNotConfirmed) {
  set("tunnel mode", "6to4");
  session_.on_line("s");
  EXPECT_EQ(session_.on_line(""), Wish::nothing);
}

// proves: S82
TEST_F(SessionTest, SavesNothingThatTheLoaderRefuses) {
  set("tunnel mode", "6in5");
  session_.on_line("s");
  EXPECT_THAT(session_.screen(), HasSubstr("! tunnels.main.mode"));
  EXPECT_THAT(session_.screen(), HasSubstr("cannot be saved"));
  EXPECT_EQ(session_.on_line("y"), Wish::nothing);
}

TEST_F(SessionTest, UndoesChangeByChange) {
  const std::string before = text();
  set("tunnel mode", "6to4");
  set("relays", "11.0.0.3");
  session_.on_line("u");
  EXPECT_THAT(session_.screen(), HasSubstr("6to4"));
  session_.on_line("u");
  EXPECT_EQ(text(), before);
  session_.on_line("u");
  EXPECT_THAT(session_.screen(), HasSubstr("nothing to undo"));
}

TEST_F(SessionTest, UndoesWhatWasSavedToo) {
  const std::string before = text();
  set("tunnel mode", "6to4");
  session_.on_saved("Saved.");
  session_.on_line("u");
  EXPECT_EQ(text(), before);
  session_.on_line("s");
  EXPECT_EQ(session_.on_line("y"), Wish::save);
}

TEST_F(SessionTest, AsksBeforeChangesAreLost) {
  EXPECT_EQ(session_.on_line("q"), Wish::leave);
  set("tunnel mode", "6to4");
  EXPECT_EQ(session_.on_line("q"), Wish::nothing);
  EXPECT_EQ(session_.on_line("n"), Wish::nothing);
  EXPECT_EQ(session_.on_line("q"), Wish::nothing);
  EXPECT_EQ(session_.on_line("y"), Wish::leave);
}

TEST_F(SessionTest, LeavesAValueThatIsNotTyped) {
  const std::string before = text();
  set("tunnel mode", "");
  EXPECT_EQ(text(), before);
}

TEST_F(SessionTest, SaysWhenThereIsNoSuchChoice) {
  for (const char* line : {"99", "0", "-1", "x", "1x"}) {
    session_.on_line(line);
    EXPECT_THAT(session_.screen(), HasSubstr("There is no such choice.")) << line;
  }
}

}  // namespace
}  // namespace gate41::setup
