// Questions to the table of keys.
#include <algorithm>

#include "config/keys.hpp"
#include "config/scalars.hpp"

namespace gate41::config {
namespace {

std::string join(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) text += (text.empty() ? "" : " | ") + std::string(word);
  return text;
}

std::string range_text(const Key& key) {
  if (key.unit == "duration") return duration_text(key.min) + ".." + duration_text(key.max);
  return std::to_string(key.min) + ".." + std::to_string(key.max);
}

}  // namespace

const Key* find_key(std::string_view pattern) {
  const auto keys = all_keys();
  const auto it = std::ranges::find(keys, pattern, &Key::path);
  return it == keys.end() ? nullptr : &*it;
}

std::vector<std::string_view> names_under(std::string_view pattern) {
  std::vector<std::string_view> names;
  for (const Key& key : all_keys()) {
    std::string_view rest = key.path;
    if (!pattern.empty()) {
      if (!rest.starts_with(pattern) || rest.size() <= pattern.size() || rest[pattern.size()] != '.')
        continue;
      rest.remove_prefix(pattern.size() + 1);
    }
    if (rest.find_first_of(".[") == std::string_view::npos) names.push_back(rest);
  }
  return names;
}

std::string allowed_text(const Key& key) {
  if (!key.form.empty()) return std::string(key.form);
  return key.words.empty() ? range_text(key) : join(key.words);
}

}  // namespace gate41::config
