#include "appliance/init/nics.hpp"

#include <gmock/gmock.h>

#include "tests/unit/appliance/folder.hpp"

namespace gate41::testing {
namespace {

using ::testing::ElementsAre;

constexpr const char* kFirst = "0000:00:03.0";
constexpr const char* kSecond = "0000:00:04.0";

// A sysfs of files: what is written into it stays, and no card changes its driver by it.
class NicsTest : public ::testing::Test {
 protected:
  void add(const std::string& address, const std::string& kind, const std::string& vendor,
           const std::string& device) const {
    const std::string folder = "bus/pci/devices/" + address;
    sys_.put(folder + "/class", kind + '\n');
    sys_.put(folder + "/vendor", vendor + '\n');
    sys_.put(folder + "/device", device + '\n');
    sys_.put(folder + "/driver_override", "(null)\n");
    sys_.put("bus/pci/drivers_probe", "");
  }
  void add_virtio(const std::string& address) const { add(address, "0x020000", "0x1af4", "0x1041"); }
  void drive(const std::string& address, const std::string& driver) const {
    sys_.put("bus/pci/drivers/" + driver + "/unbind", "");
    sys_.link("bus/pci/devices/" + address + "/driver", "../../drivers/" + driver);
  }
  std::string override_of(const std::string& address) const {
    return sys_.text("bus/pci/devices/" + address + "/driver_override");
  }
  appliance::Nic only() const { return appliance::find_nics(sys_.path()).at(0); }

  Folder sys_;
};

TEST_F(NicsTest, AreTheEthernetCardsByAddress) {
  add_virtio(kSecond);
  add_virtio(kFirst);
  add("0000:00:01.0", "0x030000", "0x1234", "0x1111");  // a display
  std::vector<std::string> addresses;
  for (const auto& nic : appliance::find_nics(sys_.path())) addresses.push_back(nic.address);
  EXPECT_THAT(addresses, ElementsAre(kFirst, kSecond));
}

TEST_F(NicsTest, HaveTheirKindTheirDriverAndTheirInterface) {
  add(kFirst, "0x020000", "0x8086", "0x10d3");
  drive(kFirst, "e1000e");
  sys_.put(std::string("bus/pci/devices/") + kFirst + "/net/eth0/mtu", "1500\n");
  const appliance::Nic nic = only();
  EXPECT_EQ(nic.vendor, 0x8086);
  EXPECT_EQ(nic.device, 0x10d3);
  EXPECT_EQ(nic.driver, "e1000e");
  EXPECT_EQ(nic.interface, "eth0");
  EXPECT_EQ(appliance::describe(nic), "0000:00:03.0 8086:10d3 by e1000e");
}

TEST_F(NicsTest, HaveTheirInterfaceBehindTheVirtioDevice) {
  add_virtio(kFirst);
  sys_.put(std::string("bus/pci/devices/") + kFirst + "/virtio0/net/eth1/mtu", "1500\n");
  EXPECT_EQ(only().interface, "eth1");
}

TEST_F(NicsTest, AreNoneOnAMachineWithoutABus) { EXPECT_TRUE(appliance::find_nics(sys_.path()).empty()); }

TEST_F(NicsTest, AreKnownByTheListOrAllWithoutOne) {
  add_virtio(kFirst);
  EXPECT_TRUE(appliance::is_known(only(), ""));
  EXPECT_TRUE(appliance::is_known(only(), "8086:100e\n1af4:1041\n"));
  EXPECT_FALSE(appliance::is_known(only(), "8086:100e\n"));
}

TEST_F(NicsTest, AreTakenFromTheirDriverBeforeTheyAreGivenToAnother) {
  add_virtio(kFirst);
  drive(kFirst, "virtio-pci");
  std::vector<std::string> steps;
  for (const auto& [file, text] : appliance::binding(sys_.path(), only(), "vfio-pci"))
    steps.push_back(file.lexically_relative(sys_.path()).string() + " " + text);
  EXPECT_THAT(steps, ElementsAre("bus/pci/devices/0000:00:03.0/driver_override vfio-pci\n",
                                 "bus/pci/devices/0000:00:03.0/driver/unbind 0000:00:03.0",
                                 "bus/pci/drivers_probe 0000:00:03.0"));
}

TEST_F(NicsTest, AreHandedOverOnlyWhenTheDriverReallyHasThem) {
  add_virtio(kFirst);
  EXPECT_FALSE(appliance::attach(sys_.path(), only(), "vfio-pci"));
  EXPECT_EQ(override_of(kFirst).substr(0, 9), "vfio-pci\n");
}

TEST_F(NicsTest, StayWithTheDriverForDpdkThatHasThemAlready) {
  add_virtio(kFirst);
  drive(kFirst, "uio_pci_generic");
  sys_.put("bus/pci/drivers/vfio-pci/new_id", "");
  appliance::Nic nic = only();
  EXPECT_TRUE(appliance::hand_over(sys_.path(), nic));
  EXPECT_EQ(override_of(kFirst), "(null)\n");
}

TEST_F(NicsTest, GoBackToTheKernelWhenNoDriverForDpdkTakesThem) {
  add_virtio(kFirst);
  drive(kFirst, "virtio-pci");
  sys_.put("bus/pci/drivers/vfio-pci/new_id", "");
  appliance::Nic nic = only();
  EXPECT_FALSE(appliance::hand_over(sys_.path(), nic));
  EXPECT_EQ(override_of(kFirst).substr(0, 1), "\n");
  EXPECT_EQ(nic.driver, "virtio-pci");
}

}  // namespace
}  // namespace gate41::testing
