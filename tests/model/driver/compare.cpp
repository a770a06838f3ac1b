#include "tests/model/driver/compare.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include "tests/model/reference/filter.hpp"

namespace gate41::model {
namespace {

std::span<const Event> burst_from(std::span<const Event> rest) {
  std::size_t size = 1;
  while (size < std::min(rest.size(), kBurst) && !rest[size].policy && rest[size].together &&
         rest[size].at == rest[0].at && rest[size].direction == rest[0].direction)
    ++size;
  return rest.first(size);
}

// The counters say how many of a burst were dropped for a reason, not which: where the reference is as likely
// right, it is.
void match(std::span<Verdicts> burst) {
  for (Verdicts& one : burst) {
    if (one.product == Verdict::pass || one.product == one.reference) continue;
    const auto other = std::ranges::find_if(burst, [&](const Verdicts& candidate) {
      return candidate.product == one.reference && candidate.product != candidate.reference &&
             candidate.product != Verdict::pass;
    });
    if (other != burst.end()) std::swap(one.product, other->product);
  }
}

bool differ(const Verdicts& verdicts) { return verdicts.reference != verdicts.product; }

// Who hears that he was refused is who should; of these all but those beyond the rate.
std::string late_difference(const std::vector<Headers>& expected, const Box::Late& found) {
  std::vector<Refused> wanted;
  std::ranges::transform(expected, std::back_inserter(wanted), refused_of);
  for (const Refused& told : found.told) {
    const auto known = std::ranges::find(wanted, told);
    if (known == wanted.end())
      return fmt::format("nobody expects an error about {} > {}", told.source.to_string(),
                         told.destination.to_string());
    wanted.erase(known);
  }
  if (wanted.size() == found.limited) return {};
  return fmt::format("no error about {} > {}", wanted.front().source.to_string(),
                     wanted.front().destination.to_string());
}

}  // namespace

Comparison compare(Box& box, std::span<const Event> sequence) {
  Comparison result;
  Filter reference;
  box.forget();
  while (result.verdicts.size() < sequence.size() && !result.differs) {
    const auto burst = burst_from(sequence.subspan(result.verdicts.size()));
    if (burst[0].policy) {
      box.set_policy(*burst[0].policy);
      reference.set_policy(*burst[0].policy);
      result.verdicts.emplace_back();
      continue;
    }
    result.late = late_difference(reference.unreachable(burst[0].at), box.pass_time(burst[0].at));
    const std::vector<Verdict> found = box.verdicts(burst);
    const std::size_t first = result.verdicts.size();
    result.packets += burst.size();
    for (std::size_t i = 0; i < burst.size(); ++i)
      result.verdicts.push_back(
          {reference.verdict(burst[i].packet, burst[i].direction, burst[i].at), found[i]});
    const std::span<Verdicts> verdicts = std::span(result.verdicts).subspan(first);
    match(verdicts);
    result.differs = !result.late.empty() || std::ranges::any_of(verdicts, differ);
  }
  return result;
}

}  // namespace gate41::model
