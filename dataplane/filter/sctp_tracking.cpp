#include "dataplane/filter/sctp_tracking.hpp"

#include <array>
#include <memory>

namespace gate41 {
namespace {

// RFC 9260 §3.2, by number; what is behind is data.
constexpr std::array kKinds = {
    SctpKind::data,              // DATA
    SctpKind::init,              // INIT
    SctpKind::init_ack,          // INIT ACK
    SctpKind::data,              // SACK
    SctpKind::data,              // HEARTBEAT
    SctpKind::data,              // HEARTBEAT ACK
    SctpKind::abort,             // ABORT
    SctpKind::shutdown,          // SHUTDOWN
    SctpKind::shutdown_ack,      // SHUTDOWN ACK
    SctpKind::error,             // ERROR
    SctpKind::cookie_echo,       // COOKIE ECHO
    SctpKind::cookie_ack,        // COOKIE ACK
    SctpKind::data,              // ECNE
    SctpKind::data,              // CWR
    SctpKind::shutdown_complete  // SHUTDOWN COMPLETE
};
constexpr uint8_t kFlagT = 1;  // §3.3.7, §3.3.13: the tag is the peer's

constexpr uint8_t bit_of(Direction direction) noexcept {
  return static_cast<uint8_t>(1U << index_of(direction));
}

bool is_known(uint8_t which, Direction direction) noexcept { return (which & bit_of(direction)) != 0; }

void set_tag(SctpAssociation& a, Direction direction, uint32_t tag) noexcept {
  a.tag[index_of(direction)] = tag;
  a.known |= bit_of(direction);
}

void set_aside(SctpAssociation& a, Direction direction, uint32_t tag) noexcept {
  a.aside[index_of(direction)] = tag;
  a.aside_known |= bit_of(direction);
}

bool is_current(const SctpAssociation& a, Direction direction, uint32_t tag) noexcept {
  return is_known(a.known, direction) && a.tag[index_of(direction)] == tag;
}

bool is_aside(const SctpAssociation& a, Direction direction, uint32_t tag) noexcept {
  return is_known(a.aside_known, direction) && a.aside[index_of(direction)] == tag;
}

bool may_reflect(SctpKind kind) noexcept {
  return kind == SctpKind::abort || kind == SctpKind::shutdown_complete;
}

// Whose tag a packet carries: that of its own direction or, reflected, of the other one (§8.5.1).
Direction tag_direction(const SctpFields& sctp, SctpKind kind, Direction direction) noexcept {
  const bool reflected = may_reflect(kind) && (sctp.chunk_flags & kFlagT) != 0;
  return reflected ? opposite(direction) : direction;
}

// The second handshake has won: its tags are the association's.
void promote_aside(SctpAssociation& a) noexcept {
  for (const Direction direction : {Direction::outbound, Direction::inbound})
    if (is_known(a.aside_known, direction)) set_tag(a, direction, a.aside[index_of(direction)]);
  a.aside_known = 0;
}

// Only the first answer makes a current tag: the server may choose another one for an INIT that is sent
// again.
void answer_init(SctpAssociation& a, const SctpFields& sctp, Direction direction) noexcept {
  const Direction other = opposite(direction);
  const bool first = !is_known(a.known, other) && is_current(a, direction, sctp.tag);
  if (first)
    set_tag(a, other, sctp.initiate_tag);
  else
    set_aside(a, other, sctp.initiate_tag);
}

// Established once both sides have gone on from the handshake, and its cookie was among that; in mid-stream
// once both were seen.
void go_on(FlowEntry& entry, SctpKind kind, Direction direction) noexcept {
  SctpAssociation& a = entry.sctp;
  a.seen |= bit_of(direction);
  if (kind == SctpKind::cookie_echo || kind == SctpKind::cookie_ack) a.confirmed = true;
  const bool both = a.seen == (bit_of(Direction::outbound) | bit_of(Direction::inbound));
  if (entry.state == FlowState::sctp_opening && both && a.confirmed)
    entry.state = FlowState::sctp_established;
}

// A handshake during the end of an association begins another one (§5.2.4).
void begin_again(FlowEntry& entry) noexcept {
  promote_aside(entry.sctp);
  if (entry.state == FlowState::sctp_established) return;
  entry.state = FlowState::sctp_opening;
  entry.sctp.seen = 0;
}

// A packet whose tag is current.
TrackVerdict advance(FlowEntry& entry, const SctpFields& sctp, SctpKind kind, Direction direction) noexcept {
  switch (kind) {
    case SctpKind::init_ack:
      answer_init(entry.sctp, sctp, direction);
      break;
    case SctpKind::shutdown:
    case SctpKind::shutdown_ack:
      go_on(entry, kind, direction);
      if (entry.state != FlowState::sctp_closed) entry.state = FlowState::sctp_closing;
      break;
    case SctpKind::abort:
    case SctpKind::shutdown_complete:
      entry.state = FlowState::sctp_closed;
      break;
    default:
      go_on(entry, kind, direction);
  }
  return TrackVerdict::pass;
}

// A packet whose tag stands aside: an end of the second handshake ends nothing else. Where no tag of that
// direction is known, both sides have begun at once and the answer that names it was lost before it came
// here: it is the one.
TrackVerdict follow_aside(FlowEntry& entry, const SctpFields& sctp, SctpKind kind,
                          Direction direction) noexcept {
  if (kind == SctpKind::init_ack) answer_init(entry.sctp, sctp, direction);
  if (kind == SctpKind::init_ack || may_reflect(kind)) return TrackVerdict::pass_quietly;
  if (kind == SctpKind::cookie_echo)
    begin_again(entry);
  else if (!is_known(entry.sctp.known, direction))
    set_tag(entry.sctp, direction, sctp.tag);
  else
    return TrackVerdict::pass_quietly;
  return advance(entry, sctp, kind, direction);
}

}  // namespace

SctpKind classify_sctp(const SctpFields& sctp) noexcept {
  if (!sctp.has_chunk) return SctpKind::invalid;
  const SctpKind kind = sctp.chunk < kKinds.size() ? kKinds[sctp.chunk] : SctpKind::data;
  const bool begins = kind == SctpKind::init;
  const bool lonely = begins || kind == SctpKind::init_ack || kind == SctpKind::shutdown_complete;
  if (lonely && !sctp.alone) return SctpKind::invalid;
  return begins && (sctp.tag != 0 || sctp.initiate_tag == 0) ? SctpKind::invalid : kind;
}

bool picks_up(SctpKind kind) noexcept {
  return kind == SctpKind::data || kind == SctpKind::cookie_echo || kind == SctpKind::shutdown;
}

void open_sctp(FlowEntry& entry, const ParsedPacket& packet, Direction direction) noexcept {
  const SctpFields& sctp = packet.l4.sctp;
  const SctpKind kind = classify_sctp(sctp);
  std::construct_at(&entry.sctp);
  entry.state = FlowState::sctp_opening;
  if (kind == SctpKind::init) return set_tag(entry.sctp, opposite(direction), sctp.initiate_tag);
  entry.flags |= flow_flag::kPickedUp;
  entry.sctp.confirmed = true;
  set_tag(entry.sctp, direction, sctp.tag);
  (void)advance(entry, sctp, kind, direction);
}

TrackVerdict track_sctp(FlowEntry& entry, const ParsedPacket& packet, Direction direction) noexcept {
  const SctpFields& sctp = packet.l4.sctp;
  const SctpKind kind = classify_sctp(sctp);
  SctpAssociation& a = entry.sctp;
  if (kind == SctpKind::invalid) return TrackVerdict::refuse_invalid;
  if (kind == SctpKind::init) {
    set_aside(a, opposite(direction), sctp.initiate_tag);
    return TrackVerdict::pass_quietly;
  }
  const Direction tagged = tag_direction(sctp, kind, direction);
  const bool learns = (entry.flags & flow_flag::kPickedUp) != 0 && tagged == direction;
  if (learns && !is_known(a.known, direction)) set_tag(a, direction, sctp.tag);
  if (is_current(a, tagged, sctp.tag)) return advance(entry, sctp, kind, direction);
  if (is_aside(a, tagged, sctp.tag)) return follow_aside(entry, sctp, kind, direction);
  return TrackVerdict::refuse_stranger;
}

}  // namespace gate41
