#include "appliance/init/status_board.hpp"

#include "tests/unit/appliance/folder.hpp"

namespace gate41::testing {
namespace {

TEST(StatusBoardTest, HoldsTheNewestSentenceOfEachComponent) {
  const Folder folder;
  appliance::StatusBoard board(folder.path() / "init.status");
  board.set("data", true, "/dev/vda5 keeps it");
  board.set("cards", false, "the machine has no network card");
  board.set("data", false, "gone");
  EXPECT_EQ(folder.text("init.status"), "cards\tbad\tthe machine has no network card\ndata\tbad\tgone\n");
}

}  // namespace
}  // namespace gate41::testing
