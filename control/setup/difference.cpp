#include "control/setup/difference.hpp"

#include <algorithm>
#include <vector>

namespace gate41::setup {
namespace {

using TextLines = std::vector<std::string_view>;

TextLines lines_of(std::string_view text) {
  TextLines lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    lines.push_back(line);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return lines;
}

// common[i][j]: how many lines the rests from i and from j have in common, in order. Files of some hundred
// lines: no need to be clever.
std::vector<std::vector<std::size_t>> common_lines(const TextLines& a, const TextLines& b) {
  std::vector common(a.size() + 1, std::vector<std::size_t>(b.size() + 1, 0));
  for (std::size_t i = a.size(); i-- > 0;)
    for (std::size_t j = b.size(); j-- > 0;)
      common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  return common;
}

}  // namespace

std::string difference(std::string_view before, std::string_view after) {
  const TextLines a = lines_of(before);
  const TextLines b = lines_of(after);
  const auto common = common_lines(a, b);
  std::string lines;
  const auto tell = [&](char sign, std::string_view line) {
    lines += {sign, ' '}, lines += line, lines += '\n';
  };
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j])
      ++i, ++j;
    else if (j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1]))
      tell('-', a[i++]);
    else
      tell('+', b[j++]);
  }
  return lines;
}

}  // namespace gate41::setup
