#include "cases.hpp"

#include <fstream>
#include <sstream>

namespace gate41::config {

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string result(text);
  const std::size_t place = result.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  return place == std::string::npos ? result : result.replace(place, from.size(), to);
}

std::string problems_of(std::string_view yaml) {
  const auto config = load_text(yaml, "f");
  if (config) return "ok\n";
  std::string text;
  for (const Problem& problem : config.error()) text += problem.to_string() + "\n";
  return text;
}

std::string case_name(const testing::TestParamInfo<Case>& info) { return info.param.name; }

TEST_P(LoadProblem, IsReportedAtItsPlace) {
  const Case& c = GetParam();
  EXPECT_EQ(problems_of(replaced(c.base, c.from, c.to)), c.expected);
}

std::string config_file(const std::string& name) { return std::string(GATE41_CONFIG_DIR "/") + name; }

std::string read_config_file(const std::string& name) {
  std::ifstream file(config_file(name));
  EXPECT_TRUE(file) << name;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Config loaded(std::string_view yaml) {
  auto config = load_text(yaml, "f");
  if (config) return *config;
  ADD_FAILURE() << problems_of(yaml);
  return {};
}

}  // namespace gate41::config
