// IpIds: identifications of outer packets that anybody may fragment (DF clear): counted up by destination,
// so that one is not used again before 65536 others to the same place (RFC 6864 §4.3, RFC 4963; Q4). At more
// than 500 packets a second they come round within the two minutes that a fragment may live; draw() says so.
// Destinations share buckets by a keyed hash, and then their identifications, which comes round no sooner
// than the bucket's rate tells. One worker's own; no allocation after construction.
#pragma once

#include <cstdint>
#include <vector>

#include "dataplane/base/keyed_hash.hpp"
#include "dataplane/net/address.hpp"

namespace gate41 {

class IpIds {
 public:
  static constexpr uint16_t kPerSecond = 500;  // 65536 in the 120 s of RFC 6864 §3, rounded down

  explicit IpIds(const HashSecret& secret) : secret_(secret), buckets_(kBuckets) {}

  struct Drawn {
    uint16_t id = 0;
    bool fast = false;  // over kPerSecond to this bucket in this second
  };
  Drawn draw(Ipv4Address destination, uint32_t seconds) noexcept {
    Bucket& bucket = buckets_[fold_multiply(destination.host() ^ secret_.a, secret_.b) % kBuckets];
    if (bucket.second != seconds) bucket = {seconds, 0, bucket.next};
    if (bucket.drawn <= kPerSecond) ++bucket.drawn;
    return {bucket.next++, bucket.drawn > kPerSecond};
  }

 private:
  static constexpr std::size_t kBuckets = 1024;
  struct Bucket {
    uint32_t second = 0;
    uint16_t drawn = 0;  // in that second; stops at kPerSecond + 1
    uint16_t next = 0;
  };
  HashSecret secret_;
  std::vector<Bucket> buckets_;
};

}  // namespace gate41
