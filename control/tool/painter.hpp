// Painter: a screen of text by ANSI sequences, of which only the rows that changed are sent: a serial line is
// slow. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gate41::tool {

struct ScreenSize {
  std::size_t columns = 80;
  std::size_t rows = 25;
};

// Text as rows of at most `columns` visible characters (colours take no place). What goes on begins below the
// second column of its line, the text after the first two spaces.
[[nodiscard]] std::vector<std::string> rows_of(std::string_view text, std::size_t columns);

class Painter {
 public:
  // What makes the screen show these rows and nothing else; rows beyond the last are left out.
  std::string paint(std::vector<std::string> rows, ScreenSize size);
  // Somebody else has written on the screen: the next time all of it is painted.
  void forget() { shown_.clear(); }

 private:
  std::vector<std::string> shown_;
};

}  // namespace gate41::tool
