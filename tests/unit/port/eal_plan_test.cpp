#include "dataplane/port/eal_plan.hpp"

#include <gtest/gtest.h>
#include <numeric>

#include "tests/unit/port/configurations.hpp"

namespace gate41::testing {
namespace {

std::string refusal(const config::Config& config, const Machine& machine) {
  const auto plan = plan_eal(config, machine);
  return plan ? "accepted" : plan.error().message;
}

}  // namespace

TEST(EalPlan, NamesTheInstance) {
  config::Config config = with_vdevs();
  config.instance = "relay";
  EXPECT_TRUE(has(*plan_eal(config, small_machine()), "--file-prefix=relay"));
}

TEST(EalPlan, StartsWithTheProgramsName) {
  EXPECT_EQ(plan_eal(with_vdevs(), small_machine())->arguments.front(), "gate41d");
}

TEST(EalPlan, LeavesTheFirstCoreToControl) {
  EXPECT_TRUE(has(*plan_eal(with_vdevs(), small_machine()), "--lcores=0@(0),1@3,2@2,3@1"));
  Machine two = small_machine();
  two.cores = {0, 1};
  EXPECT_TRUE(has(*plan_eal(with_vdevs(), two), "--lcores=0@(0),1@1"));
}

TEST(EalPlan, TakesNoMoreThanFourCoresByItself) {
  Machine machine = small_machine();
  machine.cores = {0, 1, 2, 3, 4, 5, 6, 7};
  EXPECT_TRUE(has(*plan_eal(with_vdevs(), machine), "--lcores=0@(0,1,2,3),1@7,2@6,3@5,4@4"));
}

TEST(EalPlan, TakesOneCoreByItselfInTheSmallProfile) {
  config::Config config = with_vdevs();
  config.memory_profile = config::MemoryProfile::small;
  EXPECT_TRUE(has(*plan_eal(config, small_machine()), "--lcores=0@(0,1,2),1@3"));
}

TEST(EalPlan, HasAWorkerOnEachConfiguredCore) {
  config::Config config = with_vdevs();
  config.worker_cores = {2, 1};
  EXPECT_TRUE(has(*plan_eal(config, small_machine()), "--lcores=0@(0,3),1@2,2@1"));
}

TEST(EalPlan, LetsControlShareWhereWorkersHaveAllCores) {
  config::Config config = with_vdevs();
  config.worker_cores = {0, 1};
  Machine machine = small_machine();
  machine.cores = {0, 1};
  EXPECT_TRUE(has(*plan_eal(config, machine), "--lcores=0@(0,1),1@0,2@1"));
}

TEST(EalPlan, TakesTheConfiguredCoreForTheWorker) {
  config::Config config = with_vdevs();
  config.worker_cores = {1};
  EXPECT_TRUE(has(*plan_eal(config, small_machine()), "--lcores=0@(0,2,3),1@1"));
}

TEST(EalPlan, SharesASingleCore) {
  Machine machine = small_machine();
  machine.cores = {5};
  EXPECT_TRUE(has(*plan_eal(with_vdevs(), machine), "--lcores=0@(5),1@5"));
}

TEST(EalPlan, RefusesACoreThatIsNotThere) {
  config::Config config = with_vdevs();
  config.worker_cores = {7};
  EXPECT_EQ(refusal(config, small_machine()),
            "workers.cores: core 7 is not available; available: 0, 1, 2, 3");
}

TEST(EalPlan, UsesPlainMemoryWhereThereAreNoHugePages) {
  const EalPlan plan = *plan_eal(with_vdevs(), small_machine());
  EXPECT_FALSE(plan.huge_pages);
  EXPECT_TRUE(has(plan, "--no-huge"));
  EXPECT_FALSE(has(plan, "--in-memory"));  // DPDK 22.11 refuses both together
}

TEST(EalPlan, UsesHugePagesWhereEnoughAreFree) {
  const EalPlan plan = *plan_eal(with_vdevs(), machine_with_huge_pages());
  EXPECT_TRUE(plan.huge_pages);
  EXPECT_TRUE(has(plan, "--in-memory"));
  EXPECT_FALSE(has(plan, "--no-huge"));
}

TEST(EalPlan, UsesPlainMemoryWhenTooFewHugePagesAreFree) {
  Machine machine = small_machine();
  machine.free_huge_pages = 2 * kMebibyte;
  EXPECT_FALSE(plan_eal(with_vdevs(), machine)->huge_pages);
}

TEST(EalPlan, UsesPlainMemoryWhenToldTo) {
  config::Config config = with_vdevs();
  config.eal_hugepages = false;
  config.eal_hugepages_auto = false;
  EXPECT_TRUE(has(*plan_eal(config, machine_with_huge_pages()), "--no-huge"));
}

TEST(EalPlan, SaysHowToReserveHugePagesThatAreDemanded) {
  config::Config config = with_vdevs();
  config.eal_hugepages_auto = false;
  config.eal_memory = 256 * kMebibyte;
  EXPECT_EQ(refusal(config, small_machine()),
            "eal.hugepages: 256 MiB in huge pages are needed, 0 MiB are free; reserve them "
            "(sysctl vm.nr_hugepages=129), or lower eal.memory");
}

TEST(EalPlan, NeedsHugePagesForPciDevices) {
  config::Config config = with_pci();
  config.eal_memory = 128 * kMebibyte;
  EXPECT_EQ(refusal(config, small_machine()),
            "eal.hugepages: 128 MiB in huge pages are needed for a PCI device, 0 MiB are free; reserve them "
            "(sysctl vm.nr_hugepages=65), or lower eal.memory");
}

TEST(EalPlan, OfAnyNumberOfCoresMissesNoHugePagesOnceThoseThatWereMissingAreThere) {
  for (const unsigned cores : {1U, 2U, 4U, 8U}) {
    Machine machine = small_machine();
    machine.cores.resize(cores);
    std::iota(machine.cores.begin(), machine.cores.end(), 0U);
    machine.free_huge_pages = 2 * kMebibyte;
    machine.free_huge_pages += missing_huge_pages(with_pci(), machine);
    EXPECT_EQ(refusal(with_pci(), machine), "accepted") << cores;
    EXPECT_EQ(missing_huge_pages(with_pci(), machine), 0u) << cores;
  }
}

TEST(EalPlan, MissesNoHugePagesWithoutPciDevices) {
  EXPECT_EQ(missing_huge_pages(with_vdevs(), small_machine()), 0u);
}

TEST(EalPlan, GivesDpdkTheConfiguredMemoryInMebibytes) {
  config::Config config = with_vdevs();
  config.eal_memory = 300 * kMebibyte;
  EXPECT_EQ(after(*plan_eal(config, small_machine()), "-m"), "300");
}

TEST(EalPlan, LooksAtNoPciDeviceUnlessOneIsConfigured) {
  EXPECT_TRUE(has(*plan_eal(with_vdevs(), machine_with_huge_pages()), "--no-pci"));
  EXPECT_FALSE(has(*plan_eal(with_pci(), machine_with_huge_pages()), "--no-pci"));
}

TEST(EalPlan, MakesVdevsWithTheirArguments) {
  const EalPlan plan = *plan_eal(with_vdevs(), small_machine());
  EXPECT_TRUE(has(plan, "--vdev=net_ring0"));
  EXPECT_TRUE(has(plan, "--vdev=net_null0,no-rx=1"));
}

TEST(EalPlan, AsksVirtioForTheVectorisedPath) {
  EXPECT_EQ(after(*plan_eal(with_devices("00:03.0", "net_null0"), machine_with_huge_pages()), "-a"),
            "0000:00:03.0,vectorized=1");
}

TEST(EalPlan, AddsNothingToTheOperatorsOwnDeviceArguments) {
  EXPECT_EQ(
      after(*plan_eal(with_devices("0000:00:03.0,vectorized=0", "net_null0"), machine_with_huge_pages()),
            "-a"),
      "0000:00:03.0,vectorized=0");
}

TEST(EalPlan, AsksOtherDevicesForNothing) {
  EXPECT_EQ(after(*plan_eal(with_devices("0000:00:05.0", "net_null0"), machine_with_huge_pages()), "-a"),
            "0000:00:05.0");
}

TEST(EalPlan, NamesADeviceOfTwoPortsOnce) {
  config::Config config = with_devices("net_ring0", "net_ring0");
  config.ports["lan"].vlan = 10;
  const EalPlan plan = *plan_eal(config, small_machine());
  EXPECT_EQ(std::ranges::count(plan.arguments, "--vdev=net_ring0"), 1);
}

TEST(EalPlan, PutsTheOperatorsArgumentsLast) {
  config::Config config = with_vdevs();
  config.eal_args = {"--log-level=debug"};
  EXPECT_EQ(plan_eal(config, small_machine())->arguments.back(), "--log-level=debug");
}

TEST(EalPlan, RefusesArgumentsThatHaveKeysOfTheirOwn) {
  config::Config config = with_vdevs();
  config.eal_args = {"--lcores=0-3"};
  EXPECT_EQ(
      refusal(config, small_machine()),
      "eal.args: --lcores is not allowed here; cores are set by workers.cores, the prefix is `instance`");
}

}  // namespace gate41::testing
