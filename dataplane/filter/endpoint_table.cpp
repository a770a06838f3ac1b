#include "dataplane/filter/endpoint_table.hpp"

#include <algorithm>

#include "dataplane/net/headers.hpp"

namespace gate41 {
namespace {

constexpr uint64_t kCountMask = 0xffff;

uint64_t count_of(uint64_t place) noexcept { return place & kCountMask; }
uint64_t tag_of(uint64_t place) noexcept { return place & ~kCountMask; }

}  // namespace

bool has_endpoint(const FlowKey& key) noexcept { return key.protocol != ip_proto::kIcmpv6; }

EndpointTable::EndpointTable(std::size_t capacity, const HashSecret& secret)
    : buckets_(std::max<std::size_t>(1, (capacity + kWays - 1) / kWays)), secret_(secret) {}

EndpointTable::Place EndpointTable::place_of(const FlowKey& key) const noexcept {
  const uint64_t port = uint64_t{key.protocol} << 16U | key.interior_port;
  const uint64_t host = fold_multiply(key.interior.high() ^ secret_.b, key.interior.low() ^ secret_.c);
  const uint64_t hash = fold_multiply(host ^ secret_.a, port ^ secret_.b);
  const uint64_t tag = fold_multiply(host ^ secret_.c, port ^ secret_.a);
  return {tag_of(tag), hash % buckets_.size()};
}

bool EndpointTable::add(const FlowKey& key) noexcept {
  const auto [tag, bucket] = place_of(key);
  uint64_t* free = nullptr;
  for (uint64_t& place : buckets_[bucket].places) {
    if (count_of(place) == 0) {
      free = &place;
    } else if (tag_of(place) == tag) {
      if (count_of(place) == kCountMask) return false;
      ++place;
      return true;
    }
  }
  if (free == nullptr) return false;
  *free = tag | 1U;
  return true;
}

void EndpointTable::remove(const FlowKey& key) noexcept {
  const auto [tag, bucket] = place_of(key);
  for (uint64_t& place : buckets_[bucket].places)
    if (count_of(place) != 0 && tag_of(place) == tag) --place;
}

void EndpointTable::on_erase(const FlowKey& key, const FlowEntry& entry) noexcept {
  if ((entry.flags & flow_flag::kCounted) != 0) remove(key);
}

bool EndpointTable::is_open(const FlowKey& key) const noexcept {
  const auto [tag, bucket] = place_of(key);
  return std::ranges::any_of(buckets_[bucket].places, [tag = tag](uint64_t place) {
    return count_of(place) != 0 && tag_of(place) == tag;
  });
}

}  // namespace gate41
