// The return codes of dyndns2 and what else a line may hold.
#include "control/broker/answer.hpp"

#include <gtest/gtest.h>

namespace gate41::broker {
namespace {

Verdict verdict_of(std::string_view line) { return read_answer(line).verdict; }

// proves: U1
TEST(BrokerAnswer, GoodAndNochgAreWhatABrokerAccepts) {
  for (const char* line : {"good", "nochg", "good 11.0.0.2", "nochg 11.0.0.2"})
    EXPECT_EQ(verdict_of(line), Verdict::accepted) << line;
}

// proves: U1
TEST(BrokerAnswer, AnswersAboutAccountAndHostAreFinal) {
  for (const char* line :
       {"badauth", "!donator", "notfqdn", "nohost", "!yours", "numhost", "abuse", "badagent"})
    EXPECT_EQ(verdict_of(line), Verdict::refused) << line;
}

TEST(BrokerAnswer, GoodForTheLoopbackMeansThatTheClientIsIgnored) {
  EXPECT_EQ(verdict_of("good 127.0.0.1"), Verdict::refused);
}

// proves: U1
TEST(BrokerAnswer, TroubleOfTheBrokerIsNotFinal) {
  EXPECT_EQ(verdict_of("911"), Verdict::overloaded);
  EXPECT_EQ(verdict_of("dnserr"), Verdict::overloaded);
}

// proves: U1
TEST(BrokerAnswer, AnythingElseMakesNoSense) {
  for (const char* line :
       {"", " ", "<!DOCTYPE html>", "goody", "GOOD", "good\t11.0.0.2", "911x", "-ERROR: x", "ok"})
    EXPECT_EQ(verdict_of(line), Verdict::senseless) << line;
}

// proves: U1
TEST(BrokerAnswer, ShowsWhatMakesNoSense) {
  EXPECT_EQ(read_answer("<!DOCTYPE html>").text, "its answer is none of a broker: \"<!DOCTYPE html>\"");
}

TEST(BrokerAnswer, NamesTheCodeOfARefusal) {
  EXPECT_EQ(read_answer("badauth").text, "the user name or the password is wrong (badauth)");
  EXPECT_EQ(read_answer("nohost and more").text, "the account has no such host (nohost)");
}

TEST(BrokerAnswer, IsShownWithoutAnythingThatMovesATerminal) {
  EXPECT_EQ(shown("a\x1b[2J\r\n\x80\xc3\xa9~ z"), "a?[2J?????~ z");
}

TEST(BrokerAnswer, IsShownUpToItsLimit) {
  EXPECT_EQ(shown(std::string(kMaxShownBytes, 'x')), std::string(kMaxShownBytes, 'x'));
  EXPECT_EQ(shown(std::string(kMaxShownBytes + 1, 'x')), std::string(kMaxShownBytes - 3, 'x') + "...");
}

}  // namespace
}  // namespace gate41::broker
