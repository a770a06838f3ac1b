// SCTP as a firewall follows it (RFC 9260; K38..K42): which chunk a packet begins with says where its
// association is, verification tags say whether it belongs to it. One table for all states.
//
// A tag is the receiver's choice: the initiate tag of an INIT or INIT ACK is what packets of the other
// direction must carry (§3.3.2). Tags of a second handshake (a restart, §5.2.2; both sides beginning, §5.2.1;
// an INIT that is sent again) stand aside, and are taken beside the current ones until a COOKIE ECHO with
// them comes. What was met in mid-stream is known by the first tag of each direction.
#pragma once

#include <cstdint>

#include "dataplane/filter/flow_entry.hpp"
#include "dataplane/filter/flow_key.hpp"
#include "dataplane/filter/track_verdict.hpp"
#include "dataplane/net/parsed_packet.hpp"

namespace gate41 {

// What a packet is by its first chunk. `data`: all that do not matter here (SACK, HEARTBEAT, ...).
enum class SctpKind : uint8_t {
  data,
  init,
  init_ack,
  cookie_echo,
  cookie_ack,
  error,
  shutdown,
  shutdown_ack,
  shutdown_complete,
  abort,
  invalid,  // no chunk that fits, not alone where it must be (§6.10), tags of INIT wrong (§8.5.1, §3.3.2)
};
[[nodiscard]] SctpKind classify_sctp(const SctpFields& sctp) noexcept;
// In mid-stream, from the LAN: may it begin a flow?
[[nodiscard]] bool picks_up(SctpKind kind) noexcept;

// The first packet of a flow: an INIT, or in mid-stream what picks_up() says.
void open_sctp(FlowEntry& entry, const ParsedPacket& packet, Direction direction) noexcept;
// Every later one. An INIT after the end is not its business (begins_anew).
[[nodiscard]] TrackVerdict track_sctp(FlowEntry& entry, const ParsedPacket& packet,
                                      Direction direction) noexcept;

}  // namespace gate41
