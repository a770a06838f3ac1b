#include "dataplane/tunnel/path_mtu_table.hpp"

#include <algorithm>

namespace gate41 {

PathMtuTable::PathMtuTable(const HashSecret& secret)
    : secret_(secret), buckets_(std::make_unique<Bucket[]>(kBuckets)), forgotten_at_(kBuckets) {}

// Where the endpoint is, or may be: its own place, else the first empty one, else that of the oldest.
std::size_t PathMtuTable::place_for(std::size_t bucket, Ipv4Address endpoint) {
  const auto& words = buckets_[bucket].words;
  for (std::size_t way = 0; way < kWays; ++way) {
    const uint64_t word = words[way].load(std::memory_order_relaxed);
    if (word == 0 || endpoint_in(word) == endpoint.host()) return way;
  }
  const Times& times = forgotten_at_[bucket];
  return static_cast<std::size_t>(std::ranges::min_element(times) - times.begin());
}

bool PathMtuTable::learn(Ipv4Address endpoint, uint16_t mtu, TimePoint now) {
  const uint16_t known = lookup(endpoint);
  if (mtu > known) return false;
  const std::size_t bucket = bucket_of(endpoint);
  const std::size_t way = place_for(bucket, endpoint);
  std::atomic<uint64_t>& word = buckets_[bucket].words[way];
  if (word.load(std::memory_order_relaxed) == 0) ++size_;
  word.store(word_of(endpoint, mtu), std::memory_order_relaxed);
  forgotten_at_[bucket][way] = now + kLifetime;
  return mtu != known;
}

// The last one fills the gap before its old place is emptied.
void PathMtuTable::remove(std::size_t bucket, std::size_t way) {
  auto& words = buckets_[bucket].words;
  std::size_t last = way;
  while (last + 1 < kWays && words[last + 1].load(std::memory_order_relaxed) != 0) ++last;
  words[way].store(words[last].load(std::memory_order_relaxed), std::memory_order_relaxed);
  forgotten_at_[bucket][way] = forgotten_at_[bucket][last];
  words[last].store(0, std::memory_order_release);
  --size_;
}

void PathMtuTable::expire(TimePoint now) {
  if (size_ == 0) return;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket)
    for (std::size_t way = kWays; way-- > 0;)
      if (buckets_[bucket].words[way].load(std::memory_order_relaxed) != 0 &&
          forgotten_at_[bucket][way] <= now)
        remove(bucket, way);
}

void PathMtuTable::clear() { expire(TimePoint::max()); }

std::vector<PathMtuTable::Entry> PathMtuTable::list(std::size_t most) const {
  std::vector<Entry> entries;
  for (std::size_t bucket = 0; bucket < kBuckets && entries.size() < most; ++bucket)
    for (std::size_t way = 0; way < kWays && entries.size() < most; ++way)
      if (const uint64_t word = buckets_[bucket].words[way].load(std::memory_order_relaxed); word != 0)
        entries.push_back({Ipv4Address(Be32(endpoint_in(word))), mtu_in(word), forgotten_at_[bucket][way]});
  return entries;
}

}  // namespace gate41
