#include "config/node.hpp"

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace gate41::config {
namespace {

// The deepest key of the configuration stands at 5; the limit bounds every walk over the tree.
constexpr std::size_t kMaxDepth = 16;

Mark to_mark(const YAML::Mark& mark) {
  return mark.is_null() ? Mark{} : Mark{.line = mark.line + 1, .column = mark.column + 1};
}

// YAML that is no configuration.
struct Refused {
  SyntaxError error;
};

class TreeBuilder : public YAML::EventHandler {
 public:
  Node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { attach(node(Node::Kind::null, mark)); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { attach(node(Node::Kind::alias, mark)); }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                const std::string& value) override {
    Node scalar = node(Node::Kind::scalar, mark);
    scalar.text = value;
    attach(std::move(scalar));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(node(Node::Kind::list, mark));
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    open(node(Node::Kind::map, mark));
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    Node node;
    std::optional<Node> pending_key;  // read, its value not yet
  };

  static Node node(Node::Kind kind, const YAML::Mark& mark) {
    Node result;
    result.kind = kind;
    result.mark = result.key_mark = to_mark(mark);
    return result;
  }

  void open(Node container) {
    if (levels_.size() >= kMaxDepth) throw Refused{{container.mark, "nested too deeply; allowed: 16 levels"}};
    levels_.push_back({std::move(container), std::nullopt});
  }

  void close() {
    Node done = std::move(levels_.back().node);
    levels_.pop_back();
    attach(std::move(done));
  }

  void attach(Node child) {
    if (levels_.empty()) {
      root_ = std::move(child);
      return;
    }
    Level& level = levels_.back();
    if (level.node.kind == Node::Kind::list) {
      level.node.children.push_back(std::move(child));
    } else if (!level.pending_key) {
      level.pending_key = std::move(child);
    } else {
      attach_entry(level, std::move(child));
    }
  }

  static void attach_entry(Level& level, Node value) {
    const Node key = *std::exchange(level.pending_key, std::nullopt);
    if (key.kind != Node::Kind::scalar)
      throw Refused{{key.mark, std::string(kind_name(key.kind)) + " as a key; allowed: a word"}};
    value.key = key.text;
    value.key_mark = key.mark;
    // What is not there has no place of its own: yaml-cpp gives that of the next thing.
    if (value.kind == Node::Kind::null) value.mark = key.mark;
    level.node.children.push_back(std::move(value));
  }

  Node root_;
  std::vector<Level> levels_;
};

// The commonest mistake, of which yaml-cpp says something else.
bool indented_by_tab(std::string_view text, int line) {
  for (int i = 1; i < line; ++i) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  const std::size_t first = text.find_first_not_of(' ');
  return first != std::string_view::npos && text[first] == '\t';
}

SyntaxError explained(const YAML::Exception& e, std::string_view text) {
  const Mark mark = to_mark(e.mark);
  if (!text.empty() && indented_by_tab(text, mark.line))
    return {{mark.line, 1}, "a tab in the indentation; allowed: blanks"};
  return {mark, "not YAML: " + e.msg};
}

}  // namespace

tl::expected<Node, SyntaxError> parse_yaml(std::string_view text) {
  std::istringstream stream{std::string(text)};
  TreeBuilder builder;
  try {
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    Node root = builder.take();
    if (root.kind == Node::Kind::null) root.kind = Node::Kind::map;
    root.mark = root.key_mark = Mark{};
    TreeBuilder second;
    if (parser.HandleNextDocument(second))
      return tl::unexpected(SyntaxError{second.take().mark, "a second document; allowed: one document"});
    return root;
  } catch (const YAML::Exception& e) {
    return tl::unexpected(explained(e, text));
  } catch (Refused& refused) {
    return tl::unexpected(std::move(refused.error));
  }
}

std::string_view kind_name(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::scalar:
      return "a single value";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "a map";
    case Node::Kind::alias:
      return "an alias";
  }
  return "";
}

}  // namespace gate41::config
