// Document: a YAML text whose values are read and changed by path ("wan.ipv4.address"). What nobody changes
// stays, but comments go.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dataplane/base/result.hpp"

namespace gate41::setup {

class Document {
 public:
  // Fails on a text that is not a YAML map.
  static Result<Document> parse(const std::string& text);

  // A value, or a list's as "a, b"; empty: not there, or a map.
  [[nodiscard]] std::string get(std::string_view path) const;
  // Makes the maps on the way; what stood in their place, or in the value's, goes.
  void set(std::string_view path, const std::string& value);
  // From "a, b" or "a b".
  void set_list(std::string_view path, std::string_view values);
  void remove(std::string_view path);
  // The names of a map's entries, in the order of the file.
  [[nodiscard]] std::vector<std::string> names(std::string_view path) const;

  [[nodiscard]] const std::string& text() const { return text_; }
  bool operator==(const Document&) const = default;

 private:
  explicit Document(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace gate41::setup
