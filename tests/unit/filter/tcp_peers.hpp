// A TCP connection between the host and the server, as segments through the filter. Sequence numbers of the
// host begin at 1000, of the server at 5000; both sides count what they have sent.
#pragma once

#include <array>

#include "tests/unit/filter/site.hpp"

namespace gate41::testing {

inline constexpr uint8_t kSyn = tcp_flag::kSyn;
inline constexpr uint8_t kAck = tcp_flag::kAck;
inline constexpr uint8_t kFinAck = tcp_flag::kFin | tcp_flag::kAck;
inline constexpr uint8_t kSynAck = tcp_flag::kSyn | tcp_flag::kAck;
inline constexpr uint8_t kRst = tcp_flag::kRst;
inline constexpr uint8_t kRstAck = tcp_flag::kRst | tcp_flag::kAck;
inline constexpr std::array<uint32_t, 2> kIsn = {1000, 5000};

struct Connection : Flow {
  std::array<uint32_t, 2> next = kIsn;
  uint16_t window = 65535;
  std::array<uint8_t, 2> syn_scale = {0xff, 0xff};  // the option of each side's SYN; 0xff = absent

  // A segment that follows on what its sender has sent, and acknowledges all that the other has sent.
  std::optional<DropReason> segment(Direction direction, uint8_t flags, uint32_t length = 0) {
    const std::size_t self = index_of(direction);
    TcpFields fields{flags, next[self], 0, window};
    if ((flags & kAck) != 0) fields.acknowledgement = next[index_of(opposite(direction))];
    ParsedPacket packet = tcp(direction, fields, length);
    if ((flags & kSyn) != 0) packet.l4.tcp_window_scale = syn_scale[self];
    const auto reason = send(packet, direction);
    next[self] += length + ((flags & (kSyn | tcp_flag::kFin)) != 0 ? 1 : 0);
    return reason;
  }
  // A segment with these very numbers.
  std::optional<DropReason> exact(Direction direction, uint8_t flags, uint32_t sequence, uint32_t ack,
                                  uint32_t length = 0) {
    return send(tcp(direction, {flags, sequence, ack, window}, length), direction);
  }
  void handshake(Direction opener = kOut) {
    segment(opener, kSyn);
    segment(opposite(opener), kSynAck);
    segment(opener, kAck);
  }
  [[nodiscard]] FlowState state() const { return entry.state; }
};

}  // namespace gate41::testing
