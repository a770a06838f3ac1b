#include "dataplane/forward/fib.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <new>

namespace gate41 {
namespace {

constexpr uint32_t kIsNode = uint32_t{1} << 31U;
constexpr unsigned kWays = 1U << Fib::kNodeBits;

constexpr bool is_node(uint32_t entry) noexcept { return (entry & kIsNode) != 0; }
constexpr uint32_t entry_of(const FibLeaf& leaf) noexcept {
  return static_cast<uint32_t>(leaf.length) << 16U | leaf.target;
}
constexpr unsigned length_of(uint32_t leaf) noexcept { return leaf >> 16U; }
constexpr uint16_t target_of(uint32_t leaf) noexcept { return static_cast<uint16_t>(leaf & 0xffffU); }

std::size_t first_of(const Ipv6Address& address) noexcept {
  return address.high() >> (64U - Fib::kFirstBits);
}

// The way to go at a node that is `depth` bits below the top.
unsigned way_at(const Ipv6Address& address, unsigned depth) noexcept {
  const uint64_t half = depth < 64 ? address.high() : address.low();
  return static_cast<unsigned>(half >> (60U - depth % 64U)) & (kWays - 1);
}

}  // namespace

Result<std::unique_ptr<Fib>> Fib::create(uint32_t max_routes) {
  std::unique_ptr<Fib> fib(new Fib);
  fib->first_.resize(std::size_t{1} << kFirstBits);
  // One way down more: apply() makes nodes before it sees that it needs none.
  const std::size_t nodes = (std::size_t{max_routes} + 1) * kDepth;
  fib->nodes_.reset(new (std::nothrow) Node[nodes]);
  if (fib->nodes_) return fib;
  return fail(fmt::format("no memory for {} routes ({} MiB); lower relay.routes.max", max_routes,
                          nodes * sizeof(Node) >> 20U));
}

const RouteTarget& Fib::lookup(const Ipv6Address& destination) const noexcept {
  Entry entry = first_[first_of(destination)];
  for (unsigned depth = kFirstBits; is_node(entry); depth += kNodeBits)
    entry = nodes_[entry & ~kIsNode].children[way_at(destination, depth)];
  return targets_[target_of(entry)];
}

void Fib::apply(const FibChange& change) noexcept {
  targets_[change.leaf.target] = change.target;
  const auto first = first_.begin() + static_cast<std::ptrdiff_t>(first_of(change.prefix.address));
  if (change.prefix.length > kFirstBits) return descend(*first, kFirstBits, change);
  const std::ptrdiff_t covered = std::ptrdiff_t{1} << (kFirstBits - change.prefix.length);
  std::for_each(first, first + covered, [&](Entry& entry) { paint(entry, change); });
}

void Fib::descend(Entry& entry, unsigned depth, const FibChange& change) noexcept {
  if (!is_node(entry)) entry = split(entry);
  Node& node = nodes_[entry & ~kIsNode];
  const unsigned way = way_at(change.prefix.address, depth);
  const unsigned below = depth + kNodeBits;
  if (change.prefix.length > below) {
    descend(node.children[way], below, change);
  } else {
    const unsigned covered = 1U << (below - change.prefix.length);
    for (unsigned i = 0; i < covered; ++i) paint(node.children[way + i], change);
  }
  entry = merged(entry);
}

void Fib::paint(Entry& entry, const FibChange& change) noexcept {
  if (is_node(entry)) {
    for (Entry& child : nodes_[entry & ~kIsNode].children) paint(child, change);
    entry = merged(entry);
  } else if (length_of(entry) >= change.shortest && length_of(entry) <= change.prefix.length) {
    entry = entry_of(change.leaf);
  }
}

Fib::Entry Fib::split(Entry leaf) noexcept {
  uint32_t index = used_;
  if (free_ > 0) {
    index = next_free_;
    next_free_ = nodes_[index].children.front();
    --free_;
  } else {
    ++used_;
  }
  nodes_[index].children.fill(leaf);
  return index | kIsNode;
}

// A node whose ways all lead to the same leaf is that leaf.
Fib::Entry Fib::merged(Entry node) noexcept {
  const uint32_t index = node & ~kIsNode;
  Node& content = nodes_[index];
  const Entry leaf = content.children.front();
  if (is_node(leaf) || std::ranges::any_of(content.children, [&](Entry child) { return child != leaf; }))
    return node;
  content.children.front() = next_free_;
  next_free_ = index;
  ++free_;
  return leaf;
}

}  // namespace gate41
