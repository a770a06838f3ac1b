// EndpointTable: which interior endpoints (address, protocol, port) have flows that were opened from inside,
// and how many: whom endpoint-independent filtering lets others reach (RFC 6092 REC-11, REC-17, REC-33).
// Asked on a miss only. One worker's; all flows of an interior address have one worker.
//
// A bucket is one cache line of eight places; 48 bits of a keyed hash stand for an endpoint, so that whoever
// does not know the key finds another one's place open once in 2^45 guesses. An endpoint that finds no place
// is not noted: nobody outside reaches it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "dataplane/base/cache_line.hpp"
#include "dataplane/base/keyed_hash.hpp"
#include "dataplane/filter/flow_observer.hpp"

namespace gate41 {

// ICMPv6 has none: its messages are for one host.
[[nodiscard]] bool has_endpoint(const FlowKey& key) noexcept;

class EndpointTable final : public FlowObserver {
 public:
  // `capacity`: endpoints, rounded up to whole buckets.
  EndpointTable(std::size_t capacity, const HashSecret& secret);

  // A flow that was opened from inside. False: there was no place for it, and remove() must not be called.
  [[nodiscard]] bool add(const FlowKey& key) noexcept;
  // The end of a flow that was added.
  void remove(const FlowKey& key) noexcept;
  // The end of a flow that is flagged as added (flow_flag::kCounted).
  void on_erase(const FlowKey& key, const FlowEntry& entry) noexcept override;
  // Has the interior endpoint of this flow, perhaps an unknown one, any flow?
  [[nodiscard]] bool is_open(const FlowKey& key) const noexcept;

 private:
  static constexpr std::size_t kWays = 8;
  // The hash's upper 48 bits, and the number of flows below; 0: free.
  struct alignas(kCacheLine) Bucket {
    std::array<uint64_t, kWays> places{};
  };
  struct Place {
    uint64_t tag;
    std::size_t bucket;
  };
  [[nodiscard]] Place place_of(const FlowKey& key) const noexcept;

  std::vector<Bucket> buckets_;
  HashSecret secret_;
};

}  // namespace gate41
