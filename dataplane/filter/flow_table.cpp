#include "dataplane/filter/flow_table.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <fmt/core.h>

#include "dataplane/filter/filter.hpp"

namespace gate41 {
namespace {

// Freed positions that wait before one of them is used again: more than a burst can free.
constexpr uint32_t kQuarantine = 2 * kBulk;
// The hand looks at each slot so often at least: a flow's timer may have become shorter. With a round more,
// it is less than half of the 256 seconds that a byte can tell apart.
constexpr uint32_t kLongestBlind = 60;

bool same_key(const FlowKey& a, const FlowKey& b) noexcept {
  const auto word = [](const FlowKey& key, std::size_t i) {
    return load_unaligned<uint64_t>(reinterpret_cast<const uint8_t*>(&key) + i * sizeof(uint64_t));
  };
  const auto differs = [&](std::size_t i) { return word(a, i) ^ word(b, i); };
  return (differs(0) | differs(1) | differs(2) | differs(3) | differs(4)) == 0;
}

uint8_t second_of(TimePoint now) noexcept { return static_cast<uint8_t>(coarse_seconds(now)); }

bool is_due(uint8_t look_at, uint8_t second) noexcept { return static_cast<int8_t>(second - look_at) >= 0; }

// When to look at a flow again: when its timer ends, if that is soon.
uint8_t next_look(const FlowEntry& entry, TimePoint now) noexcept {
  const uint32_t seconds = coarse_seconds(now);
  const uint32_t left = entry.state == FlowState::free ? kLongestBlind : entry.expires - seconds;
  return static_cast<uint8_t>(seconds + std::min(left, kLongestBlind));
}

}  // namespace

Result<std::unique_ptr<FlowTable>> FlowTable::create(const std::string& name, uint32_t max_flows,
                                                     int numa_node, const HashSecret& secret) {
  if (max_flows == 0 || max_flows > kMaxFlowLimit)
    return fail(fmt::format("flow table {}: {} flows; 1 to {} are possible", name, max_flows, kMaxFlowLimit));
  std::unique_ptr<FlowTable> table(new FlowTable);
  const uint32_t slots = max_flows + kQuarantine;
  table->capacity_ = max_flows;
  table->slots_ = HugeArray<Slot>("flow slots", slots, numa_node);
  table->look_at_ = HugeArray<uint8_t>("flow looks", slots, numa_node);
  table->index_ = FlowIndex(max_flows, numa_node);
  table->shares_ = HostShares(max_flows, numa_node, secret);
  if (!table->slots_ || !table->look_at_ || !table->index_ || !table->shares_)
    return fail(
        fmt::format("flow table {}: no memory for {} flows on NUMA node {}; give more memory or lower "
                    "filter.max_flows",
                    name, max_flows, numa_node));
  return table;
}

void FlowTable::prefetch(uint32_t position) const noexcept {
  const Slot& slot = slots_[position];
  __builtin_prefetch(&slot.entry, 1);
  __builtin_prefetch(&slot.key, 0);
}

// Three rounds over the burst: fetch the buckets; fetch the slots that they name; compare.
void FlowTable::lookup_bulk(std::span<const FlowKey* const> keys, std::span<const uint32_t> signatures,
                            std::span<int32_t> positions) noexcept {
  assert(keys.size() <= kBulk && signatures.size() >= keys.size() && positions.size() >= keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) index_.prefetch(signatures[i]);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    positions[i] = index_.guess(signatures[i]);
    if (positions[i] >= 0) prefetch(static_cast<uint32_t>(positions[i]));
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto is_it = [&](int32_t position) { return same_key(key(position), *keys[i]); };
    if (positions[i] < 0 || !is_it(positions[i])) [[unlikely]]
      positions[i] = index_.find(signatures[i], is_it);
    if (positions[i] < 0) [[unlikely]]
      shares_.prefetch(shares_.hash(keys[i]->interior));  // it may open a flow
  }
}

int32_t FlowTable::insert(const FlowKey& key, uint32_t signature, TimePoint now,
                          const HostShare* share) noexcept {
  const int32_t known =
      index_.find(signature, [&](int32_t position) { return same_key(this->key(position), key); });
  if (known >= 0) return known;
  Charges charges{HostShares::kNobody, HostShares::kNobody};
  if (share != nullptr)
    charges = {shares_.charge(shares_.hash(key.interior)), shares_.charge(shares_.hash(share->mac))};
  const bool may_open = share == nullptr || within_share(charges, share->limit, now);
  const int32_t position = may_open ? place(key, signature, now) : kOverShare;
  if (position < 0) {
    discharge(charges);
    return position;
  }
  slot_at(position).charged = charges;
  return position;
}

int32_t FlowTable::place(const FlowKey& key, uint32_t signature, TimePoint now) noexcept {
  const uint32_t position = make_room(now) ? take_position() : Queue::kNobody;
  if (position == Queue::kNobody || !index_.add(signature, position)) {
    if (position != Queue::kNobody) release(position);
    ++counts_.refused;
    return kFull;
  }
  Slot& slot = slots_[position];
  slot.entry.state = FlowState::opening;
  slot.entry.created = slot.entry.expires = coarse_seconds(now);
  slot.key = key;
  slot.signature = signature;
  slot.approved = 0;
  look_at_[position] = second_of(now);
  ++counts_.created;
  ++counts_.current;
  return static_cast<int32_t>(position);
}

// Stored where it differs: the line belongs to whoever looks the flow up.
void FlowTable::approve(int32_t position, Direction direction, uint16_t way, uint16_t epoch) noexcept {
  if (way >= kWays || approved_way(position, direction, epoch) == way) return;
  Slot& slot = slot_at(position);
  const std::size_t side = index_of(direction);
  const unsigned others = slot.approved >> 2U == epoch ? slot.approved & 3U : 0U;
  const unsigned other_ways = slot.approved_ways & (0xf0U >> 4U * side);
  slot.approved = static_cast<uint16_t>(unsigned{epoch} << 2U | others | 1U << side);
  slot.approved_ways = static_cast<uint8_t>(other_ways | unsigned{way} << 4U * side);
}

// Both charges are counted already.
bool FlowTable::within_share(const Charges& charges, uint32_t limit, TimePoint now) noexcept {
  const auto is_over = [&](HostShares::Account account) { return shares_.flows(account) > limit; };
  if (!is_over(charges.address) && !is_over(charges.mac)) return true;
  const bool by_address = is_over(charges.address);
  uint32_t at = queue(Filing::unanswered).oldest();
  for (uint32_t probe = 0; probe < kShareProbes && at != Queue::kNobody; ++probe) {
    const Slot& slot = slots_[at];
    if (by_address ? slot.charged.address == charges.address : slot.charged.mac == charges.mac) {
      give_way(at, now);
      break;
    }
    at = slot.links.after;
  }
  return !is_over(charges.address) && !is_over(charges.mac);
}

void FlowTable::discharge(const Charges& charges) noexcept {
  shares_.discharge(charges.address);
  shares_.discharge(charges.mac);
}

void FlowTable::erase(int32_t position) noexcept {
  Slot& slot = slot_at(position);
  if (slot.entry.state == FlowState::free) return;
  if (observer_ != nullptr) observer_->on_erase(slot.key, slot.entry);
  const auto at = static_cast<uint32_t>(position);
  index_.remove(slot.signature, at);
  unfile(at);
  discharge(slot.charged);
  slot.entry = FlowEntry{};
  release(at);
  --counts_.current;
}

void FlowTable::file(int32_t position, TimePoint now) noexcept {
  const auto at = static_cast<uint32_t>(position);
  unfile(at);
  const FlowEntry& entry = slots_[at].entry;
  look_at_[at] = next_look(entry, now);
  const Filing filing = filing_of(entry);
  if (filing == Filing::nowhere) return;
  queue(filing).add(slots_, at);
  slots_[at].filed = filing;
}

void FlowTable::unfile(uint32_t position) noexcept {
  const Filing filed = std::exchange(slots_[position].filed, Filing::nowhere);
  if (filed != Filing::nowhere) queue(filed).remove(slots_, position);
}

// One that was used before, for it may still be in a cache, if enough of them have waited.
uint32_t FlowTable::take_position() noexcept {
  Queue& free = queue(Filing::free);
  if (free.size() <= kQuarantine && fresh_ < slots_.size()) return fresh_++;
  const uint32_t position = free.oldest();
  unfile(position);
  prefetch(free.oldest());  // for the next one
  return position;
}

void FlowTable::release(uint32_t position) noexcept {
  queue(Filing::free).add(slots_, position);
  slots_[position].filed = Filing::free;
}

bool FlowTable::make_room(TimePoint now) noexcept {
  const uint32_t most_unanswered = std::max(capacity_ / 2, 1U);
  if (unanswered() >= most_unanswered) return oldest_gives_way(Filing::unanswered, now, false);
  if (counts_.current < capacity_) return true;
  pass(kRoomProbes, now);
  return counts_.current < capacity_ || oldest_gives_way(Filing::unanswered, now, true) ||
         oldest_gives_way(Filing::transitory, now, true) ||
         oldest_gives_way(Filing::unanswered, now, false) || oldest_gives_way(Filing::transitory, now, false);
}

bool FlowTable::oldest_gives_way(Filing filing, TimePoint now, bool only_expired) noexcept {
  const uint32_t oldest = queue(filing).oldest();
  if (oldest == Queue::kNobody) return false;
  if (only_expired && !has_expired(slots_[oldest].entry, now)) return false;
  give_way(oldest, now);
  return true;
}

void FlowTable::give_way(uint32_t position, TimePoint now) noexcept {
  const bool expired = has_expired(slots_[position].entry, now);
  ++(expired ? counts_.expired : counts_.evicted);
  erase(static_cast<int32_t>(position));
}

uint32_t FlowTable::slots_due(TimePoint now) noexcept {
  hand_time_ = std::max(hand_time_, now - kExpiryRound);  // more than one round is never owed
  const auto elapsed = static_cast<uint64_t>((now - hand_time_).count());
  const auto round = static_cast<uint64_t>(kExpiryRound.count());
  return static_cast<uint32_t>(std::min<uint64_t>(elapsed * fresh_ / round, kExpirySlice));
}

void FlowTable::expire(TimePoint now) noexcept {
  if (now <= hand_time_) return;
  if (fresh_ == 0) {
    hand_time_ = now;
    return;
  }
  const uint64_t passed = pass(slots_due(now), now);
  hand_time_ +=
      Duration(static_cast<Duration::rep>(passed * static_cast<uint64_t>(kExpiryRound.count()) / fresh_));
}

// The hand goes on by so many slots, fewer where it has had to look at many; how many.
uint32_t FlowTable::pass(uint32_t slots, TimePoint now) noexcept {
  const uint8_t second = second_of(now);
  uint32_t looks = 0;
  uint32_t passed = 0;
  for (; passed < slots && looks < kExpiryLooks; ++passed) {
    const uint32_t at = hand_;
    hand_ = hand_ + 1 >= fresh_ ? 0 : hand_ + 1;
    if (!is_due(look_at_[at], second)) continue;
    look(at, now);
    ++looks;
  }
  return passed;
}

void FlowTable::look(uint32_t position, TimePoint now) noexcept {
  const FlowEntry& entry = slots_[position].entry;
  if (entry.state != FlowState::free && has_expired(entry, now)) {
    ++counts_.expired;
    erase(static_cast<int32_t>(position));
  }
  look_at_[position] = next_look(entry, now);
}

uint32_t FlowTable::walk(uint32_t cursor, uint32_t slots, const std::function<void(int32_t)>& visit) {
  const uint32_t end = cursor + std::min(slots, fresh_ - std::min(cursor, fresh_));
  for (uint32_t slot = cursor; slot < end; ++slot)
    if (slots_[slot].entry.state != FlowState::free) visit(static_cast<int32_t>(slot));
  return end >= fresh_ ? 0 : end;
}

}  // namespace gate41
