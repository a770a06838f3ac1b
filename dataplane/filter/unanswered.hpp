// Unanswered: connections that somebody outside wanted to open and may not (RFC 6092 REC-34, REC-39). Whoever
// opens from inside at the same time must not be disturbed, so the sender hears of it only when six seconds
// have passed without a SYN or SYN/ACK (INIT, INIT ACK) of that flow from inside. Bounded: who comes first
// stays. Sans-I/O: packets and time in, what is due out. One worker's.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "dataplane/base/clock.hpp"
#include "dataplane/filter/flow_key.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41 {

class Unanswered {
 public:
  static constexpr std::size_t kPlaces = 256;
  static constexpr Duration kWait = std::chrono::seconds(6);
  static constexpr std::size_t kQuote = 256;  // bytes of the packet that are kept for the error

  struct Attempt {
    FlowKey key;
    TimePoint since;
    uint32_t signature = 0;
    uint16_t tunnel = 0;  // that it came by
    uint16_t length = 0;
    std::array<uint8_t, kQuote> bytes{};
    [[nodiscard]] Bytes quote() const noexcept { return {bytes.data(), length}; }
  };

  Unanswered();

  // A packet that was refused: `ipv6` from its IPv6 header on. Nothing happens when its flow waits already,
  // or all places are taken. Time does not go back.
  void remember(const FlowKey& key, uint32_t signature, uint16_t tunnel, Bytes ipv6, TimePoint now) noexcept;
  // A packet from inside opens or answers this flow.
  void forget(const FlowKey& key, uint32_t signature) noexcept;
  // The oldest whose time has come, which is forgotten; valid until the next call of anything.
  [[nodiscard]] const Attempt* take_due(TimePoint now) noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  [[nodiscard]] std::optional<std::size_t> find(const FlowKey& key, uint32_t signature) const noexcept;
  uint8_t take_out(std::size_t rank) noexcept;

  std::unique_ptr<std::array<Attempt, kPlaces>> attempts_;
  std::array<uint8_t, kPlaces> order_;  // places: those in use by age, then the free ones
  std::size_t size_ = 0;
};

}  // namespace gate41
