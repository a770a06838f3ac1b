#include "dataplane/filter/unanswered.hpp"

#include <algorithm>
#include <numeric>

namespace gate41 {

Unanswered::Unanswered() : attempts_(std::make_unique<std::array<Attempt, kPlaces>>()) {
  std::iota(order_.begin(), order_.end(), uint8_t{0});
}

void Unanswered::remember(const FlowKey& key, uint32_t signature, uint16_t tunnel, Bytes ipv6,
                          TimePoint now) noexcept {
  if (size_ == kPlaces || find(key, signature)) return;
  Attempt& attempt = (*attempts_)[order_[size_++]];
  attempt.key = key;
  attempt.since = now;
  attempt.signature = signature;
  attempt.tunnel = tunnel;
  attempt.length = static_cast<uint16_t>(std::min(ipv6.size(), kQuote));
  std::ranges::copy(ipv6.first(attempt.length), attempt.bytes.begin());
}

void Unanswered::forget(const FlowKey& key, uint32_t signature) noexcept {
  if (const auto rank = find(key, signature)) take_out(*rank);
}

const Unanswered::Attempt* Unanswered::take_due(TimePoint now) noexcept {
  if (size_ == 0 || now - (*attempts_)[order_[0]].since < kWait) return nullptr;
  return &(*attempts_)[take_out(0)];
}

std::optional<std::size_t> Unanswered::find(const FlowKey& key, uint32_t signature) const noexcept {
  for (std::size_t rank = 0; rank < size_; ++rank) {
    const Attempt& attempt = (*attempts_)[order_[rank]];
    if (attempt.signature == signature && attempt.key == key) return rank;
  }
  return std::nullopt;
}

uint8_t Unanswered::take_out(std::size_t rank) noexcept {
  const auto first = order_.begin() + static_cast<std::ptrdiff_t>(rank);
  std::rotate(first, first + 1, order_.begin() + static_cast<std::ptrdiff_t>(size_));
  return order_[--size_];
}

}  // namespace gate41
