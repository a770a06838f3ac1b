// Text for terminals: safe strings, human units, aligned columns. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gate41::tool {

// Nothing but visible ASCII and spaces: every other byte becomes \xNN, so that no name from the network can
// steer the terminal.
std::string printable(std::string_view text);

std::string scaled(double value, std::string_view unit);  // 1.2 Mbit/s; powers of 1000
std::string binary_size(double bytes);                    // 1.5 MiB; powers of 1024
std::string time_span(double seconds);                    // 45 s, 3 min 5 s, 2 h 4 min, 3 d 7 h
std::string percent(double part, double whole);           // 12.5 %

enum class Colour { none, green, red };
std::string coloured(std::string_view text, Colour colour);

// Aligned columns, two spaces apart. Rows can be taken out in parts; a part is at least as wide as those
// before it.
class Table {
 public:
  // A name that starts with '>' makes a column of numbers, aligned right. All names empty: no header line.
  explicit Table(std::vector<std::string> columns, std::size_t indent = 0);
  void add(std::vector<std::string> row);
  std::size_t size() const noexcept { return rows_.size(); }
  // The rows since the last time; the header comes with the first.
  std::string take();

 private:
  std::string line(const std::vector<std::string>& row) const;

  std::vector<std::string> columns_;
  std::vector<bool> right_;
  std::vector<std::size_t> widths_;
  std::vector<std::vector<std::string>> rows_;
  std::size_t indent_;
  bool header_due_;
};

}  // namespace gate41::tool
