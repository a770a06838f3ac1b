// The eight stages, in order, one file each. A stage is a function of (packet, snapshot, worker state) that
// returns a verdict; only the burst loop (pipeline.cpp) knows about batches.
#pragma once

#include <cstdint>
#include <span>

#include "dataplane/worker/lookups.hpp"
#include "dataplane/worker/packet.hpp"
#include "dataplane/worker/worker_state.hpp"

namespace gate41 {

// 1 stage_receive.cpp: counts the frame, makes a chain of mbufs one.
Verdict stage_receive(Packet& packet, StageContext& context) noexcept;
// 2 stage_parse.cpp: bytes to ParsedPacket, parse errors to drop reasons, the two hashes, the link by VLAN.
Verdict stage_parse(Packet& packet, uint16_t device, StageContext& context) noexcept;
// 3 stage_classify.cpp: for us, exception, protocol 41 (parsed.layer3 stays ipv4), or IPv6 to forward.
Verdict stage_classify(Packet& packet, StageContext& context) noexcept;
// 4 stage_decapsulate.cpp: protocol 41 only: checks, ECN, then the packet counts as IPv6 from the tunnel.
Verdict stage_decapsulate(Packet& packet, StageContext& context) noexcept;
//   stage_reassemble.cpp: fragments of outer packets wait (done) until the one comes that makes them whole:
//   it goes on as the whole packet, parsed anew. expire_fragments() gives up what waits too long, a slice a
//   call. Fragments meet at one worker.
Verdict reassemble(Packet& packet, StageContext& context) noexcept;
//   The same for IPv6 fragments to one of our own addresses; afterwards the mbuf begins with the IPv6 packet.
Verdict reassemble_own(Packet& packet, StageContext& context) noexcept;
void expire_fragments(WorkerState& worker, TimePoint now) noexcept;
// 5 stage_filter.cpp: admit() decides what needs no flow and prepares the key of what does (packet.filtered);
//   stage_filter() judges after the burst's one bulk lookup; open_new_flow() inserts once forward let the
//   packet pass.
Verdict stage_admit(Packet& packet, StageContext& context) noexcept;
Verdict stage_filter(Packet& packet, StageContext& context) noexcept;
Verdict open_new_flow(Packet& packet, StageContext& context) noexcept;
// 6 stage_forward.cpp: next hop, hop limit, MTU.
Verdict stage_forward(Packet& packet, StageContext& context) noexcept;
//   stage_fragment.cpp: a reply of our own that `mtu` is too small for becomes two fragments: the packet, and
//   one in worker.created.
Verdict cut_in_two(Packet& packet, uint16_t mtu, StageContext& context) noexcept;
// 7 stage_encapsulate.cpp: the adjacency's header in front: Ethernet, or Ethernet and outer IPv4.
Verdict stage_encapsulate(Packet& packet, StageContext& context) noexcept;
// 8 stage_send.cpp: where packets leave: out of a device, to control, or dropped (with an error to the
// sender, which is
//   put into worker.created and must be routed by the caller).
void capture_received(const Packet& packet, StageContext& context) noexcept;
void send_packet(Packet& packet, StageContext& context) noexcept;
void transmit(rte_mbuf* frame, uint16_t link, StageContext& context) noexcept;       // as it is
void send_frame(rte_mbuf* untagged, uint16_t link, StageContext& context) noexcept;  // injected frames
// To control: within the rate of its class, which may_go_up() takes from, or dropped.
void punt_packet(Packet& packet, ExceptionClass exception_class, StageContext& context) noexcept;
[[nodiscard]] bool may_go_up(ExceptionClass exception_class, StageContext& context) noexcept;
void hand_up(Packet& packet, ExceptionClass exception_class, StageContext& context) noexcept;
void drop_packet(Packet& packet, DropReason reason, StageContext& context) noexcept;
// stage_hand_over.cpp: to the packet's owner (owner.hpp), and from where the giver has left off: up to
// stage 5; or, of the short way, as it came.
void hand_over(Packet& packet, unsigned owner, StageContext& context) noexcept;
void hand_over_unseen(rte_mbuf* frame, unsigned owner, StageContext& context) noexcept;
Verdict stage_take_over(Packet& packet, StageContext& context) noexcept;
// Makes the error that this packet's sender is owed (packet.error), with `offending` as what it quotes.
void answer_sender(const Packet& packet, Bytes offending, StageContext& context) noexcept;
// An attempt to open a connection that the filter has refused, and nobody inside wanted (K34, K39).
void tell_refused(const Unanswered::Attempt& attempt, StageContext& context) noexcept;
// stage_outer_fragment.cpp: what is too long for its link.
void send_in_fragments(Packet& packet, StageContext& context) noexcept;

// stage_own.cpp: an IPv6 packet for one of our own addresses, from whichever side: echo, answers to our
// flows, or nothing.
Verdict stage_own(Packet& packet, StageContext& context) noexcept;

// stage_express.cpp: the short way of plain packets of established flows, around stages 1 to 6.
//   begin_express(): may frames of this burst take it?
//   board_express(): fills the packets of plain frames for the burst's lookup; says which, and whose.
//   stage_express(): after the lookup, which found `flow` or, negative, none. done: sent. drop: refused by
//   the flow's state, and not counted yet. next: nothing was done, and the frame takes the long way from
//   stage 1 on.
//   approve(): what came the long way has shown how its flow's packets may come.
[[nodiscard]] bool begin_express(uint16_t device, StageContext& context) noexcept;
[[nodiscard]] Boarded board_express(std::span<rte_mbuf*> frames, std::span<ExpressPacket, kBurst> packets,
                                    Lookups& lookups, StageContext& context) noexcept;
Verdict stage_express(const ExpressPacket& packet, int32_t flow, StageContext& context) noexcept;
void approve(const Packet& packet, StageContext& context) noexcept;

// Counted where stage 2 and stage 4 let a packet pass; its hop limit where it is forwarded (D12).
void count_received(const Packet& packet, StageContext& context) noexcept;
void count_decapsulated(const Packet& packet, StageContext& context) noexcept;
void decrement_hop_limit(Packet& packet) noexcept;

// Bytes of a packet's mbuf from `offset` on (single segment, after stage_receive).
[[nodiscard]] inline Bytes bytes_from(const Packet& packet, uint16_t offset) noexcept {
  const auto* data = rte_pktmbuf_mtod(packet.mbuf, const uint8_t*);
  const std::size_t length = rte_pktmbuf_data_len(packet.mbuf);
  return offset > length ? Bytes{} : Bytes(data + offset, length - offset);
}
// The IPv6 packet alone, without what is in front or padding behind; lengths were proved by the parser.
[[nodiscard]] inline std::span<uint8_t> ipv6_bytes(const Packet& packet) noexcept {
  return {rte_pktmbuf_mtod_offset(packet.mbuf, uint8_t*, packet.parsed.v6.offset),
          packet.parsed.v6.total_length()};
}

// A drop whose sender is told by an ICMPv6 error.
inline Verdict refuse(Packet& packet, DropReason reason, const IcmpError& error) noexcept {
  packet.answered = true;
  packet.error = error;
  return Verdict::drop(reason);
}
// The same, but silent towards the tunnel (X24).
inline Verdict refuse_lan(Packet& packet, DropReason reason, const IcmpError& error) noexcept {
  return packet.from == Side::lan ? refuse(packet, reason, error) : Verdict::drop(reason);
}

}  // namespace gate41
