#include "dataplane/worker/pair_table.hpp"

#include <bit>

namespace gate41 {
namespace {

// The first way whose tag is this one, or kWays; all eight are compared at once.
uint32_t first_with(const std::array<uint16_t, PairTable::kWays>& tags, uint16_t tag) noexcept {
  using Vector = uint16_t __attribute__((vector_size(16)));
  using Bytes = uint8_t __attribute__((vector_size(8)));
  const auto fits =
      std::bit_cast<uint64_t>(__builtin_convertvector(std::bit_cast<Vector>(tags) == tag, Bytes));
  return fits == 0 ? PairTable::kWays : static_cast<uint32_t>(std::countr_zero(fits)) / 8;
}

}  // namespace

PairTable::PairTable(uint32_t pairs, int numa_node)
    : sets_("pair tags", pairs / kWays, numa_node),
      entries_("pairs", pairs, numa_node),
      last_set_(pairs / kWays - 1) {}

// Two pairs of one set with the same tag are rare: the second one goes the long way.
void PairTable::lookup_bulk(std::span<const uint32_t> signatures, std::span<int32_t> positions) noexcept {
  for (const uint32_t signature : signatures) __builtin_prefetch(&sets_[set_of(signature)]);
  for (std::size_t i = 0; i < signatures.size(); ++i) {
    const uint32_t set = set_of(signatures[i]);
    const uint32_t way = first_with(sets_[set], tag_of(signatures[i]));
    positions[i] = way == kWays ? kUnknown : static_cast<int32_t>(set * kWays + way);
    if (way != kWays) __builtin_prefetch(&entries_[set * kWays + way]);
  }
}

uint32_t PairTable::way_for(uint32_t signature) noexcept {
  const uint32_t set = set_of(signature);
  const uint32_t known = first_with(sets_[set], tag_of(signature));
  if (known != kWays) return known;
  const uint32_t free = first_with(sets_[set], 0);
  return free != kWays ? free : turn_++ % kWays;
}

void PairTable::remember(uint32_t signature, const PairEntry& entry) noexcept {
  const uint32_t way = way_for(signature);
  sets_[set_of(signature)][way] = tag_of(signature);
  entries_[set_of(signature) * kWays + way] = entry;
}

}  // namespace gate41
