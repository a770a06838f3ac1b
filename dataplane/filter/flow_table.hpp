// FlowTable: one worker's shard of flows. No concurrency: only its worker touches it; others ask through the
// request ring. Nothing is allocated after create().
//
// A flow has a slot of two cache lines side by side: its state (FlowEntry), which every packet writes, and
// its identity: key and signature, and where it is filed. FlowIndex leads to it. A known packet touches three
// lines, all of them fetched while others of its burst are looked at. 155 bytes a flow in all.
//
// A flow is filed by its Standing: the unanswered ones and the transitory ones in the order in which they
// became so, from which the oldest gives way to a new flow in a full table (K52). Expiry is a clock hand over
// a byte a flow, paced by elapsed time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "dataplane/base/clock.hpp"
#include "dataplane/base/result.hpp"
#include "dataplane/filter/flow_entry.hpp"
#include "dataplane/filter/flow_index.hpp"
#include "dataplane/filter/flow_key.hpp"
#include "dataplane/filter/flow_observer.hpp"
#include "dataplane/filter/flow_queue.hpp"
#include "dataplane/filter/host_shares.hpp"
#include "dataplane/filter/huge_array.hpp"

namespace gate41 {

inline constexpr unsigned kBulk = 32;
inline constexpr Duration kExpiryRound = std::chrono::seconds(10);
inline constexpr uint32_t kExpirySlice = 4096;  // slots that one call of expire() passes
inline constexpr uint32_t kExpiryLooks = 256;   // and those among them that it looks at
inline constexpr uint32_t kRoomProbes = 128;    // slots that the hand passes for an insert into a full table
inline constexpr uint32_t kShareProbes = 8;     // unanswered flows among which a host's own is looked for
inline constexpr uint32_t kMaxFlowLimit = 1U << 26U;

struct FlowCounts {
  uint64_t created = 0;
  uint64_t expired = 0;
  uint64_t evicted = 0;
  uint64_t refused = 0;
  uint64_t current = 0;
};

// The LAN host that opens a flow, beside its address, and how many it may hold.
struct HostShare {
  MacAddress mac;
  uint32_t limit = UINT32_MAX;
};

class FlowTable {
 public:
  static constexpr int32_t kFull = -1;
  static constexpr int32_t kOverShare = -2;

  // `name`: of the table, in what is said of it.
  static Result<std::unique_ptr<FlowTable>> create(const std::string& name, uint32_t max_flows, int numa_node,
                                                   const HashSecret& secret = {});

  // positions[i] = entry index or negative. At most kBulk keys. `signatures`: low 32 bits of
  // ParsedPacket::signature.
  void lookup_bulk(std::span<const FlowKey* const> keys, std::span<const uint32_t> signatures,
                   std::span<int32_t> positions) noexcept;
  // A new entry, zeroed but for `state` (opening), `created` and `expires` (now: open_flow sets the timer).
  // The caller fills it and has it filed: refile(). The caller has seen that the key is not there; if it is,
  // its entry comes back as it stands. In a full table another flow gives way: one that has expired, near the
  // hand; else the oldest unanswered one; else the oldest transitory one; else the answer is kFull (counted
  // as refused). Where half of the table is unanswered, the oldest of those gives way at any rate. The
  // position of what gave way is free and is not used again within a burst. `share`: of the LAN host that
  // opens the flow; it is charged to its address and to its MAC until it ends. Over the limit one of its own
  // unanswered flows gives way, if one is among the oldest, or the answer is kOverShare.
  [[nodiscard]] int32_t insert(const FlowKey& key, uint32_t signature, TimePoint now,
                               const HostShare* share = nullptr) noexcept;
  // After open_flow() and track(): files the flow by the state that it has now.
  void refile(int32_t position, TimePoint now) noexcept {
    Slot& slot = slot_at(position);
    if (slot.filed != filing_of(slot.entry)) file(position, now);
  }
  // Does nothing where the position is free.
  void erase(int32_t position) noexcept;
  // Is told of every flow that goes; must outlive the table, or be taken away with nullptr.
  void observe(FlowObserver* observer) noexcept { observer_ = observer; }
  [[nodiscard]] FlowEntry& entry(int32_t position) noexcept { return slot_at(position).entry; }
  [[nodiscard]] const FlowKey& key(int32_t position) const noexcept {
    return slots_[static_cast<uint32_t>(position)].key;
  }

  // What the checks of addresses have let through once, they let through again, as long as nothing has
  // changed that they depend on: `epoch`, 1 to kEpochs. `way`: the LAN that the packet came from, or the
  // tunnel, by direction; from kWays on none is remembered. The caller makes sure that an epoch does not come
  // again while a flow lives that was approved under it.
  static constexpr uint16_t kWays = 16;
  static constexpr uint16_t kNoWay = 0xffff;
  static constexpr uint16_t kEpochs = 0x3fff;
  void approve(int32_t position, Direction direction, uint16_t way, uint16_t epoch) noexcept;
  [[nodiscard]] uint16_t approved_way(int32_t position, Direction direction, uint16_t epoch) const noexcept {
    const Slot& slot = slots_[static_cast<uint32_t>(position)];
    const std::size_t side = index_of(direction);
    if (slot.approved >> 2U != epoch || (slot.approved >> side & 1U) == 0) [[unlikely]]
      return kNoWay;
    return static_cast<uint16_t>(slot.approved_ways >> 4U * side & 0xfU);
  }

  // Frees what has expired: passes a part of the table in proportion to the time since the last call, within
  // bounds; what is left is owed to the next call. The hand goes round once in 10 s, if it is called often
  // enough for that. (What has expired but is still there is no flow: track() decides it anew.)
  void expire(TimePoint now) noexcept;
  // One bounded slice of a walk over all flows, for dumps and purges: calls `visit` for up to `slots` slots
  // from `cursor` on; returns the next cursor, 0 at the end. `visit` may erase its own position.
  uint32_t walk(uint32_t cursor, uint32_t slots, const std::function<void(int32_t)>& visit);

  [[nodiscard]] const FlowCounts& counts() const noexcept { return counts_; }
  [[nodiscard]] uint32_t capacity() const noexcept { return capacity_; }
  [[nodiscard]] uint32_t unanswered() const noexcept { return queue(Filing::unanswered).size(); }
  // Of everything that the table has taken.
  [[nodiscard]] std::size_t bytes() const noexcept {
    return slots_.bytes() + look_at_.bytes() + index_.bytes() + shares_.bytes();
  }

 private:
  enum class Filing : uint8_t { nowhere, free, unanswered, transitory };
  struct Charges {
    HostShares::Account address;
    HostShares::Account mac;
  };
  struct alignas(2 * kCacheLine) Slot {
    FlowEntry entry;
    FlowKey key;
    uint32_t signature;
    QueueLinks links;
    Charges charged;
    Filing filed;
    uint8_t approved_ways;  // four bits a direction
    uint16_t approved;      // the epoch, and a bit for each direction whose way stands above
  };
  static_assert(sizeof(Slot) == 2 * kCacheLine);
  using Queue = FlowQueue<HugeArray<Slot>>;

  FlowTable() = default;
  static Filing filing_of(const FlowEntry& entry) noexcept {
    const Standing standing = standing_of(entry.state);
    return standing == Standing::unanswered   ? Filing::unanswered
           : standing == Standing::transitory ? Filing::transitory
                                              : Filing::nowhere;
  }
  [[nodiscard]] Slot& slot_at(int32_t position) noexcept { return slots_[static_cast<uint32_t>(position)]; }
  [[nodiscard]] Queue& queue(Filing filing) noexcept { return queues_[static_cast<std::size_t>(filing) - 1]; }
  [[nodiscard]] const Queue& queue(Filing filing) const noexcept {
    return queues_[static_cast<std::size_t>(filing) - 1];
  }
  void prefetch(uint32_t position) const noexcept;
  void file(int32_t position, TimePoint now) noexcept;
  void unfile(uint32_t position) noexcept;
  [[nodiscard]] uint32_t take_position() noexcept;
  void release(uint32_t position) noexcept;
  int32_t place(const FlowKey& key, uint32_t signature, TimePoint now) noexcept;
  [[nodiscard]] bool within_share(const Charges& charges, uint32_t limit, TimePoint now) noexcept;
  void discharge(const Charges& charges) noexcept;
  [[nodiscard]] bool make_room(TimePoint now) noexcept;
  void give_way(uint32_t position, TimePoint now) noexcept;
  [[nodiscard]] bool oldest_gives_way(Filing filing, TimePoint now, bool only_expired) noexcept;
  [[nodiscard]] uint32_t slots_due(TimePoint now) noexcept;
  uint32_t pass(uint32_t slots, TimePoint now) noexcept;
  void look(uint32_t position, TimePoint now) noexcept;

  HugeArray<Slot> slots_;
  HugeArray<uint8_t> look_at_;  // the second, modulo 256, when the hand looks at the slot again
  FlowIndex index_;
  HostShares shares_;
  std::array<Queue, 3> queues_;  // by Filing
  uint32_t capacity_ = 0;        // the limit on flows
  uint32_t fresh_ = 0;           // the first slot that was never used
  uint32_t hand_ = 0;            // of expiry
  TimePoint hand_time_{};        // up to here the hand has done its work
  FlowCounts counts_;
  FlowObserver* observer_ = nullptr;
};

}  // namespace gate41
