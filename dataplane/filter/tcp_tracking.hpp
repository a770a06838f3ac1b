// TCP as a firewall follows it (RFC 9293 §3.3.2, §3.5; K31, K32, K55): a constant table says which segments
// may come in which state, the window says whether they belong to this connection.
//
// "Opener" is the side whose SYN made the entry. Two kinds of segments pass without an effect on the
// connection, for a host that has lost its state must be able to begin again (RFC 9293 §3.5.1, RFC 5961 §4);
// `FlowEntry::aside` remembers them:
//   in tcp_syn_sent  the acknowledgement of an answer that does not fit our SYN: the opener resets with that
//   sequence later            the end of another SYN of the opener: a peer that has forgotten the connection
//   answers to it
#pragma once

#include <cstdint>

#include "dataplane/filter/flow_entry.hpp"
#include "dataplane/filter/flow_key.hpp"
#include "dataplane/filter/track_verdict.hpp"
#include "dataplane/net/parsed_packet.hpp"

namespace gate41 {

// Flags that matter; PSH, URG, ECE, CWR do not.
enum class TcpSegment : uint8_t { syn, syn_ack, ack, fin, rst, invalid };
[[nodiscard]] TcpSegment classify_tcp(uint8_t flags) noexcept;

// The first segment of a flow: a SYN, or an ACK in mid-stream.
void open_tcp(FlowEntry& entry, const ParsedPacket& packet, Direction direction) noexcept;
// Every later one. A SYN after the end is not its business (begins_anew).
[[nodiscard]] TrackVerdict track_tcp(FlowEntry& entry, const ParsedPacket& packet,
                                     Direction direction) noexcept;

}  // namespace gate41
