// What `ports: auto` takes.
#include "dataplane/port/device_search.hpp"

#include <gtest/gtest.h>

#include "tests/unit/port/configurations.hpp"

namespace gate41::testing {
namespace {

using Devices = std::vector<std::string>;

TEST(FindDevices, TakesThoseUnderADriverForIt) {
  EXPECT_EQ(find_devices(small_machine(), {}), (Devices{"0000:00:03.0", "0000:00:04.0"}));
}

TEST(FindDevices, LeavesTheKernelItsOwn) {
  Machine machine = small_machine();
  machine.pci = {{"0000:00:03.0", "0x1af4", "virtio-pci"}, {"0000:00:05.0", "0x8086", "vfio-pci"}};
  EXPECT_EQ(find_devices(machine, {}), Devices{"0000:00:05.0"});
}

TEST(FindDevices, TakesVdevsThatAreGiven) {
  Machine machine = small_machine();
  machine.pci = {{"0000:00:05.0", "0x8086", "vfio-pci"}};
  EXPECT_EQ(find_devices(machine, {"net_af_packet0,iface=eth0"}),
            (Devices{"0000:00:05.0", "net_af_packet0,iface=eth0"}));
}

TEST(FindDevices, SaysWhatIsHereWhereNoneWillDo) {
  Machine machine = small_machine();
  machine.pci = {{"0000:00:03.0", "0x1af4", ""}, {"0000:00:05.0", "0x8086", "e1000"}};
  const auto found = find_devices(machine, {});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message,
            "ports: auto finds no device: none is bound to vfio-pci or uio_pci_generic (dpdk-devbind.py -b "
            "vfio-pci "
            "ADDRESS); PCI network devices here: 0000:00:03.0 (no driver), 0000:00:05.0 (e1000)");
}

TEST(FindDevices, AsksForNamesWhereThereAreMoreThanTwo) {
  Machine machine = small_machine();
  machine.pci[2].driver = "vfio-pci";
  const auto found = find_devices(machine, {});
  ASSERT_FALSE(found);
  EXPECT_EQ(
      found.error().message,
      "ports: auto takes one device or two, and 3 are here: 0000:00:03.0, 0000:00:04.0, 0000:00:05.0; name "
      "those to use, as in ports: { wan: { device: \"0000:00:03.0\" }, lan: { device: \"0000:00:04.0\" } }");
}

}  // namespace
}  // namespace gate41::testing
