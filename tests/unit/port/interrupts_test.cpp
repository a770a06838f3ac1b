#include "dataplane/port/interrupts.hpp"

#include <gtest/gtest.h>

#include "dataplane/port/eal_plan.hpp"
#include "tests/unit/port/configurations.hpp"

namespace gate41::testing {
namespace {

const std::vector<std::string> kDevices = {"0000:00:03.0", "0000:00:04.0", "net_null0"};

Machine with_models(const std::string& vendor, const std::string& first, const std::string& second) {
  Machine machine = machine_with_huge_pages();
  machine.pci = {{"0000:00:03.0", vendor, "vfio-pci", first}, {"0000:00:04.0", vendor, "vfio-pci", second}};
  return machine;
}

}  // namespace

TEST(InterruptsOfDevices, ComeByLineWhereAllOnPciAreE1000s) {
  for (const char* model : {"0x1004", "0x100e", "0x100f", "0x10d3"})
    EXPECT_EQ(choose_interrupts(kDevices, with_models("0x8086", model, "0x100e")), Interrupts::line) << model;
}

TEST(InterruptsOfDevices, ComeByMessageWhereOneIsAnotherModel) {
  EXPECT_EQ(choose_interrupts(kDevices, with_models("0x8086", "0x100e", "0x10c9")), Interrupts::messages);
  EXPECT_EQ(choose_interrupts(kDevices, with_models("0x1af4", "0x1004", "0x1004")), Interrupts::messages);
}

TEST(InterruptsOfDevices, ComeByMessageWhereNoneIsOnPci) {
  EXPECT_EQ(choose_interrupts({"net_null0"}, with_models("0x8086", "0x100e", "0x100e")),
            Interrupts::messages);
}

TEST(InterruptsOfDevices, AreWhatDpdkIsToldOf) {
  const std::string line = "--vfio-intr=legacy";
  EXPECT_TRUE(has(*plan_eal(with_pci(), with_models("0x8086", "0x100e", "0x100e")), line));
  EXPECT_FALSE(has(*plan_eal(with_pci(), with_models("0x1af4", "0x1000", "0x1000")), line));
}

}  // namespace gate41::testing
