// The YAML text as a tree that still knows where everything stood. yaml-cpp's own tree forgets duplicate
// keys, so this one is built from its events. Aliases are refused: a file is what it shows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace gate41::config {

// A place in the file, 1-based.
struct Mark {
  int line = 1;
  int column = 1;
  auto operator<=>(const Mark&) const = default;
};

struct Node {
  enum class Kind : uint8_t { null, scalar, list, map, alias };
  Kind kind = Kind::null;
  Mark mark;
  std::string text;            // scalar only
  std::string key;             // of an entry of a map
  Mark key_mark;               // of an entry of a map; else equal to `mark`
  std::vector<Node> children;  // of a map or list, in file order, duplicate keys included
};

struct SyntaxError {
  Mark mark;
  std::string text;
};

// One document. An empty file is an empty map.
[[nodiscard]] tl::expected<Node, SyntaxError> parse_yaml(std::string_view text);

// "scalar", "list", ... for messages.
[[nodiscard]] std::string_view kind_name(Node::Kind kind);

}  // namespace gate41::config
