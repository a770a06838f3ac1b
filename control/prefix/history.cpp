#include "control/prefix/history.hpp"

#include <algorithm>
#include <sstream>

namespace gate41::prefix {
namespace {

bool same_place(const Entry& a, const Entry& b) { return a.lan == b.lan && a.prefix == b.prefix; }

bool contains(const std::vector<Entry>& entries, const Entry& entry) {
  return std::ranges::any_of(entries, [&](const Entry& other) { return same_place(other, entry); });
}

bool is_current(const std::vector<Entry>& entries, const Ipv6Prefix& prefix) {
  return std::ranges::any_of(entries,
                             [&](const Entry& e) { return e.prefix == prefix && e.stale_until == 0; });
}

}  // namespace

History History::from_text(std::string_view text) {
  History history;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    Entry entry;
    std::string prefix;
    std::string rest;
    if (!(words >> entry.lan >> prefix >> entry.stale_until) || entry.stale_until < 0 || words >> rest)
      continue;
    const auto parsed = Ipv6Prefix::parse(prefix);
    if (!parsed) continue;
    entry.prefix = *parsed;
    if (!contains(history.entries_, entry)) history.entries_.push_back(entry);
  }
  return history;
}

std::string History::to_text() const {
  std::string text;
  for (const Entry& entry : entries_)
    text += entry.lan + ' ' + entry.prefix.to_string() + ' ' + std::to_string(entry.stale_until) + '\n';
  return text;
}

bool History::set_current(const std::vector<Entry>& current, int64_t now) {
  const std::vector<Entry> before = entries_;
  for (Entry& entry : entries_) {
    if (contains(current, entry))
      entry.stale_until = 0;
    else if (entry.stale_until == 0)
      entry.stale_until = now + kStaleFor.count();
  }
  for (const Entry& entry : current)
    if (!contains(entries_, entry)) entries_.push_back({entry.lan, entry.prefix, 0});
  return entries_ != before;
}

bool History::expire(int64_t now) {
  return std::erase_if(entries_,
                       [&](const Entry& e) { return e.stale_until != 0 && e.stale_until <= now; }) != 0;
}

std::vector<Entry> History::stale() const {
  std::vector<Entry> stale;
  std::ranges::copy_if(entries_, std::back_inserter(stale),
                       [](const Entry& e) { return e.stale_until != 0; });
  return stale;
}

std::vector<Ipv6Prefix> History::withdrawn() const {
  std::vector<Ipv6Prefix> withdrawn;
  for (const Entry& entry : stale())
    if (!is_current(entries_, entry.prefix)) withdrawn.push_back(entry.prefix);
  return withdrawn;
}

}  // namespace gate41::prefix
