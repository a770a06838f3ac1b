// RouteStore: the relay's native routes as a left-right pair of FIBs. Workers look up in the live one;
// control changes the idle one, makes it the live one, waits for a grace period, and does the same changes to
// the other. Control; workers load `current()` alone.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>

#include "dataplane/forward/fib.hpp"
#include "dataplane/forward/rib.hpp"
#include "dataplane/worker/grace.hpp"

namespace gate41 {

class RouteStore {
 public:
  // So many changes are done in a call of settle(), about a millisecond.
  static constexpr std::size_t kSlice = 1024;

  static Result<std::unique_ptr<RouteStore>> create(Grace& grace, uint32_t max_routes);

  // What a Rib answers; workers see the change after settle().
  Rib::Answer set(const Ipv6Prefix& prefix, const RouteTarget& target);
  Rib::Answer erase(const Ipv6Prefix& prefix);
  // Brings the FIBs on; does not wait. To be called while due().
  void settle();
  [[nodiscard]] bool due() const { return !log_.empty(); }
  // Changes that not both FIBs have seen.
  [[nodiscard]] std::size_t backlog() const { return log_.size(); }

  [[nodiscard]] const std::atomic<const Fib*>& current() const noexcept { return current_; }
  [[nodiscard]] const Rib& rib() const noexcept { return rib_; }

 private:
  RouteStore(Grace& grace, uint32_t max_routes) : grace_(grace), rib_(max_routes) {}
  void note(const std::vector<FibChange>& changes);
  void swap();

  Grace& grace_;
  Rib rib_;
  std::array<std::unique_ptr<Fib>, 2> sides_;
  std::array<uint64_t, 2> applied_{};  // changes that a side has seen, since the start
  unsigned idle_ = 1;
  Grace::Token idle_since_ = 0;
  std::deque<FibChange> log_;  // changes that a side has not seen yet
  uint64_t end_ = 0;           // changes so far
  std::atomic<const Fib*> current_{nullptr};
};

}  // namespace gate41
