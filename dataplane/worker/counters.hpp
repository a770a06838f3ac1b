// Per-worker counters: one writer, relaxed atomics, on their own cache lines; readers sum them. At any quiet
// moment:
//   rx + injected + created + handed_in = tx + punted + dropped + reassembled_away + handed_out + held
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "dataplane/base/cache_line.hpp"
#include "dataplane/base/drop_reason.hpp"
#include "dataplane/base/limits.hpp"
#include "dataplane/worker/exception.hpp"

namespace gate41 {

inline constexpr std::size_t kMaxLinks = 32;

// One writer: add without a locked instruction.
class Counter {
 public:
  void add(uint64_t n = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  void subtract(uint64_t n = 1) noexcept { add(uint64_t{0} - n); }
  void set(uint64_t n) noexcept { value_.store(n, std::memory_order_relaxed); }
  [[nodiscard]] uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

struct LinkCounters {
  Counter rx_packets, rx_bytes, tx_packets, tx_bytes;
};

struct TunnelCounters {
  Counter encap_packets, encap_bytes, decap_packets, decap_bytes;
  Counter encap_relayed;  // of encap_packets, those to a relay, border relay or peer; the others go to sites
  Counter ecn_marked;     // outer CE carried inwards
  Counter other_relay;    // native source by a relay that is not configured (S24)
  Counter fragmented;     // sent in IPv4 fragments (D19)
  Counter fast_ids;       // DF clear and over 500 a second to one peer (Q4)
  Counter fast_peer;      // the last such peer: its IPv4 address, host order
  Counter fast_site;      // relay: the last site over its rate (C28): its IPv4 address, host order
};

struct alignas(kCacheLine) WorkerCounters {
  // conservation
  Counter rx, injected, created, handed_in;
  Counter tx, punted, dropped, reassembled_away, handed_out, held;
  std::array<Counter, kDropReasonCount> drops;
  std::array<LinkCounters, kMaxLinks> links;
  std::array<Counter, kExceptionClasses> exceptions;
  std::array<Counter, kExceptionClasses> policed;
  std::array<TunnelCounters, kMaxTunnels> tunnels;
  Counter icmp_errors_sent, icmp_errors_limited, echo_replies;
  // flow table, copied from FlowTable once a loop
  Counter flows_created, flows_expired, flows_evicted, flows_refused;
  std::atomic<uint64_t> flows_current{0};
  // worker loop
  Counter cycles_busy, cycles_idle, cycles_nap, loops;
  Counter gave_up_waiting;             // 1: it naps, since interrupts that were to wake it did not come
  std::atomic<uint64_t> heartbeat{0};  // coarse seconds of the last loop, for the watchdog
};

// What readers get: a plain copy summed over workers.
struct CounterTotals {
  uint64_t rx = 0, injected = 0, created = 0, handed_in = 0;
  uint64_t tx = 0, punted = 0, dropped = 0, reassembled_away = 0, handed_out = 0, held = 0;
  std::array<uint64_t, kDropReasonCount> drops{};
  struct Link {
    uint64_t rx_packets = 0, rx_bytes = 0, tx_packets = 0, tx_bytes = 0;
  };
  std::array<Link, kMaxLinks> links{};
  std::array<uint64_t, kExceptionClasses> exceptions{};
  std::array<uint64_t, kExceptionClasses> policed{};
  struct Tunnel {
    uint64_t encap_packets = 0, encap_bytes = 0, decap_packets = 0, decap_bytes = 0;
    uint64_t encap_relayed = 0;
    uint64_t ecn_marked = 0, other_relay = 0, fragmented = 0, fast_ids = 0;
    uint32_t fast_peer = 0;  // of one of the workers; 0 = none
    uint32_t fast_site = 0;  // the same
    void add(const TunnelCounters& worker) noexcept;
  };
  std::array<Tunnel, kMaxTunnels> tunnels{};
  uint64_t icmp_errors_sent = 0, icmp_errors_limited = 0, echo_replies = 0;
  uint64_t flows_created = 0, flows_expired = 0, flows_evicted = 0, flows_refused = 0, flows_current = 0;
  uint64_t cycles_busy = 0, cycles_idle = 0, cycles_nap = 0;
  uint64_t gave_up_waiting = 0;  // workers that do not wait for interrupts any more, since none came

  void add(const WorkerCounters& worker) noexcept;
  [[nodiscard]] bool conserved() const noexcept {
    return rx + injected + created + handed_in ==
           tx + punted + dropped + reassembled_away + handed_out + held;
  }
};

}  // namespace gate41
