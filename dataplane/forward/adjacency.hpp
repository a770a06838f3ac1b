// AdjacencyTable: how to send to a next hop: the header to put in front, where it goes, what fits. At most
// 64k shared entries. Written in place by control (one writer) under a version; read by workers without locks
// (seqlock of 64-bit atomic words). Flows and routes hold 32-bit indices; index 0 is never valid.
//
// An index is a slot (low 16 bits) and how often the slot was handed out before (high 16 bits). A flow may
// keep an index for days: when its slot has gone to another next hop meanwhile, the stale index reads as
// unresolved.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "dataplane/base/cache_line.hpp"

namespace gate41 {

using AdjacencyIndex = uint32_t;
inline constexpr AdjacencyIndex kNoAdjacency = 0;

enum class AdjacencyKind : uint8_t {
  unresolved,     // known, but its MAC is not (yet): next_hop_unresolved
  ethernet,       // header = Ethernet; IPv6 as it is
  tunnel,         // header = Ethernet and outer IPv4 to a fixed destination (a relay, a peer)
  tunnel_direct,  // the same, destination taken from the inner destination (6to4, 6rd)
};

// What an entry says: a value, copied out and in.
struct Adjacency {
  std::array<uint8_t, 40> header{};  // Ethernet, or Ethernet and IPv4 (tunnel/outer_header.hpp)
  uint8_t header_length = 0;
  uint8_t ethernet_length = 14;  // 18 with a VLAN
  AdjacencyKind kind = AdjacencyKind::unresolved;
  uint8_t tunnel = 0;      // of the tunnel kinds: index in the snapshot's tunnels
  uint16_t link = 0;       // egress, index in the snapshot's links
  uint16_t mtu = 0;        // largest IPv6 packet
  uint32_t neighbour = 0;  // NeighbourTable slot whose use is stamped; 0 = none
  uint32_t self = 0;       // the entry's own index, filled in by write()
};
static_assert(sizeof(Adjacency) == 56);

class AdjacencyTable {
 public:
  explicit AdjacencyTable(uint32_t capacity = 65536);

  // Control thread. allocate() returns kNoAdjacency when full. release() marks the entry unresolved at once;
  // the index is handed out again only after reclaim() (called after a grace period).
  AdjacencyIndex allocate();
  void write(AdjacencyIndex index, const Adjacency& value);
  void release(AdjacencyIndex index);
  void reclaim();
  [[nodiscard]] uint32_t in_use() const;

  // Any thread. A consistent copy; unresolved when `index` is not in use (any more).
  [[nodiscard]] Adjacency read(AdjacencyIndex index) const noexcept {
    Adjacency value;
    read(index, value);
    return value;
  }
  // The same, in place. Returns the version that it has read.
  uint64_t read(AdjacencyIndex index, Adjacency& value) const noexcept;
  // While it is the one that was read, what was read still stands.
  [[nodiscard]] uint64_t version(AdjacencyIndex index) const noexcept {
    return slots_[slot_of(index)].version.load(std::memory_order_acquire);
  }

 private:
  struct alignas(kCacheLine) Slot {
    std::atomic<uint64_t> version{0};  // odd while being written
    std::array<std::atomic<uint64_t>, 7> words{};
  };
  static_assert(sizeof(Slot) == kCacheLine);
  static constexpr uint32_t kSlotBits = 16;
  static constexpr uint32_t kSlotMask = (1U << kSlotBits) - 1;
  static constexpr uint32_t slot_of(AdjacencyIndex index) noexcept { return index & kSlotMask; }
  // The same slot for its next user.
  static constexpr AdjacencyIndex successor(AdjacencyIndex index) noexcept {
    return index + (1U << kSlotBits);
  }
  void store(uint32_t slot, const Adjacency& value) noexcept;

  uint32_t capacity_;
  uint32_t used_ = 1;  // slots handed out at least once, and slot 0
  std::unique_ptr<Slot[]> slots_;
  std::vector<AdjacencyIndex> free_;  // what the slot's next user gets
  std::vector<AdjacencyIndex> released_;
};

}  // namespace gate41
