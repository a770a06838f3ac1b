// IpIds: identifications of outer packets that anybody may fragment (DF clear): counted up by destination,
// so that one is not used again before 65536 others to the same place (RFC 6864 §4.3, RFC 4963; Q4). At more
// than 500 packets a second they come round within the two minutes that a fragment may live; draw() says so.
// Destinations share buckets by a keyed hash, and then their identifications, which comes round no sooner
// than the bucket's rate tells. One worker's own, and so is its part of the 65536 and of the rate: what
// others draw meanwhile is never the same. No allocation after construction.
#pragma once

#include <cstdint>
#include <vector>

#include "dataplane/base/keyed_hash.hpp"
#include "dataplane/net/address.hpp"

namespace gate41 {

class IpIds {
 public:
  static constexpr uint16_t kPerSecond = 500;  // 65536 in the 120 s of RFC 6864 §3, rounded down

  explicit IpIds(const HashSecret& secret, unsigned worker = 0, unsigned workers = 1)
      : secret_(secret),
        count_(65536U / workers),
        first_(worker * count_),
        per_second_(static_cast<uint16_t>(kPerSecond / workers)),
        buckets_(kBuckets) {}

  struct Drawn {
    uint16_t id = 0;
    bool fast = false;  // over kPerSecond, or this worker's part of it, to this bucket in this second
  };
  Drawn draw(Ipv4Address destination, uint32_t seconds) noexcept {
    return draw(bucket_of(destination), seconds);
  }
  // For whoever remembers a destination's bucket.
  [[nodiscard]] uint32_t bucket_of(Ipv4Address destination) const noexcept {
    return static_cast<uint32_t>(fold_multiply(destination.host() ^ secret_.a, secret_.b) % kBuckets);
  }
  Drawn draw(uint32_t bucket_index, uint32_t seconds) noexcept {
    Bucket& bucket = buckets_[bucket_index];
    if (bucket.second != seconds) [[unlikely]]
      bucket = {seconds, 0, bucket.next};
    if (bucket.drawn <= per_second_) [[likely]]
      ++bucket.drawn;
    const auto id = static_cast<uint16_t>(first_ + bucket.next);
    if (++bucket.next == count_) [[unlikely]]
      bucket.next = 0;
    return {id, bucket.drawn > per_second_};
  }

 private:
  static constexpr std::size_t kBuckets = 1024;
  struct Bucket {
    uint32_t second = 0;
    uint16_t drawn = 0;  // in that second; stops at one more than may be
    uint32_t next = 0;
  };
  HashSecret secret_;
  uint32_t count_;  // identifications of this worker, from first_ on
  uint32_t first_;
  uint16_t per_second_;
  std::vector<Bucket> buckets_;
};

}  // namespace gate41
