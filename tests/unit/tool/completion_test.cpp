// What bash makes of the completion that the program prints.
#include <array>
#include <cstdio>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <sstream>

namespace gate41::tool {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;
using ::testing::Not;

// What is offered for the last of these words.
std::vector<std::string> offered(const std::string& words) {
  const std::string command = "bash -c 'eval \"$(" GATE41_TOOL " completion bash)\"; COMP_WORDS=(gate41 " +
                              words +
                              "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _gate41; echo \"${COMPREPLY[@]}\"'";
  const std::unique_ptr<FILE, int (*)(FILE*)> shell(::popen(command.c_str(), "r"), &::pclose);
  std::string text;
  std::array<char, 4096> line{};
  while (std::fgets(line.data(), line.size(), shell.get()) != nullptr) text += line.data();
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

TEST(Completion, OffersTheCommandsThatBeginSo) {
  EXPECT_THAT(offered("tra"), ElementsAre("trace", "traceroute"));
  EXPECT_THAT(offered("neigh"), ElementsAre("neighbours", "neigh"));
}

TEST(Completion, OffersTheCommandsOfACommand) {
  EXPECT_THAT(offered("pinhole \"\""), IsSupersetOf({"list", "add", "del"}));
  EXPECT_THAT(offered("pinhole add --li"), ElementsAre("--lifetime"));
}

TEST(Completion, OffersACommandsOwnOptionsAndThoseOfAllCommands) {
  EXPECT_THAT(
      offered("--json flows --"),
      AllOf(IsSupersetOf({"--top-talkers", "--socket", "--json", "--help"}), Not(Contains("--lifetime"))));
}

TEST(Completion, LeavesFilesToBash) { EXPECT_THAT(offered("capture /tm"), ElementsAre()); }

}  // namespace
}  // namespace gate41::tool
