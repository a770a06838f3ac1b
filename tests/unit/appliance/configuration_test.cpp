#include "appliance/init/configuration.hpp"

#include <gmock/gmock.h>

#include "control/loop/checked_file.hpp"
#include "tests/unit/appliance/folder.hpp"

namespace gate41::testing {
namespace {

using ::testing::ElementsAre;

class ConfigurationTest : public ::testing::Test {
 protected:
  ConfigurationTest() { machine_.put("shipped", "shipped"); }

  void save(const std::string& text) {
    std::filesystem::create_directories(places_.data);
    ASSERT_TRUE(loop::write_checked(places_.data, "gate41.yaml", text));
  }
  std::vector<std::string> texts() const {
    std::vector<std::string> list;
    for (const auto& one : appliance::find_configurations(places_)) list.push_back(one.text);
    return list;
  }
  std::string trouble() const { return appliance::find_configurations(places_).front().trouble; }

  Folder machine_;
  void give(const std::string& text) const {
    machine_.put("sys/firmware/qemu_fw_cfg/by_name/opt/gate41/config/raw", text);
  }
  appliance::ConfigurationPlaces places_{machine_.path() / "data", machine_.path() / "sys",
                                         machine_.path() / "dev", machine_.path() / "shipped"};
};

TEST_F(ConfigurationTest, IsTheImagesOwnOnTheFirstBoot) {
  EXPECT_THAT(texts(), ElementsAre("shipped"));
  EXPECT_EQ(trouble(), "");
}

// proves: S73
TEST_F(ConfigurationTest, IsTheVirtualMachinesWhenItGivesOne) {
  give("given");
  EXPECT_THAT(texts(), ElementsAre("given", "shipped"));
}

// proves: S73
TEST_F(ConfigurationTest, IsTheSavedOneOnceThereIsOne) {
  give("given");
  save("saved");
  EXPECT_THAT(texts(), ElementsAre("saved", "given", "shipped"));
}

TEST_F(ConfigurationTest, IsVmwaresAfterTheOtherOnesFromOutside) {
  places_.guest_info = [](const std::string&) { return "dm13YXJlJ3M="; };
  EXPECT_THAT(texts(), ElementsAre("vmware's", "shipped"));
  give("given");
  EXPECT_THAT(texts(), ElementsAre("given", "vmware's", "shipped"));
}

// proves: S21
TEST_F(ConfigurationTest, IsTheLastGoodCopyOfABrokenOne) {
  save("older");
  save("newer");
  machine_.put("data/gate41.yaml", "torn");
  EXPECT_THAT(texts(), ElementsAre("older", "shipped"));
  EXPECT_NE(trouble().find("is broken, its last good copy is used"), std::string::npos) << trouble();
}

// proves: S21
TEST_F(ConfigurationTest, IsTheImagesOwnWithAReasonWhenNothingSavedIsGood) {
  machine_.put("data/gate41.yaml", "torn");
  EXPECT_THAT(texts(), ElementsAre("shipped"));
  EXPECT_NE(trouble().find("is broken"), std::string::npos) << trouble();
}

TEST(ChooseTest, PassesOverWhatTheDaemonRefused) {
  const std::vector<appliance::Configuration> found{{"a", "1", ""}, {"b", "2", ""}};
  EXPECT_EQ(appliance::choose(found, {}).text, "1");
  EXPECT_EQ(appliance::choose(found, {"1"}).text, "2");
  EXPECT_EQ(appliance::choose(found, {"1", "2"}).text, "1");
}

}  // namespace
}  // namespace gate41::testing
