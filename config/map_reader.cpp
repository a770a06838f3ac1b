#include "config/map_reader.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <set>
#include <unordered_map>

namespace gate41::config {
namespace {

constexpr std::size_t kLongestKey = 32;

// `b` has at most kLongestKey letters.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::array<std::size_t, kLongestKey + 1> row{};
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row[b.size()];
}

// Two slips of the keyboard, fewer in short words; empty when nothing is near.
std::string_view closest(std::string_view word, const std::vector<std::string_view>& candidates) {
  std::string_view best;
  std::size_t best_distance = std::min<std::size_t>(2, word.size() / 2) + 1;
  if (word.size() > kLongestKey) return best;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(candidate, word);
    if (distance >= best_distance) continue;
    best = candidate;
    best_distance = distance;
  }
  return best;
}

std::string unknown_key_advice(std::string_view word, const std::vector<std::string_view>& names) {
  if (const std::string_view near = closest(word, names); !near.empty())
    return "did you mean " + std::string(near) + "?";
  std::string text;
  for (const std::string_view name : names) text += (text.empty() ? "allowed: " : ", ") + std::string(name);
  return text;
}

}  // namespace

MapReader::MapReader(Findings& findings, const Node& node, std::string path, std::string pattern)
    : findings_(findings), node_(node), path_(std::move(path)), pattern_(std::move(pattern)) {
  std::unordered_map<std::string_view, int> first_line;
  for (const Node& entry : node_.children) {
    const auto [first, is_new] = first_line.emplace(entry.key, entry.key_mark.line);
    if (is_new)
      check_key(entry);
    else
      findings_.add(entry.key_mark, path_of(quoted_name(entry.key)),
                    "duplicate key, first at line " + std::to_string(first->second),
                    "allowed: each key once");
  }
  check_missing();
}

void MapReader::check_key(const Node& entry) {
  const std::string path = path_of(quoted_name(entry.key));
  if (const Key* any = find_key(pattern_of("NAME"))) {
    if (const Wrong wrong = any->check(entry.key))
      findings_.add(entry.key_mark, path, quoted(entry.key) + " " + wrong, "allowed: " + allowed_text(*any));
    return;
  }
  if (entry.key.find_first_of(".[") == std::string::npos && find_key(pattern_of(entry.key)) != nullptr)
    return;
  findings_.add(entry.key_mark, path, "unknown key", unknown_key_advice(entry.key, names_under(pattern_)));
}

void MapReader::check_missing() {
  for (const std::string_view name : names_under(pattern_)) {
    const Key& key = key_of(name);
    if (key.required() && find(name) == nullptr)
      findings_.add(node_.key_mark, path_of(name), "missing key", "allowed: " + allowed_text(key));
  }
}

const Node* MapReader::find(std::string_view name) {
  const auto it = std::find_if(node_.children.begin(), node_.children.end(),
                               [&](const Node& child) { return child.key == name; });
  if (it == node_.children.end()) return nullptr;
  findings_.place(path_of(name), it->kind == Node::Kind::map ? it->key_mark : it->mark);
  return &*it;
}

std::string MapReader::path_of(std::string_view name) const {
  return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

std::string MapReader::pattern_of(std::string_view name) const {
  return pattern_.empty() ? std::string(name) : pattern_ + "." + std::string(name);
}

const Key& MapReader::key_of(std::string_view name) const { return *find_key(pattern_of(name)); }

void MapReader::wrong_value(const Node& node, const std::string& path, const Key& key,
                            const std::string& wrong) {
  // A URL may hold a password.
  const bool secret = key.path.ends_with(".urls") || key.path.ends_with(".url");
  const std::string shown = node.kind == Node::Kind::list ? "the list"
                            : secret                      ? "the text"
                                                          : quoted(node.text);
  findings_.add(node.mark, path, shown + " " + wrong, "allowed: " + allowed_text(key));
}

bool MapReader::expect(const Node& node, Node::Kind kind, const std::string& path, const Key& key) {
  if (node.kind == kind) return true;
  findings_.add(node.mark, path, std::string(kind_name(node.kind)) + " stands here",
                "allowed: " + allowed_text(key));
  return false;
}

std::optional<std::size_t> MapReader::read_word(const Node& node, const std::string& path, const Key& key) {
  if (!expect(node, Node::Kind::scalar, path, key)) return std::nullopt;
  const auto word = std::find(key.words.begin(), key.words.end(), node.text);
  if (word != key.words.end()) return static_cast<std::size_t>(word - key.words.begin());
  const bool later = std::find(key.later.begin(), key.later.end(), node.text) != key.later.end();
  wrong_value(node, path, key, later ? "is not in this release" : "is unknown");
  return std::nullopt;
}

void MapReader::prefixes(std::string_view name, std::vector<Ipv4Prefix>& v4, std::vector<Ipv6Prefix>& v6) {
  for_items(name, [&](const Node& item, const std::string& path, const Key& key) {
    if (!expect(item, Node::Kind::scalar, path, key)) return;
    if (const Wrong wrong = key.check(item.text))
      wrong_value(item, path, key, wrong);
    else if (const auto prefix = Ipv4Prefix::parse(item.text))
      v4.push_back(*prefix);
    else
      v6.push_back(*Ipv6Prefix::parse(item.text));
  });
}

void MapReader::sources(std::string_view name, ExternalAddress& out) {
  const Node* node = find(name);
  if (node == nullptr) return;
  if (node->kind == Node::Kind::scalar) return value(name, out.literal);
  out.from.clear();
  for_items(name, [&](const Node& item, const std::string& path, const Key& key) {
    ExternalAddress::Source source{};
    if (const auto index = read_word(item, path, key))
      source = static_cast<ExternalAddress::Source>(*index);
    else
      return;
    if (std::find(out.from.begin(), out.from.end(), source) == out.from.end())
      out.from.push_back(source);
    else
      wrong_value(item, path, key, "stands here twice");
  });
  if (node->children.empty()) wrong_value(*node, path_of(name), key_of(name), "is empty");
}

std::vector<const Node*> MapReader::first_of_each() const {
  std::vector<const Node*> result;
  std::set<std::string_view> seen;
  for (const Node& child : node_.children)
    if (seen.insert(child.key).second) result.push_back(&child);
  return result;
}

std::string MapReader::quoted_name(const std::string& key) {
  const std::string shown = quoted(key);
  const bool plain =
      shown.size() == key.size() + 2 && key.find_first_of(".[ ") == std::string::npos && !key.empty();
  return plain ? key : shown;
}

}  // namespace gate41::config
