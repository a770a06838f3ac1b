// Fib: longest prefix match over as many IPv6 routes as a relay on the native Internet has. A trie of 16-way
// nodes, a cache line each, under a first level of 16 bits. Every entry says itself which route covers it, so
// that a lookup only goes down: eight nodes for a /48.
//
// Memory: kBytesPerRoute for each of `max_routes` is set aside, which is enough for any routes; pages are
// taken from the machine as they are used (docs/decisions/0007).
//
// apply() needs that nobody reads; lookup() is for any number of threads meanwhile. Two of them make a table
// that is changed while it is read: worker/route_store.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "dataplane/base/cache_line.hpp"
#include "dataplane/base/result.hpp"
#include "dataplane/net/address.hpp"
#include "dataplane/net/route_target.hpp"

namespace gate41 {

// The route that covers a destination, as a leaf of the trie has it.
struct FibLeaf {
  uint8_t length = 0;   // of the route's prefix
  uint16_t target = 0;  // its number; 0 = no route
  bool operator==(const FibLeaf&) const = default;
};

// One step of a table's history: within `prefix`, what was covered by routes of `shortest` to prefix.length
// bits is covered by `leaf` from now on, whose target is `target`. Complete in itself: whoever applies the
// same steps in the same order gets the same table.
struct FibChange {
  Ipv6Prefix prefix;
  uint8_t shortest = 0;
  FibLeaf leaf;
  RouteTarget target;
};

class Fib {
 public:
  static constexpr uint16_t kMaxTargets = 4096;
  static constexpr uint32_t kMaxRoutes = 4'000'000;
  static constexpr unsigned kFirstBits = 16;
  static constexpr unsigned kNodeBits = 4;
  static constexpr unsigned kDepth = (128 - kFirstBits) / kNodeBits;  // nodes on the way to a /128
  static constexpr std::size_t kBytesPerRoute = kDepth * kCacheLine;

  // Fails without memory; the error names the key to lower.
  static Result<std::unique_ptr<Fib>> create(uint32_t max_routes);

  // The control thread. The routes of all changes so far may be `max_routes` at most.
  void apply(const FibChange& change) noexcept;
  [[nodiscard]] uint32_t nodes() const noexcept { return used_ - free_; }

  // Packet path. Kind::none where no route leads.
  [[nodiscard]] const RouteTarget& lookup(const Ipv6Address& destination) const noexcept;

 private:
  Fib() = default;
  // A leaf (length in bits 16 to 23, target in bits 0 to 15), or the number of a node.
  using Entry = uint32_t;
  struct alignas(kCacheLine) Node {
    std::array<Entry, 16> children;
  };
  static_assert(sizeof(Node) == kCacheLine);

  void descend(Entry& entry, unsigned depth, const FibChange& change) noexcept;
  void paint(Entry& entry, const FibChange& change) noexcept;
  [[nodiscard]] Entry split(Entry leaf) noexcept;
  [[nodiscard]] Entry merged(Entry node) noexcept;

  std::vector<Entry> first_;
  std::unique_ptr<Node[]> nodes_;
  uint32_t used_ = 0;       // nodes handed out at least once
  uint32_t free_ = 0;       // of them, those given back
  uint32_t next_free_ = 0;  // the last of these; each leads to the next by its first child
  std::array<RouteTarget, kMaxTargets> targets_{};
};

}  // namespace gate41
