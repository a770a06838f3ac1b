#include "appliance/init/boot_slot.hpp"

#include "tests/unit/appliance/folder.hpp"

namespace gate41::testing {
namespace {

std::string environment(const std::string& values) {
  std::string text = "# GRUB Environment Block\n" + values;
  text.resize(1024, '#');
  return text;
}

TEST(RunningSlotTest, IsTheKernelsWord) {
  EXPECT_EQ(appliance::running_slot("root=/dev/sda3 gate41.slot=b quiet\n"), "b");
  EXPECT_EQ(appliance::running_slot("quiet gate41.slot=a\n"), "a");
  EXPECT_EQ(appliance::running_slot("quiet\n"), "");
}

TEST(WithValueTest, ReplacesOrAddsAValueAndKeepsTheOthers) {
  EXPECT_EQ(appliance::with_value(environment("trial=b\n"), "current", "b"),
            environment("trial=b\ncurrent=b\n"));
  EXPECT_EQ(appliance::with_value(environment("current=a\ntrial=\n"), "current", "b"),
            environment("trial=\ncurrent=b\n"));
}

TEST(WithValueTest, RefusesWhatDoesNotFit) {
  EXPECT_FALSE(appliance::with_value(environment("x=" + std::string(990, 'y') + "\n"), "current", "b"));
}

class ConfirmSlotTest : public ::testing::Test {
 protected:
  ConfirmSlotTest() {
    machine_.put("sys/class/block/vda2/uevent", "DEVNAME=vda2\nPARTNAME=gate41-esp\n");
    machine_.put("sys/class/block/vda3/uevent", "DEVNAME=vda3\nPARTNAME=gate41-a\n");
  }
  std::string confirm(const std::string& slot) const {
    return appliance::confirm_slot(machine_.path() / "sys", machine_.path() / "dev", slot);
  }
  bool is_on_trial(const std::string& slot) const {
    return appliance::is_on_trial(machine_.path() / "sys", machine_.path() / "dev", slot);
  }
  Folder machine_;
  const std::string front_ = std::string(5 * 512, 'f');
  const std::string back_ = std::string(3 * 512, 'b');
};

TEST_F(ConfirmSlotTest, WritesTheSlotAndNothingElse) {
  machine_.put("dev/vda2", front_ + environment("current=a\n") + back_);
  EXPECT_EQ(confirm("b"), "");
  EXPECT_EQ(machine_.text("dev/vda2"), front_ + environment("current=b\n") + back_);
}

TEST_F(ConfirmSlotTest, FindsWhatLiesFarBackInThePartition) {
  const std::string front(192 * 1024 - 512, 'f');  // across a border of what is read at once
  machine_.put("dev/vda2", front + environment("current=a\n"));
  EXPECT_EQ(confirm("b"), "");
  EXPECT_EQ(machine_.text("dev/vda2"), front + environment("current=b\n"));
}

TEST_F(ConfirmSlotTest, WritesIntoNothingThatIsCutOff) {
  machine_.put("dev/vda2", front_ + environment("current=a\n").substr(0, 1000));
  EXPECT_NE(confirm("b").find("has no grubenv"), std::string::npos);
}

TEST_F(ConfirmSlotTest, TheOtherSlotIsOnTrialUntilItIsConfirmed) {
  machine_.put("dev/vda2", front_ + environment("current=a\ntrial=\n") + back_);
  EXPECT_FALSE(is_on_trial("a"));
  EXPECT_TRUE(is_on_trial("b"));
  EXPECT_EQ(confirm("b"), "");
  EXPECT_FALSE(is_on_trial("b"));
}

TEST_F(ConfirmSlotTest, NoSlotIsOnTrialWhereThatCannotBeTold) {
  machine_.put("dev/vda2", front_);
  EXPECT_FALSE(is_on_trial("b"));
}

TEST_F(ConfirmSlotTest, SaysWhyItCannot) {
  machine_.put("dev/vda2", front_);
  EXPECT_NE(confirm("b").find("has no grubenv"), std::string::npos);
  std::filesystem::remove_all(machine_.path() / "sys/class/block/vda2");
  EXPECT_EQ(confirm("b"), "no partition has the name gate41-esp");
}

}  // namespace
}  // namespace gate41::testing
