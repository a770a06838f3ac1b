#include "dataplane/worker/route_store.hpp"

#include <algorithm>

namespace gate41 {

Result<std::unique_ptr<RouteStore>> RouteStore::create(Grace& grace, uint32_t max_routes) {
  std::unique_ptr<RouteStore> store(new RouteStore(grace, max_routes));
  for (std::unique_ptr<Fib>& side : store->sides_) {
    Result<std::unique_ptr<Fib>> made = Fib::create(max_routes);
    if (!made) return tl::unexpected(made.error());
    side = std::move(*made);
  }
  store->swap();
  return store;
}

Rib::Answer RouteStore::set(const Ipv6Prefix& prefix, const RouteTarget& target) {
  std::vector<FibChange> changes;
  const Rib::Answer answer = rib_.set(prefix, target, changes);
  note(changes);
  return answer;
}

Rib::Answer RouteStore::erase(const Ipv6Prefix& prefix) {
  std::vector<FibChange> changes;
  const Rib::Answer answer = rib_.erase(prefix, changes);
  note(changes);
  return answer;
}

void RouteStore::note(const std::vector<FibChange>& changes) {
  log_.insert(log_.end(), changes.begin(), changes.end());
  end_ += changes.size();
}

// The log begins with the first change that either side has not seen.
void RouteStore::settle() {
  if (!due() || !grace_.passed(idle_since_)) return;
  const uint64_t begin = end_ - log_.size();
  const uint64_t until = std::min<uint64_t>(end_, applied_[idle_] + kSlice);
  for (uint64_t& at = applied_[idle_]; at < until; ++at) sides_[idle_]->apply(log_[at - begin]);
  const uint64_t seen = std::min(applied_[0], applied_[1]);
  log_.erase(log_.begin(), log_.begin() + static_cast<std::ptrdiff_t>(seen - begin));
  if (applied_[idle_] == end_ && applied_[1 - idle_] < end_) swap();
}

void RouteStore::swap() {
  current_.store(sides_[idle_].get(), std::memory_order_release);
  idle_ = 1 - idle_;
  idle_since_ = grace_.begin();
}

}  // namespace gate41
