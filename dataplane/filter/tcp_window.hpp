// The sequence space of a connection (RFC 9293 §3.4, RFC 7323 §2; the method of "Real Stateful TCP Packet
// Filtering in IP Filter", G. van Rooij, 2001): what each side has sent, what the other has granted it.
// Checked only where the handshake with its window scales was seen (K32).
#pragma once

#include <cstdint>

#include "dataplane/filter/flow_entry.hpp"
#include "dataplane/filter/flow_key.hpp"
#include "dataplane/net/parsed_packet.hpp"

namespace gate41 {

inline constexpr uint8_t kNoWindowScale = 0xff;
inline constexpr uint8_t kMaxWindowScale = 14;  // RFC 7323 §2.3

// One segment in sequence space: [begin, end), SYN and FIN count one each.
struct Segment {
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t ack = 0;
  uint32_t window = 0;  // scaled
  uint8_t scale_option = kNoWindowScale;
  bool has_ack = false;
  bool syn = false;
};

// `scale`: the sender's. The window of a SYN is never scaled (RFC 7323 §2.2).
[[nodiscard]] Segment segment_of(const Layer4Fields& l4, uint8_t scale) noexcept;
[[nodiscard]] uint8_t known_scale(const FlowEntry& entry, Direction sender) noexcept;

// The opener's SYN.
void begin_window(FlowEntry& entry, const Segment& segment, Direction sender) noexcept;
// The other side's SYN: the scales hold from here on, if both have sent one.
void answer_window(FlowEntry& entry, const Segment& segment, Direction sender) noexcept;
// A segment of a connection whose handshake was not seen: what it sends and what it acknowledges are all that
// is known.
void begin_midstream(FlowEntry& entry, const Segment& segment, Direction sender) noexcept;
// Does the acknowledgement cover the SYN that the other side has sent (and, of its data, at most all)?
[[nodiscard]] bool acknowledges_syn(const FlowEntry& entry, const Segment& segment,
                                    Direction sender) noexcept;

[[nodiscard]] bool in_window(const FlowEntry& entry, const Segment& segment, Direction sender) noexcept;
// K55: checked even where the scale is unknown; then by the unscaled windows, which are the least that was
// granted.
[[nodiscard]] bool reset_in_window(const FlowEntry& entry, const Segment& segment, Direction sender) noexcept;
void advance_window(FlowEntry& entry, const Segment& segment, Direction sender) noexcept;

}  // namespace gate41
