// Rib: the routes that a FIB is made of. Turns "this route is there now", "it has gone" into changes of the
// FIB. Control thread; bounded by `max_routes`.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "dataplane/forward/fib.hpp"

namespace gate41 {

class Rib {
 public:
  explicit Rib(uint32_t max_routes) : max_routes_(max_routes), targets_(1) {}

  enum class Answer : uint8_t { changed, same, too_many_routes, too_many_targets };
  // A new route, or another target for one that is there. What the FIB must do is appended to `changes`; with
  // too_many_targets a route that was there has gone.
  Answer set(const Ipv6Prefix& prefix, const RouteTarget& target, std::vector<FibChange>& changes);
  Answer erase(const Ipv6Prefix& prefix, std::vector<FibChange>& changes);

  [[nodiscard]] std::size_t size() const { return routes_.size(); }
  [[nodiscard]] uint32_t max_routes() const { return max_routes_; }
  [[nodiscard]] std::size_t targets() const { return numbers_.size(); }

  struct Route {
    Ipv6Prefix prefix;
    RouteTarget target;
  };
  // The route that a destination takes.
  [[nodiscard]] std::optional<Route> lookup(const Ipv6Address& destination) const;
  // The first `limit` in the order of their addresses, shorter ones first.
  [[nodiscard]] std::vector<Route> first(std::size_t limit) const;

 private:
  struct Hash {
    std::size_t operator()(const Ipv6Prefix& prefix) const noexcept;
  };
  struct Target {
    RouteTarget target;
    uint32_t uses = 0;
  };
  using Routes = std::unordered_map<Ipv6Prefix, uint16_t, Hash>;

  [[nodiscard]] uint16_t take_target(const RouteTarget& target);
  void give_back(uint16_t number);
  // The longest route of less than `below` bits for the address.
  [[nodiscard]] Routes::const_iterator covering(const Ipv6Address& address, unsigned below) const;

  uint32_t max_routes_;
  Routes routes_;                          // to the target's number
  std::array<uint32_t, 129> of_length_{};  // routes of each length
  std::vector<Target> targets_;            // by number; 0 is no target
  std::map<RouteTarget, uint16_t> numbers_;
  std::vector<uint16_t> free_numbers_;
};

}  // namespace gate41
