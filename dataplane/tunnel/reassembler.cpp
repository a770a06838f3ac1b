#include "dataplane/tunnel/reassembler.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include "dataplane/net/checksum.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41 {
namespace {

constexpr std::size_t kHeaderRoom =
    64;  // the longest IPv4 header has 60 bytes; the header ends where this does
constexpr std::size_t kStride = 2048;
static_assert(kHeaderRoom + kMaxReassembled <= kStride);
constexpr std::size_t kNone = SIZE_MAX;

// RFC 3168 §5.3: fragments of which only some are ECN-capable do not belong together.
constexpr unsigned seen(uint8_t ecn) noexcept { return 1U << ecn; }
constexpr unsigned kSeenNotEct = seen(0);
constexpr unsigned kSeenCe = seen(3);
bool is_mixed(unsigned all_seen) noexcept { return (all_seen & kSeenNotEct) != 0 && all_seen != kSeenNotEct; }

// What is wrong with a fragment by itself.
std::optional<DropReason> fault_of(const Ipv4Fields& fields, std::size_t length) noexcept {
  if (length == 0 || (fields.more_fragments && length % 8 != 0)) return DropReason::fragment_malformed;
  if (fields.fragment_offset + length > kMaxReassembled) return DropReason::fragment_too_long;
  return {};
}

}  // namespace

Reassembler::Reassembler(const HashSecret& secret, std::size_t buckets)
    : secret_(secret),
      places_(buckets * kWays),
      datagrams_(buckets * kWays),
      data_(std::make_unique_for_overwrite<uint8_t[]>(buckets * kWays * kStride)) {}

Reassembler::Result Reassembler::add(const Ipv4Fields& fields, Bytes packet, TimePoint now) noexcept {
  const Bytes header = packet.first(std::min<std::size_t>(fields.header_length, packet.size()));
  const Piece piece{fields.fragment_offset, packet.subspan(header.size()), fields.more_fragments,
                    static_cast<uint8_t>(fields.tos & 3U)};
  if (const auto fault = fault_of(fields, piece.bytes.size()))
    return {.state = State::refused, .reason = *fault};
  Result result;
  const std::size_t at = place_of({fields.source, fields.destination, fields.id}, now, result.lost);
  if (const auto reason = objection(at, piece)) {
    if (*reason != DropReason::fragment_duplicate) condemn(at, *reason, result.lost);
    result.state = State::refused;
    result.reason = *reason;
    return result;
  }
  store(at, piece, header);
  if (!is_whole(at)) return result;
  result.state = State::whole;
  result.parts = datagrams_[at].fragments - 1;
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

Reassembler::Blocks Reassembler::Piece::blocks() const noexcept {
  const std::size_t first = offset / 8;
  const std::size_t count = (end() + 7) / 8 - first;
  return (Blocks{}.set() >> (Blocks{}.size() - count)) << first;
}

std::size_t Reassembler::bucket_of(Ipv4Address source) const noexcept {
  const std::size_t buckets = places_.size() / kWays;
  return fold_multiply(source.host() ^ secret_.a, secret_.b) % buckets * kWays;
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

std::size_t Reassembler::place_for_new(std::size_t bucket, Ipv4Address source) const noexcept {
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

std::optional<DropReason> Reassembler::objection(std::size_t at, const Piece& piece) const noexcept {
  const Datagram& datagram = datagrams_[at];
  if (datagram.given_up) return datagram.given_up;
  if (contradicts(at, piece)) return DropReason::fragment_overlap;
  if ((datagram.have & piece.blocks()).any()) return DropReason::fragment_duplicate;
  if (is_mixed(datagram.ecn_seen | seen(piece.ecn))) return DropReason::fragment_ecn_mixed;
  return {};
}

// RFC 791 lets later bytes win; what RFC 5722 says for IPv6 is safer: what is neither new nor the same again
// cannot be trusted. So is an end that is not the one that was known, or that lies before what has come.
bool Reassembler::contradicts(std::size_t at, const Piece& piece) const noexcept {
  const Datagram& datagram = datagrams_[at];
  const std::size_t end = piece.end();
  if (datagram.total != 0 && (end > datagram.total || (!piece.more && end < datagram.total))) return true;
  const Blocks blocks = piece.blocks();
  const Blocks common = datagram.have & blocks;
  if (common.none()) return !piece.more && end < datagram.end;
  if (common != blocks || (!piece.more && datagram.total == 0)) return true;
  return std::memcmp(payload_of(at) + piece.offset, piece.bytes.data(), piece.bytes.size()) != 0;
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

void Reassembler::store(std::size_t at, const Piece& piece, Bytes header) noexcept {
  Datagram& datagram = datagrams_[at];
  uint8_t* payload = payload_of(at);
  std::memcpy(payload + piece.offset, piece.bytes.data(), piece.bytes.size());
  if (piece.offset == 0) {
    std::memcpy(payload - header.size(), header.data(), header.size());
    datagram.header_length = static_cast<uint8_t>(header.size());
  }
  datagram.have |= piece.blocks();
  datagram.ecn_seen = static_cast<uint8_t>(datagram.ecn_seen | seen(piece.ecn));
  datagram.end = std::max(datagram.end, static_cast<uint16_t>(piece.end()));
  if (!piece.more) datagram.total = datagram.end;
  ++datagram.fragments;
  ++held_;
}

// The first fragment's header becomes the whole packet's.
Bytes Reassembler::finish(std::size_t at) noexcept {
  const Datagram& datagram = datagrams_[at];
  uint8_t* start = payload_of(at) - datagram.header_length;
  const std::span<uint8_t> packet(start, std::size_t{datagram.header_length} + datagram.total);
  auto header = Reader(packet).read<Ipv4Header>();
  header.total_length = Be16(static_cast<uint16_t>(packet.size()));
  header.fragment = Be16(0);
  if ((datagram.ecn_seen & kSeenCe) != 0) header.tos = static_cast<uint8_t>(header.tos | 3U);
  header.checksum = Be16(0);
  Writer(packet).write(header);
  header.checksum = Be16(checksum(packet.first(datagram.header_length)));
  Writer(packet).write(header);
  free(at);
  return packet;
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
  return data_.get() + at * kStride + kHeaderRoom;
}

}  // namespace gate41
