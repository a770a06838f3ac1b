// The table of keys against everything that comes from it.
#include "config/keys.hpp"

#include <regex>
#include <set>

#include "cases.hpp"
#include "config/bindings.hpp"
#include "config/value_writer.hpp"

namespace gate41::config {
namespace {

TEST(Keys, TheReferenceIsThatOfTheTable) {
  EXPECT_EQ(read_config_file("README.md"), reference_markdown())
      << "write it again: config_reference > config/README.md";
}

TEST(Keys, StandInTheTableOnce) {
  std::set<std::string_view> seen;
  for (const Key& key : all_keys()) EXPECT_TRUE(seen.insert(key.path).second) << key.path;
}

TEST(Keys, AllHaveAMeaning) {
  for (const Key& key : all_keys()) EXPECT_FALSE(key.meaning.empty()) << key.path;
}

TEST(Keys, AllSayWhatIsAllowed) {
  for (const Key& key : all_keys()) EXPECT_NE(allowed_text(key), "0..0") << key.path;
}

TEST(Keys, StandBehindTheirMap) {
  std::set<std::string_view> seen;
  for (const Key& key : all_keys()) {
    const std::size_t end = key.path.find_last_of(".[");
    EXPECT_TRUE(end == std::string_view::npos || seen.contains(key.path.substr(0, end))) << key.path;
    seen.insert(key.path);
  }
}

// "tunnels.NAME.mtu" -> a pattern for "tunnels.main.mtu"
std::regex as_regex(std::string_view path) {
  std::string text = std::regex_replace(std::string(path), std::regex("\\."), "\\.");
  text = std::regex_replace(text, std::regex("\\[\\]"), "\\[\\d+\\]");
  return std::regex(std::regex_replace(text, std::regex("NAME"), "[^.]+"));
}

// Every key with a value of its own fills a field: what no visit() names would be read by nobody.
TEST(Keys, AllAreBoundToTheModel) {
  Values values;
  for (const char* file : {"example-gateway.yaml", "example-relay.yaml", "example-tunnels.yaml"}) {
    auto config = load_file(config_file(file));
    ASSERT_TRUE(config) << file;
    ValueWriter writer(values);
    visit(writer, *config);
  }
  for (const Key& key : all_keys()) {
    if (key.unit == "map") continue;
    const std::regex pattern = as_regex(key.path);
    const bool bound = std::any_of(values.begin(), values.end(),
                                   [&](const auto& value) { return std::regex_match(value.first, pattern); });
    EXPECT_TRUE(bound || key.path == "filter.inbound") << key.path;
  }
}

// And the other way round: what a visit() names without a row would have no place in the file.
TEST(Keys, AllBoundFieldsHaveARow) {
  Values values;
  Config config = loaded(kRelay);
  config.filter.inbound.emplace_back();
  config.lans.emplace_back().name = "home";
  config.tunnels.front().six_rd.emplace();
  config.tunnels.front().six_in_four.emplace();
  ValueWriter writer(values);
  visit(writer, config);
  for (const auto& [path, text] : values) {
    const auto keys = all_keys();
    EXPECT_TRUE(std::any_of(keys.begin(), keys.end(), [&](const Key& key) {
      return std::regex_match(path, as_regex(key.path));
    })) << path;
  }
}

}  // namespace
}  // namespace gate41::config
