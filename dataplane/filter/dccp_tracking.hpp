// DCCP as a firewall follows it (RFC 4340 §4.3, §5; K43..K46): by the types of packets. Sequence numbers are
// not followed, so a Reset is not believed for good: the flow gets the short timer, and goes on when both
// sides do.
#pragma once

#include <cstdint>

#include "dataplane/filter/flow_entry.hpp"
#include "dataplane/filter/flow_key.hpp"
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

enum class DccpVerdict : uint8_t {
  pass,           // part of the connection: the timer starts anew
  pass_quietly,   // may pass, but keeps nothing alive
  pass_doubtful,  // a Reset: the timer is short until the connection goes on
  refuse_invalid,
};

// The first packet of a flow: a Request or, in mid-stream from the LAN, data.
void open_dccp(FlowEntry& entry, const ParsedPacket& packet, Direction direction) noexcept;
// Every later one. A Request after the end is not its business (begins_anew).
[[nodiscard]] DccpVerdict track_dccp(FlowEntry& entry, const ParsedPacket& packet,
                                     Direction direction) noexcept;

}  // namespace gate41
