#include "dataplane/filter/fragment_table.hpp"

#include "dataplane/net/flow_hash.hpp"

namespace gate41 {
namespace {

constexpr uint32_t kLongest = 65535;  // of a packet's payload

FragmentRange range_of(const Ipv6Fields& v6) noexcept {
  return {v6.fragment_offset, uint32_t{v6.fragment_offset} + v6.fragment_length};
}

}  // namespace

std::optional<DropReason> fragment_fault(const Ipv6Fields& v6) noexcept {
  if (v6.fragment_length == 0 || (v6.more_fragments && v6.fragment_length % 8 != 0))
    return DropReason::fragment_malformed;
  if (range_of(v6).end > kLongest) return DropReason::fragment_too_long;
  return std::nullopt;
}

FragmentTable::Key FragmentTable::key_of(const ParsedPacket& packet) noexcept {
  return {packet.v6.source, packet.v6.destination, packet.v6.fragment_id};
}

uint64_t FragmentTable::hash(const Key& key) const noexcept {
  return fold_multiply(pair_hash(secret_, key.source, key.destination) ^ secret_.a, key.id ^ secret_.b);
}

std::optional<DropReason> FragmentTable::refuse_again(const ParsedPacket& first, TimePoint now) noexcept {
  const Key key = key_of(first);
  FragmentRanges* const ranges = passed_.find(key, hash(key), now);
  return ranges == nullptr ? std::nullopt : ranges->add(range_of(first.v6), !first.v6.more_fragments);
}

std::optional<DropReason> FragmentTable::pass(const ParsedPacket& fragment, TimePoint now) noexcept {
  const Key key = key_of(fragment);
  const uint64_t place = hash(key);
  FragmentRanges* ranges = passed_.find(key, place, now);
  if (ranges == nullptr && fragment.v6.fragment == FragmentState::first)
    ranges = &passed_.insert(key, place, now, kFragmentLifetime);
  if (ranges == nullptr) return DropReason::filter_fragment;
  return ranges->add(range_of(fragment.v6), !fragment.v6.more_fragments);
}

}  // namespace gate41
