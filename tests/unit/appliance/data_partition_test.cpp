#include "appliance/init/data_partition.hpp"

#include <vector>

#include "tests/unit/appliance/folder.hpp"

namespace gate41::testing {
namespace {

// The fields that matter of an ext4 file system's beginning.
std::string ext4(const std::string& label) {
  std::string head(2048, '\0');
  head.replace(1024 + 0x38, 2, "\x53\xef");
  head.replace(1024 + 0x78, label.size(), label);
  return head;
}

std::optional<std::string> label_of(const std::string& head) {
  return appliance::ext4_label(std::as_bytes(std::span(head)));
}

TEST(Ext4LabelTest, EndsWithItsFieldOrAZero) {
  EXPECT_EQ(label_of(ext4("gate41-data")), "gate41-data");
  EXPECT_EQ(label_of(ext4("sixteen letters!")), "sixteen letters!");
  EXPECT_EQ(label_of(ext4("")), "");
}

TEST(Ext4LabelTest, IsAbsentFromWhatIsNoExt4) {
  EXPECT_EQ(label_of(std::string(2048, '\0')), std::nullopt);
  EXPECT_EQ(label_of(ext4("gate41-data").substr(0, 1024 + 0x78 + 15)), std::nullopt);
  EXPECT_EQ(label_of(""), std::nullopt);
}

// proves: S21
TEST(FindPartitionTest, FindsTheOneWithTheLabel) {
  const Folder machine;
  for (const char* name : {"sda", "sda1", "sda5", "sr0"})
    machine.put(std::string("sys/class/block/") + name, "");
  machine.put("dev/sda", "no file system");
  machine.put("dev/sda1", ext4("other"));
  machine.put("dev/sda5", ext4("gate41-data"));  // and sr0 can't be opened
  const auto sys = machine.path() / "sys";
  const auto dev = machine.path() / "dev";
  EXPECT_EQ(appliance::find_partition(sys, dev, "gate41-data"), dev / "sda5");
  EXPECT_EQ(appliance::find_partition(sys, dev, "gate41"), std::nullopt);
}

}  // namespace
}  // namespace gate41::testing
