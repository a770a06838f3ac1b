// PathMtuTable: what ICMPv4 errors taught about paths that carry less than the WAN does, by endpoint (D11).
// Bounded: an endpoint has one bucket, a cache line of eight words, where the oldest makes room. Ageing: an
// entry is forgotten ten minutes after the last error that taught it (RFC 1191 §6.3), and then larger packets
// try again.
//
// Control writes, workers read without locks: an entry is one 64-bit word, so each is seen whole. A bucket is
// filled from the front: most are empty, and that costs one load. While control closes a gap, a reader may
// miss an entry for one packet, which is then told again.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "dataplane/base/cache_line.hpp"
#include "dataplane/base/clock.hpp"
#include "dataplane/base/keyed_hash.hpp"
#include "dataplane/net/address.hpp"

namespace gate41 {

class PathMtuTable {
 public:
  static constexpr uint16_t kUnknown = 0xffff;
  static constexpr Duration kLifetime = std::chrono::minutes(10);  // RFC 1191 §6.3; at least 5 (D11)
  static constexpr std::size_t kBuckets = 256;
  static constexpr std::size_t kWays = 8;

  explicit PathMtuTable(const HashSecret& secret);

  // Any thread. The largest IPv4 packet known to pass; kUnknown when nothing is known.
  [[nodiscard]] uint16_t lookup(Ipv4Address endpoint) const noexcept {
    const Bucket& bucket = buckets_[bucket_of(endpoint)];
    for (const auto& word : bucket.words) {
      const uint64_t value = word.load(std::memory_order_relaxed);
      if (value == 0) break;
      if (endpoint_in(value) == endpoint.host()) return mtu_in(value);
    }
    return kUnknown;
  }

  // Control thread from here on. An error says that `mtu` (at least 68) is the most that passes; a larger one
  // than known raises nothing and renews nothing. True when the path's MTU is another one now.
  bool learn(Ipv4Address endpoint, uint16_t mtu, TimePoint now);
  void expire(TimePoint now);
  void clear();  // another WAN, other paths

  struct Entry {
    Ipv4Address endpoint;
    uint16_t mtu = 0;
    TimePoint forgotten_at;
  };
  [[nodiscard]] std::vector<Entry> list(std::size_t most) const;
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct alignas(kCacheLine) Bucket {
    std::array<std::atomic<uint64_t>, kWays> words{};  // endpoint << 16 | MTU; 0 = empty
  };
  using Times = std::array<TimePoint, kWays>;

  static constexpr uint64_t word_of(Ipv4Address endpoint, uint16_t mtu) noexcept {
    return uint64_t{endpoint.host()} << 16U | mtu;
  }
  static constexpr uint32_t endpoint_in(uint64_t word) noexcept { return static_cast<uint32_t>(word >> 16U); }
  static constexpr uint16_t mtu_in(uint64_t word) noexcept { return static_cast<uint16_t>(word); }
  [[nodiscard]] std::size_t bucket_of(Ipv4Address endpoint) const noexcept {
    return fold_multiply(endpoint.host() ^ secret_.a, secret_.b) % kBuckets;
  }
  [[nodiscard]] std::size_t place_for(std::size_t bucket, Ipv4Address endpoint);
  void remove(std::size_t bucket, std::size_t way);

  HashSecret secret_;
  std::unique_ptr<Bucket[]> buckets_;
  std::vector<Times> forgotten_at_;  // control's own
  std::size_t size_ = 0;
};

}  // namespace gate41
