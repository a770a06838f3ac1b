#include "control/tool/text.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <utility>

namespace gate41::tool {
namespace {

using Prefixes = std::array<std::string_view, 6>;
constexpr Prefixes kDecimal = {"", "k", "M", "G", "T", "P"};
constexpr Prefixes kBinary = {"", "Ki", "Mi", "Gi", "Ti", "Pi"};

std::string with_prefix(double value, double step, const Prefixes& prefixes, std::string_view unit) {
  std::size_t i = 0;
  while (value >= step && i + 1 < prefixes.size()) {
    value /= step;
    ++i;
  }
  if (i == 0) return fmt::format("{:.0f} {}", value, unit);
  return fmt::format("{:.1f} {}{}", value, prefixes[i], unit);
}

}  // namespace

std::string printable(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c >= ' ' && c <= '~')
      safe += c;
    else
      safe += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  return safe;
}

std::string scaled(double value, std::string_view unit) { return with_prefix(value, 1000, kDecimal, unit); }
std::string binary_size(double bytes) { return with_prefix(bytes, 1024, kBinary, "B"); }

std::string time_span(double seconds) {
  const auto s = static_cast<uint64_t>(std::clamp(seconds, 0.0, 1e15));
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {} s", s / 60, s % 60);
  if (s < 86400) return fmt::format("{} h {} min", s / 3600, s % 3600 / 60);
  return fmt::format("{} d {} h", s / 86400, s % 86400 / 3600);
}

std::string percent(double part, double whole) {
  return fmt::format("{:.1f} %", whole > 0 ? 100 * part / whole : 0.0);
}

std::string coloured(std::string_view text, Colour colour) {
  if (colour == Colour::none) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", colour == Colour::green ? 32 : 31, text);
}

Table::Table(std::vector<std::string> columns, std::size_t indent)
    : columns_(std::move(columns)), indent_(indent) {
  for (std::string& name : columns_) {
    right_.push_back(name.starts_with('>'));
    if (right_.back()) name.erase(0, 1);
    widths_.push_back(name.size());
  }
  header_due_ =
      std::any_of(columns_.begin(), columns_.end(), [](const std::string& name) { return !name.empty(); });
}

void Table::add(std::vector<std::string> row) {
  row.resize(columns_.size());
  for (std::size_t i = 0; i < row.size(); ++i) widths_[i] = std::max(widths_[i], row[i].size());
  rows_.push_back(std::move(row));
}

std::string Table::take() {
  std::string text;
  if (std::exchange(header_due_, false)) text = line(columns_);
  for (const auto& row : rows_) text += line(row);
  rows_.clear();
  return text;
}

std::string Table::line(const std::vector<std::string>& row) const {
  std::string text(indent_, ' ');
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string padding(widths_[i] - row[i].size(), ' ');
    text += right_[i] ? padding + row[i] : row[i] + padding;
    text += "  ";
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text + '\n';
}

}  // namespace gate41::tool
