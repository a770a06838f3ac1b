#include "control/setup/document.hpp"

#include <utility>
#include <yaml-cpp/yaml.h>

namespace gate41::setup {
namespace {

std::vector<std::string> parts_of(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('.'));
    parts.emplace_back(part);
    path.remove_prefix(std::min(part.size() + 1, path.size()));
  }
  return parts;
}

// A Node is a reference: assigning one would change the tree.
YAML::Node find(const YAML::Node& root, std::string_view path) {
  YAML::Node node = root;
  for (const std::string& part : parts_of(path)) {
    if (!node.IsMap()) return YAML::Node(YAML::NodeType::Undefined);
    const YAML::Node& constant = node;
    const YAML::Node next = constant[part];
    if (!next.IsDefined()) return next;
    node.reset(next);
  }
  return node;
}

// The map that holds the path's last part, made if it is not there.
YAML::Node make_parent(const YAML::Node& root, const std::vector<std::string>& parts) {
  YAML::Node node = root;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    YAML::Node next = node[parts[i]];
    if (!next.IsMap()) next = YAML::Node(YAML::NodeType::Map);
    node.reset(next);
  }
  return node;
}

std::string written(const YAML::Node& root) {
  YAML::Emitter out;
  out << root;
  return std::string(out.c_str()) + '\n';
}

// Of one line.
bool ends_in_comment(std::string_view line) {
  char quote = 0;
  char before = ' ';
  for (const char c : line) {
    if (quote == 0 && before == ' ' && c == '#') return true;
    if (c == quote)
      quote = 0;
    else if (quote == 0 && (c == '"' || c == '\'') &&
             std::string_view(" [{,:").find(before) != std::string_view::npos)
      quote = c;
    before = c == '\t' ? ' ' : c;
  }
  return false;
}

}  // namespace

bool has_comments(std::string_view yaml) {
  while (!yaml.empty()) {
    const std::string_view line = yaml.substr(0, yaml.find('\n'));
    if (ends_in_comment(line)) return true;
    yaml.remove_prefix(std::min(line.size() + 1, yaml.size()));
  }
  return false;
}

Result<Document> Document::parse(const std::string& text) {
  try {
    if (const YAML::Node root = YAML::Load(text); root.IsMap()) return Document(text, written(root));
  } catch (const YAML::Exception& error) {
    return fail(error.what());
  }
  return fail("it is no map of keys and values");
}

std::string Document::get(std::string_view path) const {
  const YAML::Node node = find(YAML::Load(text_), path);
  if (!node.IsDefined()) return "";
  if (node.IsScalar()) return node.Scalar();
  std::string list;
  if (node.IsSequence())
    for (const auto& element : node)
      if (element.IsScalar()) list += (list.empty() ? "" : ", ") + element.Scalar();
  return list;
}

void Document::set(std::string_view path, const std::string& value) {
  const YAML::Node root = YAML::Load(text_);
  const std::vector<std::string> parts = parts_of(path);
  make_parent(root, parts)[parts.back()] = value;
  text_ = written(root);
}

void Document::set_list(std::string_view path, std::string_view values) {
  YAML::Node list(YAML::NodeType::Sequence);
  list.SetStyle(YAML::EmitterStyle::Flow);
  constexpr std::string_view kBetween = ", ";
  while (!(values = values.substr(std::min(values.find_first_not_of(kBetween), values.size()))).empty()) {
    const std::string_view value = values.substr(0, values.find_first_of(kBetween));
    list.push_back(std::string(value));
    values.remove_prefix(value.size());
  }
  const YAML::Node root = YAML::Load(text_);
  const std::vector<std::string> parts = parts_of(path);
  make_parent(root, parts)[parts.back()] = list;
  text_ = written(root);
}

void Document::remove(std::string_view path) {
  const YAML::Node root = YAML::Load(text_);
  const std::size_t dot = path.rfind('.');
  YAML::Node parent = dot == std::string_view::npos ? root : find(root, path.substr(0, dot));
  if (!parent.IsDefined() || !parent.IsMap()) return;
  if (parent.remove(std::string(path.substr(dot + 1)))) text_ = written(root);
}

std::vector<std::string> Document::names(std::string_view path) const {
  std::vector<std::string> names;
  const YAML::Node node = find(YAML::Load(text_), path);
  if (node.IsDefined() && node.IsMap())
    for (const auto& entry : node) names.push_back(entry.first.Scalar());
  return names;
}

}  // namespace gate41::setup
