// What the loader found: where every key stood, and all problems. One load fills one of these.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "config/loader.hpp"
#include "config/node.hpp"

namespace gate41::config {

class Findings {
 public:
  explicit Findings(std::string file) : file_(std::move(file)) {}

  // Every node that was read says where it stands, so that checks across keys can name a place.
  void place(const std::string& path, Mark mark) { places_.emplace(path, mark); }
  [[nodiscard]] bool given(const std::string& path) const { return places_.contains(path); }

  // `allowed` may be empty.
  void add(Mark mark, const std::string& path, const std::string& wrong, const std::string& allowed);
  // At the key's place or, when it is missing, at that of the map around it. Silent where the key itself or
  // something in it is wrong already: the second message would only follow from the first.
  void add_check(const std::string& path, const std::string& wrong, const std::string& allowed);

  // In the order of the file.
  [[nodiscard]] std::vector<Problem> take();

 private:
  [[nodiscard]] Mark nearest_place(std::string path) const;
  [[nodiscard]] bool wrong_already(const std::string& path) const;

  std::string file_;
  std::map<std::string, Mark> places_;
  std::vector<Problem> problems_;
  std::set<std::string> wrong_keys_;
};

// A text of the file as a message may show it: short, printable, in quotes.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace gate41::config
