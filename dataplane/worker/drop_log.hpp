// DropLog: a sample of what a worker drops, so that one can see who sends it: of every reason one packet in
// kPeriod at most, with the outer IPv4 source that decapsulation would lose (RFC 3964 §4.1.2; C27, S87). The
// worker adds, the control thread takes; a flood costs the worker one comparison a packet, and neither side
// ever waits.
#pragma once

#include <array>
#include <cstdint>

#include "dataplane/base/clock.hpp"
#include "dataplane/base/drop_reason.hpp"
#include "dataplane/base/spsc_ring.hpp"
#include "dataplane/net/address.hpp"
#include "dataplane/worker/packet.hpp"

namespace gate41 {

// What is known of a dropped packet; what is unknown is zero.
struct DropSample {
  TimePoint time;
  DropReason reason{};
  uint16_t link = 0xffff;  // that it came by (kNoIndex: unknown); of what is on its way out, that one
  bool has_v4 = false;     // the frame's IPv4 header: the outer one of protocol 41
  bool has_v6 = false;     // the IPv6 header, bare or inside protocol 41
  bool has_l4 = false;     // ports, or ICMP type
  MacAddress source_mac;   // zero for what is ours
  Ipv4Address v4_source;
  Ipv4Address v4_destination;
  Ipv6Address v6_source;
  Ipv6Address v6_destination;
  uint8_t protocol = 0;  // of IPv6 where there is one, else of IPv4
  uint8_t icmp_type = 0;
  uint16_t source_port = 0;
  uint16_t destination_port = 0;
};

[[nodiscard]] DropSample sample_of(const Packet& packet, DropReason reason, TimePoint now) noexcept;

class DropLog {
 public:
  static constexpr Duration kPeriod = std::chrono::milliseconds(100);
  static constexpr uint32_t kRoom = 256;

  // The worker's. Adds the packet, unless one of its reason was added less than kPeriod ago.
  void note(const Packet& packet, DropReason reason, TimePoint now) noexcept {
    TimePoint& next = next_[static_cast<std::size_t>(reason)];
    if (now < next) return;
    next = now + kPeriod;
    if (!samples_.push(sample_of(packet, reason, now)))
      missed_.store(missed_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }

  // The control thread's. false: there is no more.
  [[nodiscard]] bool take(DropSample& sample) noexcept { return samples_.pop(sample); }
  // Any thread: samples that found no room.
  [[nodiscard]] uint64_t missed() const noexcept { return missed_.load(std::memory_order_relaxed); }

 private:
  std::array<TimePoint, kDropReasonCount> next_{};
  std::atomic<uint64_t> missed_{0};
  SpscRing<DropSample, kRoom> samples_;
};

}  // namespace gate41
