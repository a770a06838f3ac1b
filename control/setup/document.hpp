// Document: a YAML text whose values are read and changed by path ("wan.ipv4.address"). What nobody changes
// stays; comments go with the first change.
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

  // In one form, to look at and to compare.
  [[nodiscard]] const std::string& text() const { return text_; }
  // To be saved: as it was read where it says the same.
  [[nodiscard]] const std::string& file() const { return text_ == source_text_ ? source_ : text_; }
  bool operator==(const Document& other) const { return file() == other.file(); }

 private:
  Document(std::string source, std::string text)
      : source_(std::move(source)), source_text_(text), text_(std::move(text)) {}

  std::string source_;
  std::string source_text_;  // the same in one form
  std::string text_;
};

// A # in a block of text counts too.
[[nodiscard]] bool has_comments(std::string_view yaml);

}  // namespace gate41::setup
