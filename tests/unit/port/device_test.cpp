#include <gtest/gtest.h>

#include "dataplane/port/device_name.hpp"
#include "tests/unit/port/configurations.hpp"

namespace gate41::testing {
namespace {

std::string refusal(const config::Config& config) {
  const auto checked = check_devices(config, small_machine());
  return checked ? "accepted" : checked.error().message;
}

}  // namespace

TEST(DeviceName, TellsPciAddressesFromVdevs) {
  EXPECT_TRUE(is_pci_device("0000:00:03.0"));
  EXPECT_TRUE(is_pci_device("af:1f.7,vectorized=0"));
  EXPECT_FALSE(is_pci_device("net_af_packet0,iface=eth0"));
  EXPECT_FALSE(is_pci_device("0000:00:03"));
}

TEST(DeviceName, CompletesAPciAddress) { EXPECT_EQ(dpdk_name("00:03.0,vectorized=1"), "0000:00:03.0"); }

TEST(DeviceName, FindsAnArgument) {
  EXPECT_EQ(device_argument("net_af_packet0,iface=eth0,framecnt=1024", "iface"), "eth0");
  EXPECT_EQ(device_argument("net_af_packet0,iface=eth0,framecnt=1024", "framecnt"), "1024");
  EXPECT_EQ(device_argument("net_af_packet0,interface=eth0", "iface"), "");
}

TEST(DeviceCheck, AcceptsWhatIsThere) {
  EXPECT_EQ(refusal(with_devices("0000:00:03.0", "net_af_packet0,iface=eth0")), "accepted");
}

TEST(DeviceCheck, ListsThePciDevicesWhenOneIsMissing) {
  EXPECT_EQ(
      refusal(with_devices("0000:00:09.0", "net_null0")),
      "ports.wan.device: 0000:00:09.0: no such device; PCI network devices here: 0000:00:03.0, 0000:00:04.0, "
      "0000:00:05.0");
}

TEST(DeviceCheck, SaysHowToTakeADeviceFromTheKernel) {
  EXPECT_EQ(refusal(with_devices("0000:00:05.0", "net_null0")),
            "ports.wan.device: 0000:00:05.0: belongs to the kernel's driver e1000; hand it over: "
            "dpdk-devbind.py -b "
            "vfio-pci 0000:00:05.0 (or uio_pci_generic where there is no IOMMU)");
}

TEST(DeviceCheck, ListsTheInterfacesWhenOneIsMissing) {
  EXPECT_EQ(refusal(with_devices("net_null0", "net_af_packet0,iface=veth-lan")),
            "ports.lan.device: net_af_packet0: no interface veth-lan; interfaces here: eth0, veth-wan");
}

TEST(DeviceCheck, WantsTheInterfaceNamed) {
  EXPECT_EQ(refusal(with_devices("net_null0", "net_af_packet0")),
            "ports.lan.device: net_af_packet0: needs iface=NAME; interfaces here: eth0, veth-wan");
}

TEST(DeviceCheck, RefusesTwoSpellingsOfOneDevice) {
  EXPECT_EQ(refusal(with_devices("0000:00:03.0", "00:03.0")),
            "ports.lan.device: 00:03.0: the same device as 0000:00:03.0 of ports.wan; write both alike");
}

TEST(DeviceCheck, AcceptsTwoPortsOnOneDevice) {
  EXPECT_EQ(refusal(with_devices("0000:00:03.0", "0000:00:03.0")), "accepted");
}

}  // namespace gate41::testing
