// `gate41 diff` against a real server.
#include <fstream>
#include <gmock/gmock.h>

#include "tests/unit/tool/program.hpp"

namespace gate41::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kRunning =
    "role: gateway\n"
    "ports: auto\n"
    "wan: { port: wan }\n"
    "tunnels:\n"
    "  main: { mode: 6to4, relays: [11.0.0.3] }\n"
    "lans:\n"
    "  home: { port: lan }\n";

class DiffTest : public ::testing::Test {
 protected:
  DiffTest() { site_.view.configuration_text = kRunning; }
  // The program's end, with the running configuration but for `from` as its file.
  Program& compare(const std::string& from, const std::string& to, std::vector<std::string> more = {}) {
    std::string text = kRunning;
    text.replace(text.find(from), from.size(), to);
    std::ofstream(file_) << text;
    std::vector<std::string> words{"--socket", site_.path, "diff", file_};
    words.insert(words.end(), more.begin(), more.end());
    program_ = std::make_unique<Program>(words);
    run(site_, *program_);
    return *program_;
  }

  Site site_;
  std::string file_ = site_.folder / "wanted.yaml";
  std::unique_ptr<Program> program_;
};

TEST_F(DiffTest, SaysNothingWhereTheyAreTheSame) {
  const Program& program = compare("role", "role");
  EXPECT_EQ(program.exit_code(), 0);
  EXPECT_THAT(program.output(), IsEmpty());
}

// proves: S82
TEST_F(DiffTest, ShowsTheLinesAndTheKeysThatAReloadBrings) {
  const Program& program = compare("11.0.0.3", "11.0.0.9");
  EXPECT_EQ(program.exit_code(), 1);
  EXPECT_EQ(program.output(),
            "-   main: { mode: 6to4, relays: [11.0.0.3] }\n"
            "+   main: { mode: 6to4, relays: [11.0.0.9] }\n"
            "A reload brings: tunnels.main.relays\n");
}

TEST_F(DiffTest, NamesTheKeysThatOnlyARestartBrings) {
  const Program& program = compare("port: wan }", "port: wan, acd: strict }");
  EXPECT_THAT(program.output(), HasSubstr("\nOnly a restart brings: wan.acd\n"));
}

TEST_F(DiffTest, OtherCommentsAreNoDifferenceOfKeys) {
  const Program& program = compare("role: gateway", "role: gateway  # ours");
  EXPECT_EQ(program.exit_code(), 0);
  EXPECT_THAT(program.output(), HasSubstr("+ role: gateway  # ours\n"));
}

TEST_F(DiffTest, SaysWhereAFileIsWrong) {
  const Program& program = compare("port: lan", "prot: lan");
  EXPECT_EQ(program.exit_code(), 2);
  EXPECT_THAT(program.errors(), HasSubstr("wanted.yaml:7:11: lans.home.prot"));
}

TEST_F(DiffTest, IsJsonWhenAskedFor) {
  const Program& program = compare("11.0.0.3", "11.0.0.9", {"--json"});
  const Json line = Json::parse(program.output());
  EXPECT_EQ(line["reload"], Json::array({"tunnels.main.relays"}));
  EXPECT_EQ(line["restart"], Json::array());
}

}  // namespace
}  // namespace gate41::testing
