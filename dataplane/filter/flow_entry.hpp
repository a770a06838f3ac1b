// FlowEntry: the state of one flow, exactly one cache line. Written only by the owner worker. In steady state
// a packet stores `bytes` (and, at most once a second, `expires`; TCP its window).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "dataplane/base/cache_line.hpp"
#include "dataplane/net/address.hpp"

namespace gate41 {

enum class FlowState : uint8_t {
  free,
  // generic, UDP, echo
  opening,      // one direction seen
  established,  // both directions seen
  // TCP (RFC 9293 §3.3.2 as a firewall sees it)
  tcp_syn_sent,
  tcp_syn_received,  // a SYN seen of both
  tcp_picked_up,     // mid-stream from the LAN, nothing seen of the other side yet (K58)
  tcp_established,
  tcp_fin_wait,  // one FIN seen
  tcp_closing,   // both FINs seen
  tcp_closed,    // RST
  // SCTP (RFC 9260 §4)
  sctp_opening,
  sctp_established,
  sctp_closing,  // SHUTDOWN
  sctp_closed,   // SHUTDOWN COMPLETE, ABORT
  // DCCP (RFC 4340 §4.3)
  dccp_opening,
  dccp_established,
  dccp_closing,  // CloseReq, Close
  dccp_closed,   // Reset
  // any
  barred,  // let in once, and the policy of now would not: nothing passes, whoever sends it
  count_,
};
[[nodiscard]] const char* name_of(FlowState state);
// Not of a free entry.
[[nodiscard]] std::optional<FlowState> flow_state_named(std::string_view name);

// When the table is full, flows give way in this order (K52); those that are kept never do.
enum class Standing : uint8_t {
  kept,
  unanswered,  // only one side has been heard: all of them together hold at most half of the table
  transitory,  // at its beginning or end
};
[[nodiscard]] constexpr Standing standing_of(FlowState state) noexcept {
  switch (state) {
    case FlowState::opening:
    case FlowState::tcp_syn_sent:
    case FlowState::tcp_picked_up:
    case FlowState::sctp_opening:
    case FlowState::dccp_opening:
      return Standing::unanswered;
    case FlowState::tcp_syn_received:
    case FlowState::tcp_closing:
    case FlowState::tcp_closed:
    case FlowState::sctp_closing:
    case FlowState::sctp_closed:
    case FlowState::dccp_closing:
    case FlowState::dccp_closed:
    case FlowState::barred:
      return Standing::transitory;
    case FlowState::free:
    case FlowState::established:
    case FlowState::tcp_established:
    case FlowState::tcp_fin_wait:
    case FlowState::sctp_established:
    case FlowState::dccp_established:
    case FlowState::count_:
      break;
  }
  return Standing::kept;
}

// What has the short timers (K35, K40, K44). A half-closed connection is established: data still flows one
// way (RFC 5382 §5).
[[nodiscard]] constexpr bool is_transitory(FlowState state) noexcept {
  return standing_of(state) != Standing::kept;
}

// RFC 9293 §3.4 as pf and Linux track it: what this direction has sent and may send.
struct TcpWindow {
  uint32_t sent_end = 0;    // highest sequence + length seen
  uint32_t limit = 0;       // highest acknowledged + window granted by the peer; tcp_syn_sent: SYN + 1
  uint32_t max_window = 0;  // largest window that this sender has granted, scaled; 0 = nothing seen of it
};

// Arrays by Direction of the packets that carry the tag; sets of directions as bits (sctp_tracking.hpp).
// Trivial, as members of a union have to be: whoever opens the flow makes them, as zeroes.
struct SctpAssociation {
  std::array<uint32_t, 2> tag;    // what the receiver of these packets has chosen
  std::array<uint32_t, 2> aside;  // and in a second handshake
  uint8_t known;                  // of `tag`
  uint8_t aside_known;
  uint8_t seen;    // has gone on from the handshake
  bool confirmed;  // a cookie was seen, or the association was met in mid-stream
};

// Sets of directions as bits (dccp_tracking.hpp).
struct DccpConnection {
  uint8_t seen;
  uint8_t since_reset;  // data after a Reset
  bool confirmed;       // the opener has gone on from the handshake
};

namespace flow_flag {
inline constexpr uint8_t kScaleKnown = 1;  // TCP: handshake seen, window checks apply (K32)
inline constexpr uint8_t kEchoAsked = 1;   // ICMPv6: the interior has sent an echo request
inline constexpr uint8_t kPinhole = 2;     // opened from outside
inline constexpr uint8_t kPickedUp = 4;    // mid-stream (K58)
inline constexpr uint8_t kFinOutbound = 8;
inline constexpr uint8_t kFinInbound = 16;
inline constexpr uint8_t kAside = 32;     // `aside` is set
inline constexpr uint8_t kEndpoint = 64;  // opened from outside, and only its endpoint let it in (K11)
inline constexpr uint8_t kCounted = 128;  // in the EndpointTable
}  // namespace flow_flag

struct alignas(kCacheLine) FlowEntry {
  FlowState state = FlowState::free;
  uint8_t flags = 0;
  std::array<uint8_t, 2> window_scale{};  // by Direction of the sender; 0xff until both SYNs are seen: absent
  uint32_t expires = 0;                   // coarse seconds
  uint32_t policy_epoch = 0;              // decided under this policy
  std::array<uint32_t, 2> adjacency{};    // by Direction of the packet (forward/adjacency.hpp)
  union {                                 // by protocol
    std::array<TcpWindow, 2> tcp{};       // by Direction of the sender
    SctpAssociation sctp;
    DccpConnection dccp;
  };
  Ipv4Address outer_source;  // last outer source of inbound packets (C27)
  uint64_t bytes = 0;        // both directions
  uint32_t created = 0;      // coarse seconds
  uint32_t aside = 0;        // a segment let through without effect (tcp_tracking.hpp)
};
static_assert(sizeof(FlowEntry) == kCacheLine);

}  // namespace gate41
