#include "appliance/init/machine.hpp"

#include "tests/unit/appliance/folder.hpp"

namespace gate41::testing {
namespace {

TEST(MachineTest, LetsTheKernelRestFromItsWorkOfEachSecond) {
  const Folder root;
  root.put("proc/sys/vm/compaction_proactiveness", "20");
  root.put("proc/sys/vm/stat_interval", "01");
  appliance::let_kernel_rest({root.path()});
  EXPECT_EQ(root.text("proc/sys/vm/compaction_proactiveness").front(), '0');
  EXPECT_EQ(root.text("proc/sys/vm/stat_interval"), "60");
}

}  // namespace
}  // namespace gate41::testing
