// What components say of themselves.
#include "control/daemon/component_states.hpp"

#include "tests/unit/daemon/site.hpp"

namespace gate41::testing {

TEST(NativeState, WaitsForDuplicateAddressDetectionAndSaysOfWhichAddress) {
  const ComponentState state = native_state("lan.native", {ip6("2600:41::3")});
  EXPECT_FALSE(state.ok);
  EXPECT_EQ(state.sentence, "waiting for duplicate address detection of 2600:41::3");
}

TEST(NativeState, IsReadyWhenEveryAddressIsInUse) { EXPECT_TRUE(native_state("lan.native", {}).ok); }

class SyslogState : public ::testing::Test {
 protected:
  ComponentState state(const std::string& trouble = "") const {
    return syslog_state(ip4("11.0.0.5"), outbox_, trouble);
  }
  syslog::Outbox outbox_{{"router", "gate41d", 41}};
};

TEST_F(SyslogState, TellsWhereTheLogGoes) {
  outbox_.add(LogLevel::info, "a line", {});
  outbox_.pop({});
  EXPECT_EQ(state().sentence, "the log goes to 11.0.0.5 (1 sent)");
  EXPECT_FALSE(state().warning);
}

TEST_F(SyslogState, TellsWhyLinesWaitWithoutMakingTheRouterIll) {
  outbox_.add(LogLevel::info, "a line", {});
  EXPECT_EQ(state("no route").sentence, "the log does not get to 11.0.0.5 (1 waiting): no route");
  EXPECT_TRUE(state("no route").ok);
}

TEST_F(SyslogState, WarnsOfLinesThatAreLost) {
  for (std::size_t i = 0; i < syslog::Outbox::kMost + 2; ++i) outbox_.add(LogLevel::info, "a line", {});
  EXPECT_NE(state().sentence.find("2 lost"), std::string::npos) << state().sentence;
  EXPECT_TRUE(state().warning);
}

}  // namespace gate41::testing
