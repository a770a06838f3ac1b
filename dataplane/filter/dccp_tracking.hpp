// DCCP as a firewall follows it (RFC 4340 §4.3, §5; K43..K46): by the types of packets. Sequence numbers are
// not followed, so a Reset is not believed for good: the flow gets the short timer, and goes on when both
// sides do.
#pragma once

#include <cstdint>

#include "dataplane/filter/flow_entry.hpp"
#include "dataplane/filter/flow_key.hpp"
#include "dataplane/filter/track_verdict.hpp"
#include "dataplane/net/parsed_packet.hpp"

namespace gate41 {

enum class DccpKind : uint8_t {
  request,
  response,
  data,   // Data, Ack, DataAck
  sync,   // Sync, SyncAck
  close,  // CloseReq, Close
  reset,
  invalid,  // a type that there is not, or X and data offset that it cannot have (§5.1)
};
[[nodiscard]] DccpKind classify_dccp(const DccpFields& dccp) noexcept;

// The first packet of a flow: a Request or, in mid-stream from the LAN, data.
void open_dccp(FlowEntry& entry, const ParsedPacket& packet, Direction direction) noexcept;
// Every later one. A Request after the end is not its business (begins_anew).
[[nodiscard]] TrackVerdict track_dccp(FlowEntry& entry, const ParsedPacket& packet,
                                      Direction direction) noexcept;

}  // namespace gate41
