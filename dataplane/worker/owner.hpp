// Whose a packet is (K56; design §2 "Flow ownership"): which worker has, or would have, what is remembered of
// packets like this one. Pure functions of packet, snapshot and team; with one worker everything is its own.
//
// The two directions of a flow, its fragments and the errors about it are one worker's, though they come by
// different queues: addresses alone decide, those of the packet inside the tunnel.
#pragma once

#include "dataplane/worker/packet.hpp"
#include "dataplane/worker/worker_state.hpp"

namespace gate41 {

// Of an outer packet, before stage 4 looks at it: fragments of one datagram meet; so does all of a site whose
// rate is limited.
[[nodiscard]] unsigned owner_of_outer(const Packet& packet, const StageContext& context) noexcept;
// Of an IPv6 packet that is to be forwarded, once `parsed.pair_hash` is that of its flow: an ICMPv6 error's
// is that of the packet that it quotes. With endpoint-independent filtering (K11) the interior address alone
// decides. A relay has no flows: whoever has the packet keeps it, unless the
// work is to be shared out.
[[nodiscard]] unsigned owner_of_inner(const Packet& packet, const StageContext& context) noexcept;
// The same of a packet of the short way.
[[nodiscard]] unsigned owner_of_express(const FlowKey& key, uint64_t pair_hash,
                                        const StageContext& context) noexcept;
// Of an IPv6 fragment to one of our own addresses.
[[nodiscard]] unsigned owner_of_own_fragment(const Packet& packet, const StageContext& context) noexcept;

// What a stage says of a packet that is `owner`'s.
[[nodiscard]] inline Verdict pass_to(unsigned owner, const StageContext& context) noexcept {
  return owner == context.worker.team.index ? Verdict::next() : Verdict::hand_over(owner);
}

}  // namespace gate41
