// Whatever the text, the loader ends with a configuration or with problems that have a place.
#include <random>

#include "cases.hpp"

namespace gate41::config {
namespace {

void expect_sane(std::string_view text) {
  const auto config = load_text(text, "f");
  if (config) return;
  ASSERT_FALSE(config.error().empty());
  for (const Problem& problem : config.error()) {
    ASSERT_GE(problem.line, 1);
    ASSERT_GE(problem.column, 1);
    ASSERT_EQ(problem.to_string().find('\n'), std::string::npos);
  }
}

class Robustness : public testing::TestWithParam<const char*> {
 protected:
  std::string text_ = read_config_file(GetParam());
};

TEST_P(Robustness, EveryPrefixLoadsOrFails) {
  for (std::size_t length = 0; length <= text_.size(); ++length)
    expect_sane(std::string_view(text_).substr(0, length));
}

std::string mutated(std::string text, std::mt19937& random) {
  constexpr std::string_view kLikely = "{}[]:,-#&*!|>'\"%@`? \n\t0\xff\x80";
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
    const std::size_t place = below(text.size());
    const std::size_t length = std::min(below(20), text.size() - place);
    switch (below(4)) {
      case 0:
        text[place] = kLikely[below(kLikely.size())];
        break;
      case 1:
        text[place] = static_cast<char>(below(256));
        break;
      case 2:
        text.erase(place, std::min(length, text.size() - 1));
        break;
      default:
        text.insert(below(text.size()), text.substr(place, length));
        break;
    }
  }
  return text;
}

TEST_P(Robustness, MutationsLoadOrFail) {
  std::mt19937 random(41);
  for (int round = 0; round < 2000; ++round) expect_sane(mutated(text_, random));
}

INSTANTIATE_TEST_SUITE_P(Files, Robustness,
                         testing::Values("example-gateway.yaml", "example-relay.yaml",
                                         "example-tunnels.yaml"));

}  // namespace
}  // namespace gate41::config
