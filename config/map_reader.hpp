// Reads one map of the file into fields, by the table of keys: unknown, duplicate and missing keys are found
// when it is made, wrong values when they are read. A visitor for bindings.hpp; its counterpart is
// ValueWriter.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/findings.hpp"
#include "config/keys.hpp"
#include "config/node.hpp"
#include "config/scalars.hpp"

namespace gate41::config {

class MapReader {
 public:
  // `node` must outlive the reader. `path` is how the file calls the map, `pattern` how the table does.
  MapReader(Findings& findings, const Node& node, std::string path, std::string pattern);

  template <typename T>
  void value(std::string_view name, T&& out) {
    if (const Node* node = find(name)) read_scalar(*node, path_of(name), key_of(name), out);
  }

  // One of the key's words; the value is its index.
  template <typename T>
  void choice(std::string_view name, T& out) {
    if (const Node* node = find(name)) read_choice(*node, path_of(name), key_of(name), out);
  }

  // A list of the key's words.
  template <typename T>
  void choices(std::string_view name, std::vector<T>& out) {
    for_items(name, [&](const Node& item, const std::string& path, const Key& key) {
      T element{};
      if (read_choice(item, path, key, element)) out.push_back(element);
    });
  }

  template <typename T>
  void list(std::string_view name, std::vector<T>& out) {
    for_items(name, [&](const Node& item, const std::string& path, const Key& key) {
      T element{};
      if (read_scalar(item, path, key, element)) out.push_back(std::move(element));
    });
  }

  // The word, which leaves `out` empty, or a list.
  template <typename T>
  void list_or_word(std::string_view name, std::string_view word, std::vector<T>& out) {
    const Node* node = find(name);
    if (node != nullptr && node->kind == Node::Kind::scalar && node->text == word) return;
    list(name, out);
    if (node != nullptr && node->kind == Node::Kind::list && node->children.empty())
      wrong_value(*node, path_of(name), key_of(name), "is empty");
  }

  // IPv4 and IPv6 prefixes in one list.
  void prefixes(std::string_view name, std::vector<Ipv4Prefix>& v4, std::vector<Ipv6Prefix>& v6);
  // A list of words, or one address instead.
  void sources(std::string_view name, ExternalAddress& out);

  // A map with fixed keys: `read(MapReader&)`.
  template <typename Read>
  void map(std::string_view name, Read read) {
    if (const Node* node = find(name)) read_map(*node, path_of(name), pattern_of(name), read);
  }
  template <typename T>
  void optional_map(std::string_view name, std::optional<T>& out) {
    map(name, [&](MapReader& reader) { visit(reader, out.emplace()); });
  }
  // The word, or a map instead of it.
  template <typename T>
  void word_or_map(std::string_view name, std::string_view word, std::optional<T>& out) {
    const Node* node = find(name);
    if (node != nullptr && node->kind == Node::Kind::scalar) {
      if (node->text != word) wrong_value(*node, path_of(name), key_of(name), "is unknown");
    } else {
      optional_map(name, out);
    }
  }
  // A map of names.
  template <typename T>
  void named(std::string_view name, std::map<std::string, T>& out) {
    for_names(name, [&](MapReader& reader, const std::string& key) { visit(reader, out[key]); });
  }
  template <typename T>
  void named(std::string_view name, std::vector<T>& out) {
    for_names(name, [&](MapReader& reader, const std::string& key) {
      out.emplace_back().name = key;
      visit(reader, out.back());
    });
  }
  // The word, which sets the flag, or a map of names.
  template <typename T>
  void named_or_word(std::string_view name, std::string_view word, T& out, bool& is_word) {
    const Node* node = find(name);
    is_word = node != nullptr && node->kind == Node::Kind::scalar && node->text == word;
    if (!is_word) named(name, out);
  }
  // A list of maps.
  template <typename T>
  void items(std::string_view name, std::vector<T>& out) {
    for_items(name, [&](const Node& item, const std::string& path, const Key&) {
      read_map(item, path, pattern_of(name) + "[]",
               [&](MapReader& reader) { visit(reader, out.emplace_back()); });
    });
  }

 private:
  void check_key(const Node& entry);
  void check_missing();

  // Nullptr when the key is not there; notes its place.
  const Node* find(std::string_view name);
  [[nodiscard]] std::string path_of(std::string_view name) const;
  [[nodiscard]] std::string pattern_of(std::string_view name) const;
  [[nodiscard]] const Key& key_of(std::string_view name) const;

  void wrong_value(const Node& node, const std::string& path, const Key& key, const std::string& wrong);
  bool expect(const Node& node, Node::Kind kind, const std::string& path, const Key& key);
  std::optional<std::size_t> read_word(const Node& node, const std::string& path, const Key& key);

  template <typename T>
  bool read_choice(const Node& node, const std::string& path, const Key& key, T& out) {
    const auto index = read_word(node, path, key);
    if (index) out = static_cast<T>(*index);
    return index.has_value();
  }

  template <typename T>
  bool read_scalar(const Node& node, const std::string& path, const Key& key, T& out) {
    if (!expect(node, Node::Kind::scalar, path, key)) return false;
    const Wrong wrong = from_text(node.text, key, out);
    if (wrong != nullptr) wrong_value(node, path, key, wrong);
    return wrong == nullptr;
  }

  template <typename Read>
  void read_map(const Node& node, const std::string& path, const std::string& pattern, Read read) {
    if (!expect(node, Node::Kind::map, path, *find_key(pattern))) return;
    MapReader reader(findings_, node, path, pattern);
    read(reader);
  }

  template <typename Read>
  void for_items(std::string_view name, Read read) {
    const Node* node = find(name);
    if (node == nullptr || !expect(*node, Node::Kind::list, path_of(name), key_of(name))) return;
    for (std::size_t i = 0; i < node->children.size(); ++i) {
      const std::string path = path_of(name) + "[" + std::to_string(i) + "]";
      findings_.place(path, node->children[i].mark);
      read(node->children[i], path, key_of(name));
    }
  }

  template <typename Read>
  void for_names(std::string_view name, Read read) {
    const std::string pattern = pattern_of(name) + ".NAME";
    map(name, [&](MapReader& names) {
      for (const Node* child : names.first_of_each()) {
        const std::string path = names.path_of(quoted_name(child->key));
        findings_.place(path, child->key_mark);
        read_map(*child, path, pattern, [&](MapReader& reader) { read(reader, child->key); });
      }
    });
  }

  // The children without the later ones of duplicate keys.
  [[nodiscard]] std::vector<const Node*> first_of_each() const;
  // A key as a path may show it.
  static std::string quoted_name(const std::string& key);

  Findings& findings_;
  const Node& node_;
  std::string path_;
  std::string pattern_;
};

}  // namespace gate41::config
