// Tracer: the way of the next packets that an operator asks for, one record each, written where a packet
// leaves the pipeline: what it met stands in the Packet by then. Armed by a request of control; one trace at
// a time, bounded in number and in time. Not armed it costs one comparison a packet, of a number that nobody
// else writes.
#pragma once

#include <optional>

#include "dataplane/base/spsc_ring.hpp"
#include "dataplane/filter/flow_entry.hpp"
#include "dataplane/worker/drop_log.hpp"

namespace gate41 {

struct StageContext;

// What control asks for; what is given must all hold.
struct TraceWish {
  uint64_t run = 0;                   // whose trace it is
  uint32_t count = 0;                 // packets at most; 0: none (any more)
  TimePoint until;                    // after that none either
  std::optional<Ipv6Prefix> address;  // of either end
  std::optional<uint16_t> port;       // of either end
  std::optional<uint8_t> protocol;
  std::optional<uint16_t> link;  // of arrival: index in the snapshot
  bool dropped = false;          // only what was dropped
};

enum class TraceEnd : uint8_t { sent, to_control, handed_over, dropped };

struct TraceRecord {
  uint64_t run = 0;
  DropSample packet;  // `reason` where it was dropped, `link` of arrival
  TraceEnd end = TraceEnd::sent;
  ExceptionClass exception_class{};  // to_control
  uint8_t owner = 0;                 // handed_over: the worker that goes on with it
  Origin origin = Origin::wire;
  Side from = Side::none;
  uint16_t length = 0;  // bytes of the IPv6 packet; 0: there is none
  uint16_t lan = 0;     // index of the LAN it came from
  uint16_t tunnel = 0;  // index of the tunnel it came by
  bool filtered = false;
  bool is_new = false;                // no flow was known
  FlowState flow = FlowState::free;   // afterwards; free: none
  bool has_way = false;               // a next hop was found
  uint16_t egress = 0xffff;           // link
  std::optional<uint16_t> by_tunnel;  // out by this one, else as it is
  Ipv4Address outer_destination;      // then
};

class Tracer {
 public:
  static constexpr uint32_t kRoom = 64;

  // The worker's.
  void arm(const TraceWish& wish) noexcept { wish_ = wish; }
  [[nodiscard]] bool armed() const noexcept { return wish_.count != 0; }
  void note(const Packet& packet, const Verdict& verdict, const StageContext& context) noexcept {
    if (armed()) note_if_wanted(packet, verdict, context);
  }
  // The control thread's. false: there is no more.
  [[nodiscard]] bool take(TraceRecord& record) noexcept { return records_.pop(record); }

 private:
  void note_if_wanted(const Packet& packet, const Verdict& verdict, const StageContext& context) noexcept;

  TraceWish wish_;
  SpscRing<TraceRecord, kRoom> records_;
};

}  // namespace gate41
