// Files as a whole: absent, too large, not YAML, the examples.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include "cases.hpp"

namespace gate41::config {
namespace {

std::string first_problem(const std::string& path) {
  const auto config = load_file(path);
  return config ? "ok" : config.error().at(0).to_string();
}

class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view text) {
    const int descriptor = mkstemp(path_.data());
    EXPECT_GE(descriptor, 0);
    std::ofstream(path_) << text;
    close(descriptor);
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_ = (std::filesystem::temp_directory_path() / "gate41-config-XXXXXX").string();
};

TEST(LoadFile, SaysThatThereIsNoSuchFile) {
  EXPECT_EQ(first_problem("/nonexistent/gate41.yaml"), "/nonexistent/gate41.yaml: no such file");
}

TEST(LoadFile, SaysThatAFolderCannotBeRead) {
  EXPECT_EQ(first_problem("/"), "/: can't be read: Is a directory");
}

TEST(LoadFile, NamesTheFileInProblems) {
  const TemporaryFile file(replaced(kGateway, "role: gateway", "role: bridge"));
  EXPECT_EQ(first_problem(file.path()),
            file.path() + ":1:7: role: \"bridge\" is unknown; allowed: gateway | relay");
}

TEST(LoadFile, RefusesMoreThanAMebibyte) {
  const TemporaryFile file(std::string(kGateway) + "#" + std::string(1U << 20U, 'x'));
  EXPECT_EQ(first_problem(file.path()), file.path() + ": too large; allowed: at most 1 MiB");
}

TEST(LoadFile, TakesAMebibyte) {
  std::string text = std::string(kGateway) + "#";
  text.resize(1U << 20U, 'x');
  EXPECT_EQ(first_problem(TemporaryFile(text).path()), "ok");
}

class Example : public testing::TestWithParam<const char*> {};

TEST_P(Example, Loads) { EXPECT_EQ(first_problem(config_file(GetParam())), "ok"); }

INSTANTIATE_TEST_SUITE_P(Files, Example,
                         testing::Values("example-minimal.yaml", "example-gateway.yaml", "example-relay.yaml",
                                         "example-tunnels.yaml"));

TEST(LoadText, AnEmptyFileMissesItsKeys) {
  EXPECT_EQ(problems_of(""),
            "f:1:1: ports: missing key; allowed: auto, or a map of names\n"
            "f:1:1: wan: missing key; allowed: a map\n"
            "f:1:1: tunnels: missing key; allowed: a map of names\n");
}

TEST(LoadText, AListIsNoConfiguration) {
  EXPECT_EQ(problems_of("- role\n"), "f:1:1: a list stands here; allowed: a map of keys\n");
}

TEST(LoadText, SaysWhereItIsNotYaml) {
  EXPECT_EQ(problems_of("role: gateway\nports: { wan: [ }\n"), "f:2:17: not YAML: illegal flow end\n");
}

TEST(LoadText, ATabIsNotYaml) {
  EXPECT_EQ(problems_of("wan:\n\tport: wan\n"), "f:2:1: a tab in the indentation; allowed: blanks\n");
}

TEST(LoadText, RefusesASecondDocument) {
  EXPECT_EQ(problems_of(std::string(kGateway) + "---\nrole: relay\n"),
            "f:16:1: a second document; allowed: one document\n");
}

TEST(LoadText, RefusesAMapAsKey) {
  EXPECT_EQ(problems_of("{ a: b }: c\n"), "f:1:1: a map as a key; allowed: a word\n");
}

TEST(LoadText, RefusesDeepNesting) {
  EXPECT_EQ(problems_of("a: " + std::string(20, '[') + std::string(20, ']')),
            "f:1:19: nested too deeply; allowed: 16 levels\n");
}

TEST(LoadText, AliasesDoNotMultiply) {
  std::string laughs = "a: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c < 'n'; ++c) {
    const std::string ref = std::string(1, static_cast<char>(c - 1));
    laughs += std::string(1, c) + ": &" + c + " [*" + ref + ", *" + ref + ", *" + ref + ", *" + ref + "]\n";
  }
  EXPECT_NE(problems_of(laughs), "ok\n");
}

TEST(LoadText, FindsAllProblemsInOnePassInTheOrderOfTheFile) {
  EXPECT_EQ(problems_of("role: bridge\n"
                        "ports: { wan: { device: net_null0, vlan: 5000 } }\n"
                        "colour: red\n"
                        "wan: { port: wam, acd: never }\n"
                        "tunnels: { main: { mode: 6in4, mtu: 9000 } }\n"
                        "role: relay\n"),
            "f:1:7: role: \"bridge\" is unknown; allowed: gateway | relay\n"
            "f:2:42: ports.wan.vlan: \"5000\" is out of range; allowed: 0..4094\n"
            "f:3:1: colour: unknown key; allowed: role, instance, ports, wan, tunnels, lans, filter, relay, "
            "host, workers, eal, on_stop, lab_allow_prefixes, state, management, log\n"
            "f:4:14: wan.port: no port \"wam\"; allowed: wan\n"
            "f:4:24: wan.acd: \"never\" is unknown; allowed: optimistic | strict\n"
            "f:5:12: tunnels.main.6in4: missing key; allowed: a map, which mode 6in4 needs\n"
            "f:5:37: tunnels.main.mtu: \"9000\" is out of range; allowed: 1280..1480, or auto\n"
            "f:6:1: role: duplicate key, first at line 1; allowed: each key once\n");
}

TEST(LoadText, NeverShowsAUrl) {
  const std::string text =
      problems_of(replaced(kGateway, "  port: wan\n",
                           "  port: wan\n  external_address: { http: { urls: [\"ftp://u:secret@h/\"] } }\n"));
  EXPECT_EQ(text.find("secret"), std::string::npos) << text;
}

TEST(LoadText, ShowsNoControlCharacters) {
  EXPECT_EQ(problems_of(replaced(kGateway, "role: gateway", "role: \"\\e[2J\"")),
            "f:1:7: role: \"?[2J\" is unknown; allowed: gateway | relay\n");
}

// proves: B15
TEST(LoadText, NoRelayIsPreset) {
  EXPECT_EQ(
      problems_of(replaced(kGateway, "    relays: [11.0.0.3]\n", "")),
      "f:8:3: tunnels.main.relays: no relay, and none is preset; allowed: the IPv4 addresses of relays that "
      "you may use, as in [192.88.99.1]\n");
}

}  // namespace
}  // namespace gate41::config
