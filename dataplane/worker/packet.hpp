// Packet: a received or made mbuf on its way through the stages of one burst, and the verdict of a stage.
#pragma once

#include <cstdint>

#include <rte_mbuf.h>

#include "dataplane/base/drop_reason.hpp"
#include "dataplane/filter/flow_key.hpp"
#include "dataplane/forward/adjacency.hpp"
#include "dataplane/forward/icmp_error.hpp"
#include "dataplane/net/parsed_packet.hpp"
#include "dataplane/worker/exception.hpp"

namespace gate41 {

enum class Origin : uint8_t {
  wire,     // received
  host,     // injected by control as a packet of this box
  resumed,  // waited for its neighbour
  created,  // an ICMPv6 error of ours: never answered by another
};

// Where an IPv6 packet came from and so which way it goes through the filter.
enum class Side : uint8_t { none, lan, tunnel, own };

struct Packet {
  rte_mbuf* mbuf = nullptr;
  ParsedPacket parsed;
  Origin origin = Origin::wire;
  Side from = Side::none;
  uint16_t link = 0xffff;  // ingress link (kNoIndex until parsed); egress once encapsulated
  uint16_t lan = 0;        // ingress LAN when from == lan
  uint16_t tunnel = 0;     // index of the ingress tunnel when from == tunnel
  // filter
  Direction direction = Direction::outbound;
  bool filtered = false;    // crosses the border: has or needs a flow
  bool opens_flow = false;  // decided: insert after forward let it pass
  int32_t flow = -1;
  FlowKey key;
  // forward
  bool to_peer = false;  // an answer of ours from a link-local address: to the other end of `tunnel`
  Ipv4Address asked;     // an answer of a border relay: its own address that the question was for (X27)
  AdjacencyIndex adjacency = kNoAdjacency;
  Adjacency way;               // its content, once forward has decided
  bool dont_fragment = false;  // DF besides that of the way's template (D10)
  uint16_t next_hop_scope = 0;
  Ipv6Address next_hop;  // of an unresolved neighbour
  // drops
  bool answered = false;  // `error` is owed to the sender
  IcmpError error;
};

// What a stage says of a packet. `next`: go on with the next stage. `hand_over`: the rest of its way is
// another worker's. `done`: the stage has taken the mbuf, and counted it.
struct Verdict {
  enum class Kind : uint8_t { next, drop, punt, hand_over, done } kind = Kind::next;
  DropReason reason{};
  ExceptionClass exception_class{};
  uint8_t worker = 0;

  static constexpr Verdict next() { return {}; }
  static constexpr Verdict done() { return {Kind::done, {}, {}}; }
  static constexpr Verdict drop(DropReason reason) { return {Kind::drop, reason, {}}; }
  static constexpr Verdict punt(ExceptionClass exception_class) { return {Kind::punt, {}, exception_class}; }
  static constexpr Verdict hand_over(unsigned worker) {
    return {Kind::hand_over, {}, {}, static_cast<uint8_t>(worker)};
  }
};

}  // namespace gate41
