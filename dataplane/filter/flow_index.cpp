#include "dataplane/filter/flow_index.hpp"

#include <utility>

namespace gate41 {
namespace {

constexpr uint32_t kFlowsPerHome = FlowIndex::kWays / 2;

// Enough for any spread of the flows: a chain needs one spare bucket from its 9th flow on, a second one from
// its 17th, a third one, the last, from its 25th: never more than three for 25 flows.
constexpr uint64_t kSpares = FlowIndex::kLongestChain - 1;
constexpr uint64_t kFlowsThatNeedThem = kSpares * FlowIndex::kWays + 1;
constexpr uint64_t spares_for(uint64_t flows) { return flows * kSpares / kFlowsThatNeedThem + 1; }

}  // namespace

FlowIndex::FlowIndex(uint32_t flows, int numa_node)
    : homes_((flows + kFlowsPerHome - 1) / kFlowsPerHome), fresh_(homes_) {
  buckets_ = HugeArray<Bucket>("flow index", homes_ + spares_for(flows), numa_node);
}

bool FlowIndex::add(uint32_t signature, uint32_t position) noexcept {
  uint32_t at = home_of(signature);
  uint32_t length = 1;
  for (; buckets_[at].next != kEnd; at = buckets_[at].next) ++length;
  uint32_t way = taken(buckets_[at]);
  if (way == kWays) {
    const uint32_t spare = length < kLongestChain ? take_spare() : kEnd;
    if (spare == kEnd) return false;
    at = buckets_[at].next = spare;
    way = 0;
  }
  buckets_[at].tags[way] = tag_of(signature);
  buckets_[at].positions[way] = position;
  return true;
}

// The last of the chain takes the place of what goes.
void FlowIndex::remove(uint32_t signature, uint32_t position) noexcept {
  uint32_t before = kEnd;
  uint32_t at = home_of(signature);
  uint32_t hole_at = at;
  uint32_t hole = kWays;
  for (;; before = std::exchange(at, buckets_[at].next)) {
    if (hole == kWays) {
      hole_at = at;
      hole = way_of(buckets_[at], tag_of(signature), position);
    }
    if (buckets_[at].next == kEnd) break;
  }
  if (hole == kWays) return;
  Bucket& last = buckets_[at];
  const uint32_t way = taken(last) - 1;
  buckets_[hole_at].tags[hole] = last.tags[way];
  buckets_[hole_at].positions[hole] = last.positions[way];
  last.tags[way] = 0;
  if (way > 0 || at < homes_) return;
  buckets_[before].next = kEnd;
  give_back_spare(at);
}

uint32_t FlowIndex::way_of(const Bucket& bucket, uint16_t tag, uint32_t position) noexcept {
  for (uint64_t fits = fits_of(bucket, tag); fits != 0; fits &= fits - 1)
    if (bucket.positions[first_of(fits)] == position) return static_cast<uint32_t>(first_of(fits));
  return kWays;
}

uint32_t FlowIndex::take_spare() noexcept {
  if (free_ != kEnd) return std::exchange(free_, std::exchange(buckets_[free_].next, kEnd));
  return fresh_ < buckets_.size() ? fresh_++ : kEnd;
}

void FlowIndex::give_back_spare(uint32_t bucket) noexcept {
  buckets_[bucket].next = std::exchange(free_, bucket);
}

}  // namespace gate41
