// EAL once for this program: rte_hash and its memory need it. No huge pages, no devices, nothing shared.
#include <array>
#include <gtest/gtest.h>
#include <string>

#include <rte_eal.h>

namespace {

class Eal : public ::testing::Environment {
 public:
  void SetUp() override {
    std::array<std::string, 8> words = {"forward_test", "--no-huge",      "-m",           "512", "--no-pci",
                                        "--no-shconf",  "--no-telemetry", "--log-level=3"};
    std::array<char*, 8> arguments{};
    for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
    ASSERT_GE(rte_eal_init(static_cast<int>(arguments.size()), arguments.data()), 0);
  }
  void TearDown() override { rte_eal_cleanup(); }
};

[[maybe_unused]] const auto* const kEal = ::testing::AddGlobalTestEnvironment(new Eal);

}  // namespace
