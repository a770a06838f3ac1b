#include "dataplane/net/reassembler.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include "dataplane/net/flow_hash.hpp"

namespace gate41 {
namespace {

constexpr std::size_t kStride = 2048;
static_assert(kMaxHeader + kMaxReassembled <= kStride);
constexpr std::size_t kNone = SIZE_MAX;

// RFC 3168 §5.3: fragments of which only some are ECN-capable do not belong together.
constexpr unsigned seen(uint8_t ecn) noexcept { return 1U << ecn; }
constexpr unsigned kSeenNotEct = seen(0);
constexpr unsigned kSeenCe = seen(3);
bool is_mixed(unsigned all_seen) noexcept { return (all_seen & kSeenNotEct) != 0 && all_seen != kSeenNotEct; }

using Blocks = std::bitset<kMaxReassembled / 8>;

std::size_t end_of(const Fragment& fragment) noexcept { return fragment.offset + fragment.payload.size(); }

Blocks blocks_of(const Fragment& fragment) noexcept {
  const std::size_t first = fragment.offset / 8U;
  const std::size_t count = (end_of(fragment) + 7) / 8 - first;
  return (Blocks{}.set() >> (Blocks{}.size() - count)) << first;
}

// What is wrong with a fragment by itself.
std::optional<DropReason> fault_of(const Fragment& fragment) noexcept {
  const std::size_t length = fragment.payload.size();
  const bool leaves_a_gap = fragment.more && length % 8 != 0;
  if (length == 0 || leaves_a_gap || fragment.header.size() > kMaxHeader)
    return DropReason::fragment_malformed;
  if (fragment.offset + length > kMaxReassembled) return DropReason::fragment_too_long;
  return {};
}

}  // namespace

Reassembler::Reassembler(const HashSecret& secret, std::size_t buckets)
    : secret_(secret),
      places_(buckets * kWays),
      datagrams_(buckets * kWays),
      data_(std::make_unique_for_overwrite<uint8_t[]>(buckets * kWays * kStride)) {}

Reassembler::Result Reassembler::add(const Fragment& fragment, TimePoint now) noexcept {
  if (const auto fault = fault_of(fragment)) return {.state = State::refused, .reason = *fault};
  Result result;
  const std::size_t at = place_of({fragment.source, fragment.destination, fragment.id}, now, result.lost);
  if (const auto reason = objection(at, fragment)) {
    if (*reason != DropReason::fragment_duplicate) condemn(at, *reason, result.lost);
    result.state = State::refused;
    result.reason = *reason;
    return result;
  }
  store(at, fragment);
  if (!is_whole(at)) return result;
  result.state = State::whole;
  result.parts = datagrams_[at].fragments - 1;
  result.marked = (datagrams_[at].ecn_seen & kSeenCe) != 0;
  result.packet = finish(at);
  return result;
}

uint32_t Reassembler::expire(TimePoint now) noexcept {
  if (used_ == 0) {
    hand_time_ = now;
    return 0;
  }
  uint32_t lost = 0;
  for (uint32_t left = places_due(now); left > 0; --left) {
    if (places_[hand_].used && now >= places_[hand_].expires)
      lost += give_up(hand_, DropReason::fragment_timeout).fragments;
    hand_ = hand_ + 1 == places_.size() ? 0 : hand_ + 1;
  }
  return lost;
}

uint32_t Reassembler::places_due(TimePoint now) noexcept {
  hand_time_ = std::max(hand_time_, now - kExpiryRound);  // more than one round is never owed
  const auto elapsed = static_cast<uint64_t>(std::max(now - hand_time_, Duration::zero()).count());
  const auto round = static_cast<uint64_t>(kExpiryRound.count());
  const uint64_t due = std::min<uint64_t>(elapsed * places_.size() / round, kExpirySlice);
  hand_time_ += Duration(static_cast<Duration::rep>(due * round / places_.size()));
  return static_cast<uint32_t>(due);
}

std::size_t Reassembler::bucket_of(const Ipv6Address& source) const noexcept {
  const std::size_t buckets = places_.size() / kWays;
  return address_hash(secret_, source) % buckets * kWays;
}

// Where the datagram's fragments are, or will be; `lost` is what had to go for that.
std::size_t Reassembler::place_of(const Key& key, TimePoint now, Lost& lost) noexcept {
  const std::size_t bucket = bucket_of(key.source);
  std::size_t at = bucket;
  while (at < bucket + kWays && !(places_[at].used && places_[at].key == key)) ++at;
  const bool known = at < bucket + kWays;
  if (known && now < places_[at].expires) return at;
  if (!known) at = place_for_new(bucket, key.source);
  if (places_[at].used)
    lost =
        give_up(at, now < places_[at].expires ? DropReason::fragment_evicted : DropReason::fragment_timeout);
  places_[at] = {key, true, now + kReassemblyTime};
  datagrams_[at] = {};
  ++used_;
  return at;
}

std::size_t Reassembler::place_for_new(std::size_t bucket, const Ipv6Address& source) const noexcept {
  std::size_t unused = kNone;
  std::size_t oldest = bucket;
  std::size_t own_oldest = kNone;
  std::size_t own = 0;
  for (std::size_t at = bucket; at < bucket + kWays; ++at) {
    const Place& place = places_[at];
    if (!place.used) {
      unused = at;
      continue;
    }
    if (!places_[oldest].used || place.expires < places_[oldest].expires) oldest = at;
    if (place.key.source != source) continue;
    ++own;
    if (own_oldest == kNone || place.expires < places_[own_oldest].expires) own_oldest = at;
  }
  if (own >= kShare) return own_oldest;
  return unused != kNone ? unused : oldest;
}

std::optional<DropReason> Reassembler::objection(std::size_t at, const Fragment& fragment) const noexcept {
  const Datagram& datagram = datagrams_[at];
  if (datagram.given_up) return datagram.given_up;
  if (contradicts(at, fragment)) return DropReason::fragment_overlap;
  if ((datagram.have & blocks_of(fragment)).any()) return DropReason::fragment_duplicate;
  if (is_mixed(datagram.ecn_seen | seen(fragment.ecn))) return DropReason::fragment_ecn_mixed;
  return {};
}

// RFC 791 lets later bytes win; what RFC 5722 says for IPv6 is safer: what is neither new nor the same again
// cannot be trusted. So is an end that is not the one that was known, or that lies before what has come.
bool Reassembler::contradicts(std::size_t at, const Fragment& fragment) const noexcept {
  const Datagram& datagram = datagrams_[at];
  const std::size_t end = end_of(fragment);
  if (datagram.total != 0 && (end > datagram.total || (!fragment.more && end < datagram.total))) return true;
  const Blocks blocks = blocks_of(fragment);
  const Blocks common = datagram.have & blocks;
  if (common.none()) return !fragment.more && end < datagram.end;
  if (common != blocks || (!fragment.more && datagram.total == 0)) return true;
  return std::memcmp(payload_of(at) + fragment.offset, fragment.payload.data(), fragment.payload.size()) != 0;
}

// The place stays in use, to refuse what is still to come. A new datagram has nothing to lose: what `lost`
// says of its place's former one stays.
void Reassembler::condemn(std::size_t at, DropReason reason, Lost& lost) noexcept {
  Datagram& datagram = datagrams_[at];
  datagram.given_up = reason;
  if (datagram.fragments == 0) return;
  lost = {reason, datagram.fragments};
  held_ -= datagram.fragments;
  datagram.fragments = 0;
}

bool Reassembler::is_whole(std::size_t at) const noexcept {
  const Datagram& datagram = datagrams_[at];
  return datagram.total != 0 && datagram.have.count() * 8 >= datagram.total;
}

void Reassembler::store(std::size_t at, const Fragment& fragment) noexcept {
  Datagram& datagram = datagrams_[at];
  uint8_t* payload = payload_of(at);
  std::memcpy(payload + fragment.offset, fragment.payload.data(), fragment.payload.size());
  if (fragment.offset == 0) {
    std::memcpy(payload - fragment.header.size(), fragment.header.data(), fragment.header.size());
    datagram.header_length = static_cast<uint8_t>(fragment.header.size());
  }
  datagram.have |= blocks_of(fragment);
  datagram.ecn_seen = static_cast<uint8_t>(datagram.ecn_seen | seen(fragment.ecn));
  datagram.end = std::max(datagram.end, static_cast<uint16_t>(end_of(fragment)));
  if (!fragment.more) datagram.total = datagram.end;
  ++datagram.fragments;
  ++held_;
}

std::span<uint8_t> Reassembler::finish(std::size_t at) noexcept {
  const Datagram& datagram = datagrams_[at];
  free(at);
  return {payload_of(at) - datagram.header_length, std::size_t{datagram.header_length} + datagram.total};
}

Reassembler::Lost Reassembler::give_up(std::size_t at, DropReason reason) noexcept {
  const Lost lost{reason, datagrams_[at].fragments};
  free(at);
  return lost;
}

void Reassembler::free(std::size_t at) noexcept {
  held_ -= datagrams_[at].fragments;
  places_[at].used = false;
  --used_;
}

uint8_t* Reassembler::payload_of(std::size_t at) const noexcept {
  return data_.get() + at * kStride + kMaxHeader;
}

}  // namespace gate41
