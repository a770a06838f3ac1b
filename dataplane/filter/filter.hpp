// The decisions of the filter (S65..S67, K1..K7, K10..K26, K31..K46, K49, K51, K53, K55, K58, X5, J rows),
// one packet at a time; bulk lookups are the stage's business (worker/stage_filter). Pure functions of
// (packet, policy, entry, time). Packets whose parse failed do not come here.
//
// A packet's way: policy_check
//   -> ICMPv6 error: related_key -> lookup -> pass or filter_error_unrelated; it changes no state (K19, K37)
//   -> later fragment: FragmentTable (fragment_table.hpp)
//   -> lookup -> hit: review, begins_anew, track -> miss: decide_new -> (after forward has let it pass)
//   open_flow on the inserted entry
#pragma once

#include <optional>

#include "dataplane/base/clock.hpp"
#include "dataplane/base/drop_reason.hpp"
#include "dataplane/filter/flow_entry.hpp"
#include "dataplane/filter/flow_key.hpp"
#include "dataplane/filter/policy.hpp"
#include "dataplane/net/address_blocks.hpp"
#include "dataplane/net/parsed_packet.hpp"

namespace gate41 {

// K1..K4, K7, J4..J9: what never crosses the border in this direction, whatever the state. Source-prefix
// checks (K5, K6, P14) are the caller's, who knows the prefixes; routing header 0 (K4) does not pass the
// parser.
[[nodiscard]] std::optional<DropReason> policy_check(const ParsedPacket& packet, Direction direction,
                                                     const LabAllow& lab) noexcept;

// ICMPv6 types 1..4 (J1, J2), any code: they are matched by the packet that they quote.
[[nodiscard]] bool is_icmpv6_error(const ParsedPacket& packet) noexcept;
// The flow that an error belongs to, or nullopt when it cannot belong to any: the quote is unusable (no whole
// IPv6 header, or cut off before the ports) or an error itself, or the error goes to another host than the
// one that sent the quoted packet.
[[nodiscard]] std::optional<FlowKey> related_key(const ParsedPacket& error, const ParsedPacket& quote,
                                                 Direction error_direction) noexcept;

// A miss: may this packet open a flow? nullopt = yes. Never: ICMPv6 errors, echo replies, later fragments,
// what no connection sends. Outbound: all else but what neither opens a TCP, SCTP or DCCP connection nor is
// an acceptable pick-up in mid-stream (K58). Inbound: what the policy opens (policy.hpp), connections by
// their first packet (SYN, INIT, Request) alone.
[[nodiscard]] std::optional<DropReason> decide_new(const ParsedPacket& packet, Direction direction,
                                                   const Policy& policy,
                                                   const EndpointTable* endpoints = nullptr) noexcept;

// Fills the freshly inserted entry from its first packet; its adjacencies stay as they are.
void open_flow(FlowEntry& entry, const ParsedPacket& packet, Direction direction, const Policy& policy,
               TimePoint now) noexcept;

// A hit on an entry of another policy epoch. A flow that came from outside, and would not come in now, is
// barred from here on. True: it was barred, and may be again: this packet is decided as a miss, and the entry
// goes.
[[nodiscard]] bool review(FlowEntry& entry, const FlowKey& key, const Policy& policy,
                          const EndpointTable* endpoints) noexcept;

// A hit on what has expired, or a packet that opens a connection (asks by an echo request) where another one
// has ended or is barred: it is decided as a miss, and if it passes (or the entry has expired), the entry
// goes.
[[nodiscard]] bool begins_anew(const FlowEntry& entry, const ParsedPacket& packet, TimePoint now) noexcept;

// Another hit: follows the state, refreshes the timer, counts bytes, or says why the packet is not part of
// the flow. An entry that is free (evicted after the lookup) gives flow_table_full.
[[nodiscard]] std::optional<DropReason> track(FlowEntry& entry, const ParsedPacket& packet,
                                              Direction direction, const Policy& policy,
                                              TimePoint now) noexcept;

// The same for a UDP packet (`key`, `payload_length`) of an established flow, by the outer source that it has
// come from before: there is nothing to refuse.
void keep_alive(FlowEntry& entry, const FlowKey& key, uint16_t payload_length, const Policy& policy,
                uint32_t now_seconds) noexcept;

// Does the entry still pass under the moved policy epoch? What was opened from outside is decided again; the
// rest passes, and so does an echo flow in which the interior has asked (requests from outside are decided
// one by one). What came by its endpoint stays while endpoints are open to all, though the flow that had
// opened it may be gone.
[[nodiscard]] bool still_allowed(const FlowEntry& entry, const FlowKey& key, const Policy& policy,
                                 const EndpointTable* endpoints = nullptr) noexcept;

// K34, K39: a SYN or an INIT that is refused is answered in the end; what forestalls that is a SYN, SYN/ACK,
// INIT or INIT ACK from inside.
[[nodiscard]] bool wants_answer(const ParsedPacket& packet) noexcept;
[[nodiscard]] bool forestalls_answer(const ParsedPacket& packet) noexcept;

[[nodiscard]] inline bool has_expired(const FlowEntry& entry, uint32_t now_seconds) noexcept {
  return static_cast<int32_t>(now_seconds - entry.expires) >= 0;
}
[[nodiscard]] inline bool has_expired(const FlowEntry& entry, TimePoint now) noexcept {
  return has_expired(entry, coarse_seconds(now));
}

}  // namespace gate41
