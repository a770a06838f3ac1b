// FlowIndex: from a flow's signature to the positions that may hold it. Buckets of one cache line, each with
// eight tags (16 bits of the signature) and eight positions; four flows a bucket at the limit, so that one
// line answers for 49 of 50 flows. A bucket that overflows goes on in a chain of spare ones, of which there
// are enough for any spread of the flows over the buckets.
//
// The signature is keyed (net/flow_hash.hpp): who does not know the key cannot choose a bucket. A chain has
// at most kLongestChain buckets, so that the worst case of everything here is bounded; by chance none of 2^24
// buckets ever has so many (below 1e-11).
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "dataplane/base/cache_line.hpp"
#include "dataplane/filter/huge_array.hpp"

namespace gate41 {

class FlowIndex {
 public:
  static constexpr uint32_t kWays = 8;
  static constexpr uint32_t kLongestChain = 4;  // buckets

  FlowIndex() = default;
  // Without memory: false as a bool.
  FlowIndex(uint32_t flows, int numa_node);

  void prefetch(uint32_t signature) const noexcept { __builtin_prefetch(&buckets_[home_of(signature)]); }
  // The first position of the home bucket whose tag fits, negative if none does: where to look first.
  [[nodiscard]] int32_t guess(uint32_t signature) const noexcept {
    const Bucket& bucket = buckets_[home_of(signature)];
    const uint64_t fits = fits_of(bucket, tag_of(signature));
    return fits == 0 ? -1 : static_cast<int32_t>(bucket.positions[first_of(fits)]);
  }
  // The position with this signature's tag of which `is_it(position)` says that it is the one; negative:
  // none.
  template <typename IsIt>
  [[nodiscard]] int32_t find(uint32_t signature, IsIt&& is_it) const noexcept {
    const uint16_t tag = tag_of(signature);
    uint32_t at = home_of(signature);
    do {
      const Bucket& bucket = buckets_[at];
      for (uint64_t fits = fits_of(bucket, tag); fits != 0; fits &= fits - 1) {
        const auto position = static_cast<int32_t>(bucket.positions[first_of(fits)]);
        if (is_it(position)) return position;
      }
      at = bucket.next;
    } while (at != kEnd);
    return -1;
  }
  // False, and nothing has changed, when the chain of this signature is as long as it may be.
  [[nodiscard]] bool add(uint32_t signature, uint32_t position) noexcept;
  // What was added with this signature.
  void remove(uint32_t signature, uint32_t position) noexcept;

  [[nodiscard]] std::size_t bytes() const noexcept { return buckets_.bytes(); }
  explicit operator bool() const noexcept { return static_cast<bool>(buckets_); }

 private:
  static constexpr uint32_t kEnd = 0;  // of a chain: bucket 0 is a home, never a later one

  // Taken places come first. All zero: empty.
  struct alignas(kCacheLine) Bucket {
    std::array<uint16_t, kWays> tags;  // 0 = free
    std::array<uint32_t, kWays> positions;
    uint32_t next;  // bucket of the chain, or kEnd
    std::array<uint32_t, 3> unused;
  };
  static_assert(sizeof(Bucket) == kCacheLine);

  [[nodiscard]] uint32_t home_of(uint32_t signature) const noexcept {
    return static_cast<uint32_t>((uint64_t{signature} * homes_) >> 32U);
  }
  // The low bits: the high ones have chosen the bucket.
  static uint16_t tag_of(uint32_t signature) noexcept {
    const auto tag = static_cast<uint16_t>(signature);
    return tag == 0 ? uint16_t{1} : tag;
  }
  // A set bit, the lowest of its byte, for each place with this tag; all eight are compared at once.
  static uint64_t fits_of(const Bucket& bucket, uint16_t tag) noexcept {
    using Tags = uint16_t __attribute__((vector_size(16)));
    using Fits = uint8_t __attribute__((vector_size(8)));
    const auto fits = std::bit_cast<Tags>(bucket.tags) == tag;
    return std::bit_cast<uint64_t>(__builtin_convertvector(fits, Fits)) & 0x0101010101010101ULL;
  }
  static std::size_t first_of(uint64_t fits) noexcept {
    return static_cast<std::size_t>(std::countr_zero(fits)) / 8;
  }
  static uint32_t taken(const Bucket& bucket) noexcept {
    const uint64_t free = fits_of(bucket, 0);
    return free == 0 ? kWays : static_cast<uint32_t>(first_of(free));
  }
  // kWays: it is not in this bucket.
  static uint32_t way_of(const Bucket& bucket, uint16_t tag, uint32_t position) noexcept;
  [[nodiscard]] uint32_t take_spare() noexcept;
  void give_back_spare(uint32_t bucket) noexcept;

  HugeArray<Bucket> buckets_;  // homes_, then the spare ones
  uint32_t homes_ = 0;
  uint32_t fresh_ = 0;    // the first spare bucket that was never used
  uint32_t free_ = kEnd;  // of those that were, by `next`
};

}  // namespace gate41
