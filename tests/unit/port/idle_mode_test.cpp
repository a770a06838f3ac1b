#include "dataplane/port/idle_mode.hpp"

#include <gtest/gtest.h>

namespace gate41::testing {
namespace {

constexpr auto kAdaptive = config::RxMode::adaptive;
constexpr auto kMessages = Interrupts::messages;
constexpr auto kLine = Interrupts::line;

}  // namespace

TEST(IdleModeOfADevice, IsToWaitForMessagesOfVirtioAndVmxnet3OnVfio) {
  EXPECT_EQ(choose_idle_mode("net_virtio", "vfio-pci", kMessages, kAdaptive), IdleMode::interrupt);
  EXPECT_EQ(choose_idle_mode("net_vmxnet3", "vfio-pci", kMessages, kAdaptive), IdleMode::interrupt);
}

TEST(IdleModeOfADevice, IsToWaitForTheLineOfE1000OnVfio) {
  EXPECT_EQ(choose_idle_mode("net_e1000_em", "vfio-pci", kLine, kAdaptive), IdleMode::interrupt);
}

TEST(IdleModeOfADevice, IsToNapWithoutVfio) {
  for (const char* kernel_driver : {"", "uio_pci_generic", "igb_uio"})
    EXPECT_EQ(choose_idle_mode("net_virtio", kernel_driver, kMessages, kAdaptive), IdleMode::nap)
        << kernel_driver;
}

TEST(IdleModeOfADevice, IsToNapWhereNoInterruptWasEverSeen) {
  for (const char* driver : {"net_e1000_em", "net_e1000_igb", "net_ixgbe"})
    EXPECT_EQ(choose_idle_mode(driver, "vfio-pci", kMessages, kAdaptive), IdleMode::nap) << driver;
  EXPECT_EQ(choose_idle_mode("net_virtio", "vfio-pci", kLine, kAdaptive), IdleMode::nap);
}

TEST(IdleModeOfADevice, IsToNapWithoutPci) {
  EXPECT_EQ(choose_idle_mode("net_af_packet", "", kMessages, kAdaptive), IdleMode::nap);
}

TEST(IdleModeOfADevice, IsToPollWhereThatIsWanted) {
  EXPECT_EQ(choose_idle_mode("net_virtio", "vfio-pci", kMessages, config::RxMode::polling), IdleMode::poll);
  EXPECT_EQ(choose_idle_mode("net_af_packet", "", kMessages, config::RxMode::polling), IdleMode::poll);
}

}  // namespace gate41::testing
