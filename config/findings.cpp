#include "config/findings.hpp"

#include <algorithm>
#include <tuple>

namespace gate41::config {

namespace {

// Names of the file's own choosing can hold anything.
std::string printable(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c < ' ' || c >= '\x7f'; }, '?');
  return text;
}

}  // namespace

void Findings::add(Mark mark, const std::string& path, const std::string& wrong, const std::string& allowed) {
  wrong_keys_.insert(path);
  const std::string text = allowed.empty() ? wrong : wrong + "; " + allowed;
  problems_.push_back({.file = file_,
                       .line = mark.line,
                       .column = mark.column,
                       .key = printable(path),
                       .text = printable(text)});
}

void Findings::add_check(const std::string& path, const std::string& wrong, const std::string& allowed) {
  if (!wrong_already(path)) add(nearest_place(path), path, wrong, allowed);
}

std::vector<Problem> Findings::take() {
  std::stable_sort(problems_.begin(), problems_.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  return std::move(problems_);
}

Mark Findings::nearest_place(std::string path) const {
  while (!path.empty()) {
    if (const auto it = places_.find(path); it != places_.end()) return it->second;
    const std::size_t end = path.find_last_of(".[");
    path.resize(end == std::string::npos ? 0 : end);
  }
  return {};
}

bool Findings::wrong_already(const std::string& path) const {
  const auto any_from = [&](const std::string& start) {
    const auto it = wrong_keys_.lower_bound(start);
    return it != wrong_keys_.end() && it->starts_with(start);
  };
  return wrong_keys_.contains(path) || any_from(path + ".") || any_from(path + "[");
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::string result = "\"";
  result += printable(std::string(text.substr(0, kLongest)));
  return result + (text.size() > kLongest ? "...\"" : "\"");
}

}  // namespace gate41::config
