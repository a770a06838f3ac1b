// Writes a model as paths and texts ("tunnels.main.mtu" -> "1280"), effective values included. A visitor for
// bindings.hpp; its counterpart is MapReader.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/scalars.hpp"

namespace gate41::config {

using Values = std::map<std::string, std::string>;

class ValueWriter {
 public:
  explicit ValueWriter(Values& values, std::string path = "") : values_(values), path_(std::move(path)) {}

  template <typename T>
  void value(std::string_view name, T&& field) {
    values_[path_of(name)] = to_text(field);
  }
  template <typename T>
  void choice(std::string_view name, const T& field) {
    values_[path_of(name)] = std::to_string(static_cast<unsigned>(field));
  }
  template <typename T>
  void choices(std::string_view name, const std::vector<T>& fields) {
    std::string& text = values_[path_of(name)];
    for (const T& field : fields) text += std::to_string(static_cast<unsigned>(field)) + ",";
  }
  template <typename T>
  void list(std::string_view name, const std::vector<T>& elements) {
    // Lengths in front keep ["a b"] and ["a", "b"] apart.
    std::string& text = values_[path_of(name)];
    for (const T& element : elements) {
      const std::string one = to_text(element);
      text += std::to_string(one.size()) + ":" + one;
    }
  }
  template <typename T>
  void list_or_word(std::string_view name, std::string_view /*word*/, const std::vector<T>& elements) {
    list(name, elements);
  }
  void prefixes(std::string_view name, const std::vector<Ipv4Prefix>& v4, const std::vector<Ipv6Prefix>& v6);
  void sources(std::string_view name, const ExternalAddress& external);

  template <typename Write>
  void map(std::string_view name, Write write) {
    ValueWriter inner(values_, path_of(name));
    write(inner);
  }
  template <typename T>
  void optional_map(std::string_view name, std::optional<T>& field) {
    if (field) element(path_of(name), *field);
  }
  template <typename T>
  void word_or_map(std::string_view name, std::string_view /*word*/, std::optional<T>& field) {
    optional_map(name, field);
  }
  template <typename T>
  void named(std::string_view name, std::map<std::string, T>& elements) {
    for (auto& [key, one] : elements) element(path_of(name) + "." + key, one);
  }
  template <typename T>
  void named(std::string_view name, std::vector<T>& elements) {
    for (T& one : elements) element(path_of(name) + "." + one.name, one);
  }
  template <typename T>
  void named_or_word(std::string_view name, std::string_view word, T& elements, const bool& is_word) {
    values_[path_of(name)] = is_word ? word : "";
    if (!is_word) named(name, elements);
  }
  template <typename T>
  void items(std::string_view name, std::vector<T>& elements) {
    for (std::size_t i = 0; i < elements.size(); ++i)
      element(path_of(name) + "[" + std::to_string(i) + "]", elements[i]);
  }

 private:
  // An element's own path stands for its being there.
  template <typename T>
  void element(const std::string& path, T& field) {
    values_[path] = "";
    ValueWriter inner(values_, path);
    visit(inner, field);
  }
  [[nodiscard]] std::string path_of(std::string_view name) const {
    return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
  }

  Values& values_;
  std::string path_;
};

}  // namespace gate41::config
