// The manual pages name everything that there is.
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

namespace gate41::tool {
namespace {

using ::testing::HasSubstr;

std::string contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(std::string(GATE41_SOURCE) + path).rdbuf();
  return text.str();
}

TEST(Manual, ExplainsEveryKeyOfTheConfiguration) {
  const std::string manual = contents("/docs/man/gate41.yaml.5");
  std::istringstream reference(contents("/config/README.md"));
  int keys = 0;
  for (std::string line; std::getline(reference, line);) {
    if (!line.starts_with("| `")) continue;
    const std::string key = line.substr(3, line.find('`', 3) - 3);
    EXPECT_THAT(manual, HasSubstr("\n.B " + key + "\n"));
    ++keys;
  }
  EXPECT_GT(keys, 50);
}

TEST(Manual, ExplainsEveryCommand) {
  const std::string manual = contents("/docs/man/gate41.1");
  for (const char* command :
       {"console",  "drops",      "status", "health", "flows",   "pinhole",    "neighbours", "neigh",
        "counters", "tunnels",    "dhcp",   "ra",     "ports",   "doctor",     "capture",    "ping",
        "trace",    "traceroute", "reload", "setup",  "version", "completion", "diff"})
    EXPECT_TRUE(manual.find(".B " + std::string(command) + "\n") != std::string::npos ||
                manual.find(".BR " + std::string(command) + " ") != std::string::npos ||
                manual.find("\n\\fB" + std::string(command) + "\\fR") != std::string::npos ||
                manual.find(" " + std::string(command) + " )") != std::string::npos)
        << command;
}

}  // namespace
}  // namespace gate41::tool
