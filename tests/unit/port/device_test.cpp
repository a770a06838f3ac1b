#include <gtest/gtest.h>
#include <linux/capability.h>

#include "dataplane/port/device_name.hpp"
#include "tests/unit/port/configurations.hpp"

namespace gate41::testing {
namespace {

std::string refusal(const config::Config& config) {
  const auto checked = check_devices(config, small_machine());
  return checked ? "accepted" : checked.error().message;
}

std::string refusal_without(unsigned capability, const std::string& device) {
  Machine machine = small_machine();
  machine.capabilities &= ~(uint64_t{1} << capability);
  const auto checked = check_devices(with_devices(device, "net_null0"), machine);
  return checked ? "accepted" : checked.error().message;
}

std::string lacks(const std::string& device, const std::string& capability) {
  return "ports.wan.device: " + device + ": needs " + capability +
         ", which this process lacks; run gate41d as root or with the capabilities of the service file";
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

TEST(DeviceCheck, NamesTheAllowedDriversWhenThereIsNoSuch) {
  EXPECT_EQ(refusal(with_devices("net_afpacket0,iface=eth0", "net_null0")),
            "ports.wan.device: net_afpacket0: no such driver; allowed: a PCI address, as 0000:00:03.0, or a "
            "name that begins with its driver, as net_null0: net_af_packet, net_af_xdp, net_bonding, "
            "net_failsafe, net_memif, net_null, net_pcap, net_ring, net_tap, net_vhost, net_virtio_user");
}

TEST(DeviceCheck, RefusesAPciAddressThatIsNone) {
  EXPECT_TRUE(refusal(with_devices("0000:00:3.0", "net_null0"))
                  .starts_with("ports.wan.device: 0000:00:3.0: no such driver; allowed: a PCI address, "));
}

TEST(DeviceCheck, NamesTheCapabilityThatAPacketSocketNeeds) {
  EXPECT_EQ(refusal_without(CAP_NET_RAW, "net_af_packet0,iface=eth0"),
            lacks("net_af_packet0", "CAP_NET_RAW"));
}

TEST(DeviceCheck, NamesTheCapabilityThatATapNeeds) {
  EXPECT_EQ(refusal_without(CAP_NET_ADMIN, "net_tap0"), lacks("net_tap0", "CAP_NET_ADMIN"));
}

TEST(DeviceCheck, NamesTheCapabilityThatPhysicalAddressesNeed) {
  EXPECT_EQ(refusal_without(CAP_SYS_ADMIN, "00:03.0"), lacks("0000:00:03.0", "CAP_SYS_ADMIN"));
}

TEST(DeviceCheck, AsksForNoCapabilityThatTheDriverDoesWithout) {
  EXPECT_EQ(refusal_without(CAP_NET_RAW, "00:03.0"), "accepted");
  EXPECT_EQ(refusal_without(CAP_NET_RAW, "net_null1"), "accepted");
}

}  // namespace gate41::testing
