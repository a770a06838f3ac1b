// What crosses between workers and the control thread besides configuration: exceptions (up) and injections
// (down); and what goes from worker to worker. All are mbufs in rings; what they are stands in the mbuf's
// private area. Whoever takes an mbuf from a ring owns it.
#pragma once

#include <cstdint>

#include <rte_mbuf.h>

#include "dataplane/base/drop_reason.hpp"

namespace gate41 {

// Why a packet goes to the control thread. Each class has its own token bucket (design §5).
enum class ExceptionClass : uint8_t {
  arp,            // wan: to the kernel and to conflict detection
  dhcp,           // UDP to port 68
  icmpv4_error,   // about our protocol 41 (validated by control, D18)
  host_v4,        // IPv4 of flows that this box opened
  host_v6,        // IPv6 of flows that this box opened (probe answers)
  nd,             // NS, NA, MLD from a LAN
  tunnel_nd,      // NS, NA from the other end of a configured tunnel: offset at its IPv6 header
  ra,             // RS, RA from a LAN
  unresolved,     // IPv6 packet whose neighbour on a LAN is unknown: offset at its IPv6 header
  unresolved_v4,  // ready IPv6 packet whose tunnel next hop on the WAN's subnet is unknown
  own_dropped,    // echo request of this box that was dropped (and counted so), for who waits for its answer
  count_,
};
inline constexpr std::size_t kExceptionClasses = static_cast<std::size_t>(ExceptionClass::count_);
[[nodiscard]] const char* name_of(ExceptionClass exception_class);

// How a packet enters the pipeline from control.
enum class InjectKind : uint8_t {
  frame,    // a complete untagged Ethernet frame for `link`: goes out as it is (ND, RA, DHCP)
  host_v4,  // the same, an IPv4 frame of this box: opens a host flow first
  routed,   // an IPv6 packet of this box without Ethernet: opens a host flow, then stage forward
  resumed,  // a packet that waited for its neighbour: stage forward again
  failed,   // a packet whose neighbour did not answer: dropped as neighbour_failed, sender told
  crowded,  // a packet that there was no room to keep meanwhile: dropped as neighbour_queue
};

// The mbuf's private area. Valid only while the mbuf is in a ring, also one from worker to worker, which uses
// link and device, and of frames that were looked at tunnel, ingress_lan and side.
struct MbufMeta {
  static constexpr uint16_t kLookedAt = 0xffff;
  // From worker to worker: that a plain frame came by, which nobody has looked at.
  uint16_t device = kLookedAt;
  ExceptionClass exception_class = ExceptionClass::arp;
  InjectKind inject_kind = InjectKind::frame;
  uint16_t worker = 0;        // exceptions: who sent it up; who waited goes back there
  uint16_t link = 0;          // exceptions: ingress; injections of frames: egress
  uint16_t tunnel = 0;        // that it came by: index in the snapshot
  uint16_t lan = 0;           // unresolved: LAN (neighbour scope) of the next hop
  uint16_t ingress_lan = 0;   // unresolved: kept for its way back
  uint8_t side = 0;           // the same: Side it came from
  uint8_t next_hop[16] = {};  // unresolved: the neighbour's address (IPv4 as mapped)
  DropReason drop_reason{};   // own_dropped
  uint16_t mtu = 0;           // own_dropped as too big: what would fit, where that is known
};
inline constexpr uint16_t kMbufPrivSize = 64;
static_assert(sizeof(MbufMeta) <= kMbufPrivSize);

inline MbufMeta& meta_of(rte_mbuf* mbuf) noexcept { return *static_cast<MbufMeta*>(rte_mbuf_to_priv(mbuf)); }

}  // namespace gate41
