#include "dataplane/filter/fragment_ranges.hpp"

#include <algorithm>

namespace gate41 {
namespace {

bool is_used(const FragmentRange& range) noexcept { return range.begin != range.end; }

}  // namespace

std::optional<DropReason> FragmentRanges::add(FragmentRange fragment, bool last) noexcept {
  const auto holds = [&](const FragmentRange& range) {
    return range.begin <= fragment.begin && fragment.end <= range.end;
  };
  const auto meets = [&](const FragmentRange& range) {
    return range.begin < fragment.end && fragment.begin < range.end;
  };
  condemned_ = condemned_ || contradicts_end(fragment, last) ||
               (std::ranges::any_of(passed_, meets) && std::ranges::none_of(passed_, holds));
  if (condemned_) return DropReason::fragment_overlap;
  if (std::ranges::any_of(passed_, holds)) return DropReason::fragment_duplicate;
  if (!merge(fragment)) return DropReason::filter_fragment;
  end_ = std::max(end_, fragment.end);
  end_known_ = end_known_ || last;
  return std::nullopt;
}

bool FragmentRanges::contradicts_end(FragmentRange fragment, bool last) const noexcept {
  if (end_known_) return fragment.end > end_ || (last && fragment.end != end_);
  return last && fragment.end < end_;
}

// Ranges that the fragment touches become one with it. False: there is no room for another one.
bool FragmentRanges::merge(FragmentRange fragment) noexcept {
  FragmentRange whole = fragment;
  for (FragmentRange& range : passed_) {
    if (!is_used(range) || (range.end != fragment.begin && range.begin != fragment.end)) continue;
    whole = {std::min(whole.begin, range.begin), std::max(whole.end, range.end)};
    range = {};
  }
  FragmentRange* const room = std::ranges::find_if_not(passed_, is_used);
  if (room == passed_.end()) return false;
  *room = whole;
  return true;
}

}  // namespace gate41
