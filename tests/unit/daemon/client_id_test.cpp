// Option 61: as configured, or a DUID that outlives everything but the state folder.
#include "control/daemon/client_id.hpp"

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>

namespace gate41::testing {
namespace {

class ClientId : public ::testing::Test {
 protected:
  ClientId() {
    std::string name = (std::filesystem::temp_directory_path() / "gate41-test-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~ClientId() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

// proves: M10
TEST_F(ClientId, IsTheConfiguredOne) {
  loop::StateStore store(folder_);
  EXPECT_EQ(client_id("01aBcD00ff", store), (std::vector<uint8_t>{0x01, 0xab, 0xcd, 0x00, 0xff}));
}

// RFC 4361 §6.1: type 255, IAID, then RFC 6355 §4: DUID type 4 and a UUID of 16 bytes (RFC 4122: version 4,
// variant 1).
// proves: M10
TEST_F(ClientId, IsADuidWithAUuidOtherwise) {
  loop::StateStore store(folder_);
  const std::vector<uint8_t> id = client_id("auto", store);
  ASSERT_EQ(id.size(), 1U + 4U + 2U + 16U);
  EXPECT_EQ(std::vector<uint8_t>(id.begin(), id.begin() + 7), (std::vector<uint8_t>{255, 0, 0, 0, 1, 0, 4}));
  EXPECT_EQ(id[7 + 6] >> 4U, 4);
  EXPECT_EQ(id[7 + 8] >> 6U, 2);
}

// proves: M10
TEST_F(ClientId, StaysOverARestart) {
  loop::StateStore first(folder_);
  const auto id = client_id("auto", first);
  loop::StateStore second(folder_);
  EXPECT_EQ(client_id("auto", second), id);
}

TEST_F(ClientId, DiffersBetweenMachines) {
  loop::StateStore here(folder_ / "here");
  loop::StateStore there(folder_ / "there");
  EXPECT_NE(client_id("auto", here), client_id("auto", there));
}

TEST_F(ClientId, IsDrawnAnewWhenTheStoredOneIsBroken) {
  loop::StateStore store(folder_);
  store.save("duid", "0123zz\n");
  EXPECT_EQ(client_id("auto", store).size(), 23U);
  EXPECT_EQ(client_id("auto", store), client_id("auto", store));
}

}  // namespace
}  // namespace gate41::testing
