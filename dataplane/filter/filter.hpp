// The decisions of the strict profile (S65..S67, K1..K7, K10..K19, K31..K37, K51, K53, K55, K58, J rows), one packet at a
// time; bulk lookups are the stage's business (worker/stage_filter). Pure functions of (packet, policy, entry, time).
//
// A packet's way: sanity (policy_check) -> [ICMPv6 error: related_key -> lookup -> pass or filter_error_unrelated]
//   -> lookup -> hit: track -> miss: decide_new -> (after forward has let it pass) open_flow on the inserted entry.
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

// K1..K4, K7, J4..J9: what never crosses the border in this direction, whatever the state. Source-prefix checks
// (K5, K6, P14) are the caller's, who knows the prefixes.
[[nodiscard]] std::optional<DropReason> policy_check(const ParsedPacket& packet, Direction direction,
                                                     const LabAllow& lab) noexcept;

// ICMPv6 errors of J1/J2 types: true; they are matched by the packet that they quote.
[[nodiscard]] bool is_icmpv6_error(const ParsedPacket& packet) noexcept;

// A miss: may this packet open a flow? nullopt = yes.
// Outbound: all but TCP that is not a SYN or acceptable mid-stream pick-up (K58: an ACK without SYN/RST/FIN), invalid
// TCP flags, and later fragments. Inbound: only by a pinhole or allow_echo.
[[nodiscard]] std::optional<DropReason> decide_new(const ParsedPacket& packet, Direction direction,
                                                   const Policy& policy) noexcept;

// Fills the freshly inserted entry from its first packet.
void open_flow(FlowEntry& entry, const ParsedPacket& packet, Direction direction, const Policy& policy,
               TimePoint now) noexcept;

// A hit: follows the state, refreshes the timer, counts bytes (`ipv6_length`), or says why the packet is not part of the flow.
// A TCP flow in tcp_closed or tcp_closing that sees a new valid SYN from the interior is opened again.
[[nodiscard]] std::optional<DropReason> track(FlowEntry& entry, const ParsedPacket& packet, Direction direction,
                                              const Policy& policy, TimePoint now) noexcept;

// Does the entry still pass under the moved policy epoch? Pinhole flows are looked up again; others pass.
[[nodiscard]] bool still_allowed(const FlowEntry& entry, const FlowKey& key, const Policy& policy) noexcept;

[[nodiscard]] inline bool has_expired(const FlowEntry& entry, TimePoint now) noexcept {
  return static_cast<int32_t>(coarse_seconds(now) - entry.expires) >= 0;
}

}  // namespace gate41
