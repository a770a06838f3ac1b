#include "dataplane/forward/rib.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "dataplane/base/keyed_hash.hpp"

namespace gate41 {

// Routes come from neighbours that are trusted to route: it need not be keyed.
std::size_t Rib::Hash::operator()(const Ipv6Prefix& prefix) const noexcept {
  constexpr HashSecret kFixed;
  return fold_multiply(prefix.address.high() ^ kFixed.a, prefix.address.low() ^ prefix.length ^ kFixed.b);
}

Rib::Answer Rib::set(const Ipv6Prefix& prefix, const RouteTarget& target, std::vector<FibChange>& changes) {
  const auto known = routes_.find(prefix);
  if (known != routes_.end() && targets_[known->second].target == target) return Answer::same;
  if (known == routes_.end() && routes_.size() >= max_routes_) return Answer::too_many_routes;
  const uint16_t number = take_target(target);
  if (number == 0) {  // the old way may lead nowhere now; that of the covering route is better
    (void)erase(prefix, changes);
    return Answer::too_many_targets;
  }
  if (known == routes_.end()) {
    routes_.emplace(prefix, number);
    ++of_length_[prefix.length];
  } else {
    give_back(std::exchange(known->second, number));
  }
  changes.push_back({prefix, 0, {prefix.length, number}, target});
  return Answer::changed;
}

Rib::Answer Rib::erase(const Ipv6Prefix& prefix, std::vector<FibChange>& changes) {
  const auto known = routes_.find(prefix);
  if (known == routes_.end()) return Answer::same;
  give_back(known->second);
  routes_.erase(known);
  --of_length_[prefix.length];
  FibChange change{prefix, prefix.length, {}, {}};
  if (const auto next = covering(prefix.address, prefix.length); next != routes_.end()) {
    change.leaf = {next->first.length, next->second};
    change.target = targets_[next->second].target;
  }
  changes.push_back(change);
  return Answer::changed;
}

Rib::Routes::const_iterator Rib::covering(const Ipv6Address& address, unsigned below) const {
  for (unsigned length = below; length-- > 0;) {
    if (of_length_[length] == 0) continue;
    const auto found = routes_.find(Ipv6Prefix::of(address, static_cast<uint8_t>(length)));
    if (found != routes_.end()) return found;
  }
  return routes_.end();
}

std::optional<Rib::Route> Rib::lookup(const Ipv6Address& destination) const {
  const auto found = covering(destination, 129);
  if (found == routes_.end()) return std::nullopt;
  return Route{found->first, targets_[found->second].target};
}

// Once over all of them, however few are wanted: an operator may ask often.
std::vector<Rib::Route> Rib::first(std::size_t limit) const {
  std::vector<std::pair<Ipv6Prefix, uint16_t>> rows(std::min(limit, routes_.size()));
  std::partial_sort_copy(routes_.begin(), routes_.end(), rows.begin(), rows.end(),
                         [](const auto& one, const auto& other) {
                           return std::tie(one.first.address, one.first.length) <
                                  std::tie(other.first.address, other.first.length);
                         });
  std::vector<Route> result;
  result.reserve(rows.size());
  for (const auto& [prefix, number] : rows) result.push_back({prefix, targets_[number].target});
  return result;
}

// 0: all numbers are taken.
uint16_t Rib::take_target(const RouteTarget& target) {
  const auto known = numbers_.find(target);
  if (known != numbers_.end()) {
    ++targets_[known->second].uses;
    return known->second;
  }
  if (free_numbers_.empty() && targets_.size() >= Fib::kMaxTargets) return 0;
  auto number = static_cast<uint16_t>(targets_.size());
  if (free_numbers_.empty()) {
    targets_.push_back({target, 1});
  } else {
    number = free_numbers_.back();
    free_numbers_.pop_back();
    targets_[number] = {target, 1};
  }
  numbers_.emplace(target, number);
  return number;
}

void Rib::give_back(uint16_t number) {
  Target& entry = targets_[number];
  if (--entry.uses > 0) return;
  numbers_.erase(entry.target);
  free_numbers_.push_back(number);
}

}  // namespace gate41
