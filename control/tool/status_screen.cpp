#include "control/tool/status_screen.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "control/tool/text.hpp"

namespace gate41::tool {
namespace {

constexpr int kEscape = 0x1b;
constexpr int kCtrlC = 0x03;
constexpr std::size_t kBar = 1;  // rows of the keys
constexpr std::size_t kLogRows = 10;
constexpr std::chrono::minutes kWatched(1);  // somebody looks still

std::string_view take_field(std::string_view& line) {
  const std::string_view field = line.substr(0, line.find('\t'));
  line.remove_prefix(std::min(field.size() + 1, line.size()));
  return field;
}

void append(std::vector<std::string>& rows, std::string_view text, std::size_t columns) {
  for (std::string& row : rows_of(text, columns)) rows.push_back(std::move(row));
}

// What a log said last, in a few rows.
void append_end(std::vector<std::string>& rows, std::string_view log, std::size_t columns) {
  const std::vector<std::string> all = rows_of(log, columns);
  rows.emplace_back();
  rows.insert(rows.end(), all.end() - static_cast<std::ptrdiff_t>(std::min(all.size(), kLogRows)), all.end());
}

}  // namespace

std::chrono::seconds repaint_after(Duration since_key) {
  return std::chrono::seconds(since_key < kWatched ? 1 : 30);
}

std::string machine_states(std::string_view board) {
  std::string lines;
  while (!board.empty()) {
    std::string_view line = board.substr(0, board.find('\n'));
    board.remove_prefix(std::min(line.size() + 1, board.size()));
    const std::string_view component = take_field(line);
    const bool ok = take_field(line) == "ok";
    lines += fmt::format("{} {:<13} {}\n", ok ? ' ' : '!', printable(component), printable(line));
  }
  return lines;
}

bool StatusScreen::is_guarded(int key) const {
  return appliance_ && !asks_ && (key == 's' || key == 'l' || key == 'c' || key == 'p');
}

Wish StatusScreen::on_key(int key) {
  if (asks_) {
    asks_ = false;
    return key == 'y' ? Wish::power_off : Wish::nothing;
  }
  switch (key) {
    case 'd':
      turn_to(Page::doctor);
      break;
    case 'l':
      turn_to(Page::log);
      break;
    case ' ':
      ++number_;
      break;
    case 's':
      return appliance_ ? Wish::set_up : Wish::nothing;
    case 'c':
      return appliance_ ? Wish::capture : Wish::nothing;
    case 'p':
      asks_ = appliance_;
      break;
    case 'q':
    case kEscape:
    case kCtrlC:
      if (page_ == Page::status && !appliance_) return Wish::quit;
      turn_to(Page::status);
      break;
    default:
      break;
  }
  return Wish::nothing;
}

void StatusScreen::turn_to(Page page) {
  page_ = page;
  number_ = 0;
}

std::vector<std::string> StatusScreen::body(const ScreenContent& content, std::size_t columns) const {
  std::vector<std::string> rows;
  if (page_ == Page::log) {
    append(rows, content.log.empty() ? "There is no log here: see that of the service.\n" : content.log,
           columns);
    return rows;
  }
  const std::string machine = machine_states(content.machine);
  if (content.daemon.empty()) {
    append(rows,
           fmt::format("gate41: THE DAEMON DOES NOT ANSWER, for {} s now\n \n{}\n \n", content.silent.count(),
                       printable(content.trouble)),
           columns);
    append(rows, machine, columns);
    append_end(rows, content.log, columns);
    return rows;
  }
  append(rows, content.daemon, columns);
  append(rows, machine, columns);
  if (!content.capture.empty()) append(rows, content.capture + '\n', columns);
  return rows;
}

std::string StatusScreen::bar(const std::string& refusal, bool more) const {
  if (!refusal.empty()) return refusal;
  if (asks_) return "power the machine off? y: yes, any other key: no";
  std::string keys = page_ == Page::status ? "d doctor  l log" : "q back  d doctor  l log";
  if (appliance_) keys = "s set-up  " + keys + "  c capture  p power off";
  if (!appliance_ && page_ == Page::status) keys += "  q quit";
  return more ? keys + "  space more" : keys;
}

std::vector<std::string> StatusScreen::rows(const ScreenContent& content, ScreenSize size) {
  const std::vector<std::string> all = body(content, size.columns);
  const std::size_t room = std::max<std::size_t>(size.rows, kBar + 1) - kBar;
  const std::size_t pages = std::max<std::size_t>((all.size() + room - 1) / room, 1);
  std::size_t begin = number_ % pages * room;
  if (page_ == Page::log) begin = all.size() - std::min(all.size(), begin + room);  // read from its end
  const auto first = all.begin() + static_cast<std::ptrdiff_t>(begin);
  std::vector<std::string> rows(first,
                                first + static_cast<std::ptrdiff_t>(std::min(room, all.size() - begin)));
  rows.resize(room);
  rows.push_back(fmt::format("\x1b[7m{:<{}}\x1b[0m", bar(content.refusal, pages > 1), size.columns));
  return rows;
}

}  // namespace gate41::tool
