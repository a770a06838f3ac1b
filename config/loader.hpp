// Reads and checks the one YAML file. All problems are found in one pass and the file is refused whole.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/model.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::config {

// One problem, printed as `FILE:LINE:COLUMN: key.path: what is wrong; what is allowed`.
struct Problem {
  std::string file;
  int line = 0;  // 1-based; 0 = the file itself (`FILE: no such file`)
  int column = 0;
  std::string key;
  std::string text;
  [[nodiscard]] std::string to_string() const;
};

template <typename T>
using Checked = tl::expected<T, std::vector<Problem>>;

[[nodiscard]] Checked<Config> load_file(const std::string& path);
[[nodiscard]] Checked<Config> load_text(std::string_view yaml, const std::string& file_name);

// Values that differ, by path; of an element that is new or gone, its own path.
struct Changes {
  std::vector<std::string> live;     // a reload brings them
  std::vector<std::string> restart;  // only a restart does
};
[[nodiscard]] Changes changes(const Config& running, const Config& wanted);

// Keys marked `restart` whose values differ, by path ("ports.wan.device"): a reload that changes one is
// refused.
[[nodiscard]] std::vector<std::string> restart_changes(const Config& running, const Config& wanted);

// config/README.md: key, meaning, unit, default, range, live or restart; from the table that the loader uses.
[[nodiscard]] std::string reference_markdown();

}  // namespace gate41::config
