#include "dataplane/port/machine.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>

namespace gate41::testing {
namespace {

namespace fs = std::filesystem;

// A copy of what /sys shows, in a folder of its own.
class MachineFacts : public ::testing::Test {
 protected:
  MachineFacts() {
    std::string name = (fs::temp_directory_path() / "gate41-sys-XXXXXX").string();
    sys_ = ::mkdtemp(name.data());
  }
  ~MachineFacts() override { fs::remove_all(sys_); }

  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((sys_ / path).parent_path());
    std::ofstream(sys_ / path) << text << "\n";
  }

  fs::path sys_;
};

}  // namespace

TEST_F(MachineFacts, AddsUpFreeHugePagesOfAllSizes) {
  write("kernel/mm/hugepages/hugepages-2048kB/free_hugepages", "3");
  write("kernel/mm/hugepages/hugepages-1048576kB/free_hugepages", "2");
  EXPECT_EQ(read_machine(sys_).free_huge_pages, uint64_t{3} * 2048 * 1024 + uint64_t{2} * 1024 * 1024 * 1024);
}

TEST_F(MachineFacts, ReservesSoManyHugePagesMore) {
  const std::string file = "kernel/mm/hugepages/hugepages-2048kB/nr_hugepages";
  write(file, "3");
  reserve_huge_pages(2 * uint64_t{2} * 1024 * 1024 + 1, sys_);
  std::ifstream in(sys_ / file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "6");
}

TEST_F(MachineFacts, ListsNetworkDevicesWithVendorModelAndDriver) {
  write("bus/pci/devices/0000:00:03.0/class", "0x020000");
  write("bus/pci/devices/0000:00:03.0/vendor", "0x1af4");
  write("bus/pci/devices/0000:00:03.0/device", "0x1000");
  write("bus/pci/devices/0000:00:02.0/class", "0x030000");
  write("bus/pci/drivers/vfio-pci/bind", "");
  fs::create_directory_symlink("../../drivers/vfio-pci", sys_ / "bus/pci/devices/0000:00:03.0/driver");
  const Machine machine = read_machine(sys_);
  ASSERT_EQ(machine.pci.size(), 1u);
  EXPECT_EQ(machine.pci[0].address, "0000:00:03.0");
  EXPECT_EQ(machine.pci[0].vendor, "0x1af4");
  EXPECT_EQ(machine.pci[0].model, "0x1000");
  EXPECT_EQ(machine.pci[0].driver, "vfio-pci");
}

TEST(PciDevices, AreFoundByTheirAddress) {
  const Machine machine{.pci = {{.address = "0000:00:03.0"}, {.address = "0000:00:04.0"}}};
  EXPECT_EQ(pci_device_at(machine, "0000:00:04.0"), &machine.pci[1]);
  EXPECT_EQ(pci_device_at(machine, "0000:00:05.0"), nullptr);
}

TEST_F(MachineFacts, HasNothingWhereSysShowsNothing) {
  const Machine machine = read_machine(sys_);
  EXPECT_EQ(machine.free_huge_pages, 0u);
  EXPECT_TRUE(machine.pci.empty());
}

TEST(Machine, HasACoreMemoryAndALoopback) {
  const Machine machine = read_machine();
  EXPECT_FALSE(machine.cores.empty());
  EXPECT_GT(machine.memory, uint64_t{64} << 20U);
  EXPECT_NE(std::ranges::find(machine.interfaces, "lo"), machine.interfaces.end());
}

// Told by the kernel twice: here in hexadecimal text (proc(5)).
TEST(Machine, HasTheEffectiveCapabilitiesOfThisThread) {
  std::ifstream status("/proc/thread-self/status");
  std::string line;
  while (std::getline(status, line) && !line.starts_with("CapEff:")) continue;
  ASSERT_TRUE(line.starts_with("CapEff:"));
  EXPECT_EQ(read_machine().capabilities, std::stoull(line.substr(7), nullptr, 16));
}

}  // namespace gate41::testing
