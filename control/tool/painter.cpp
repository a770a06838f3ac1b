#include "control/tool/painter.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

namespace gate41::tool {
namespace {

constexpr std::size_t kDeepest = 20;

// A colour's sequence at the beginning of `text`, or one character.
std::string_view next_piece(std::string_view text) {
  if (text.front() != '\x1b') return text.substr(0, 1);
  const std::size_t end = text.find('m');
  return text.substr(0, end == std::string_view::npos ? text.size() : end + 1);
}

std::string plain(std::string_view text) {
  std::string visible;
  while (!text.empty()) {
    const std::string_view piece = next_piece(text);
    if (piece.size() == 1) visible += piece;
    text.remove_prefix(piece.size());
  }
  return visible;
}

// Where the second column begins.
std::size_t depth_of(const std::string& line) {
  const std::size_t first = line.find_first_not_of(' ');
  const std::size_t gap = line.find("  ", first == std::string::npos ? 0 : first);
  const std::size_t second = line.find_first_not_of(' ', gap);
  return gap == std::string::npos || second == std::string::npos || second > kDeepest ? 0 : second;
}

// The beginning of `text` that fits, to the last space in it if there is one.
std::string_view head_of(std::string_view text, std::size_t columns) {
  std::size_t taken = 0;
  std::size_t visible = 0;
  std::size_t space = 0;
  while (taken < text.size()) {
    const std::string_view piece = next_piece(text.substr(taken));
    if (piece.size() == 1 && ++visible > columns)
      return text.substr(0, piece == " " || space == 0 ? taken : space);
    if (piece == " " && visible > 1) space = taken;
    taken += piece.size();
  }
  return text;
}

void add_rows(std::vector<std::string>& rows, std::string_view line, std::size_t columns) {
  const std::size_t depth = depth_of(plain(line));
  std::string_view head = head_of(line, columns);
  rows.emplace_back(head);
  line.remove_prefix(head.size());
  const std::size_t rest = columns > depth ? columns - depth : columns;
  while (!line.empty()) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    head = head_of(line, rest);
    if (!head.empty()) rows.push_back(std::string(depth, ' ') + std::string(head));
    line.remove_prefix(head.size());
  }
}

}  // namespace

std::vector<std::string> rows_of(std::string_view text, std::size_t columns) {
  std::vector<std::string> rows;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    add_rows(rows, line, std::max<std::size_t>(columns, 1));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return rows;
}

std::string Painter::paint(std::vector<std::string> rows, ScreenSize size) {
  rows.resize(size.rows);
  std::string bytes;
  if (shown_.size() != rows.size()) {
    shown_.assign(rows.size(), "");
    bytes = "\x1b[2J";
  }
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i] != shown_[i]) bytes += fmt::format("\x1b[{};1H\x1b[K{}", i + 1, rows[i]);
  shown_ = std::move(rows);
  return bytes;
}

}  // namespace gate41::tool
