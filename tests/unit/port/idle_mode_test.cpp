#include "dataplane/port/idle_mode.hpp"

#include <gtest/gtest.h>

namespace gate41::testing {
namespace {

constexpr auto kAdaptive = config::RxMode::adaptive;

}  // namespace

TEST(IdleModeOfADevice, IsToWaitForInterruptsOfVirtioAndVmxnet3OnVfio) {
  EXPECT_EQ(choose_idle_mode("net_virtio", "vfio-pci", kAdaptive), IdleMode::interrupt);
  EXPECT_EQ(choose_idle_mode("net_vmxnet3", "vfio-pci", kAdaptive), IdleMode::interrupt);
}

TEST(IdleModeOfADevice, IsToNapWithoutVfio) {
  for (const char* kernel_driver : {"", "uio_pci_generic", "igb_uio"})
    EXPECT_EQ(choose_idle_mode("net_virtio", kernel_driver, kAdaptive), IdleMode::nap) << kernel_driver;
}

TEST(IdleModeOfADevice, IsToNapWhereNoInterruptWasEverSeen) {
  for (const char* driver : {"net_e1000_em", "net_e1000_igb", "net_ixgbe"})
    EXPECT_EQ(choose_idle_mode(driver, "vfio-pci", kAdaptive), IdleMode::nap) << driver;
}

TEST(IdleModeOfADevice, IsToNapWithoutPci) {
  EXPECT_EQ(choose_idle_mode("net_af_packet", "", kAdaptive), IdleMode::nap);
}

TEST(IdleModeOfADevice, IsToPollWhereThatIsWanted) {
  EXPECT_EQ(choose_idle_mode("net_virtio", "vfio-pci", config::RxMode::polling), IdleMode::poll);
  EXPECT_EQ(choose_idle_mode("net_af_packet", "", config::RxMode::polling), IdleMode::poll);
}

}  // namespace gate41::testing
