#include "appliance/init/power_button.hpp"

#include <fcntl.h>
#include <linux/input.h>
#include <sys/stat.h>

#include "tests/unit/appliance/folder.hpp"

namespace gate41::testing {
namespace {

// A pipe in the file system in place of an input device.
class PowerButtonTest : public ::testing::Test {
 protected:
  PowerButtonTest() { ::mkfifo(path_.c_str(), 0600); }

  void send(uint16_t type, uint16_t code, int32_t value) {
    input_event event{};
    event.type = type;
    event.code = code;
    event.value = value;
    ASSERT_EQ(::write(device_.get(), &event, sizeof event), static_cast<ssize_t>(sizeof event));
  }
  int presses_of(uint16_t type, uint16_t code, int32_t value) {
    appliance::PowerButton button(*loop_, folder_.path(), [this] { ++presses_; });
    device_.reset(::open(path_.c_str(), O_WRONLY));
    send(type, code, value);
    loop_->turn(std::nullopt);
    return presses_;
  }

  Folder folder_;
  std::filesystem::path path_ = folder_.path() / "event0";
  std::unique_ptr<loop::EventLoop> loop_ = loop::EventLoop::create().value();
  loop::Fd device_;
  int presses_ = 0;
};

// proves: S20 S37
TEST_F(PowerButtonTest, IsPressed) { EXPECT_EQ(presses_of(EV_KEY, KEY_POWER, 1), 1); }

TEST_F(PowerButtonTest, IsNotPressedByItsRelease) { EXPECT_EQ(presses_of(EV_KEY, KEY_POWER, 0), 0); }

TEST_F(PowerButtonTest, IsNotPressedByAnotherKey) { EXPECT_EQ(presses_of(EV_KEY, KEY_ENTER, 1), 0); }

TEST_F(PowerButtonTest, IsNotPressedByWhatIsNoKey) { EXPECT_EQ(presses_of(EV_MSC, KEY_POWER, 1), 0); }

TEST_F(PowerButtonTest, IsForgottenWhenItsDeviceGoes) {
  appliance::PowerButton button(*loop_, folder_.path(), [] {});
  device_.reset(::open(path_.c_str(), O_WRONLY));
  EXPECT_TRUE(button.found());
  device_.reset();
  loop_->turn(std::nullopt);
  EXPECT_FALSE(button.found());
}

TEST_F(PowerButtonTest, IsFoundWhenItAppearsLater) {
  std::filesystem::rename(path_, folder_.path() / "mouse0");
  appliance::PowerButton button(*loop_, folder_.path(), [] {});
  EXPECT_FALSE(button.found());
  std::filesystem::rename(folder_.path() / "mouse0", path_);
  button.look();
  EXPECT_TRUE(button.found());
}

}  // namespace
}  // namespace gate41::testing
