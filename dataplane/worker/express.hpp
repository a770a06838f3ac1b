// What the short way (stage_express.cpp) works with: a packet of it, one cache line; adjacencies as it uses
// them; and what has passed but stands in no counter yet. A worker's own.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <rte_mbuf.h>

#include "dataplane/base/cache_line.hpp"
#include "dataplane/filter/flow_key.hpp"
#include "dataplane/forward/adjacency.hpp"
#include "dataplane/net/parsed_packet.hpp"
#include "dataplane/worker/snapshot.hpp"

namespace gate41 {

// A plain frame (net/plain_frame.hpp) between boarding and the burst's lookup.
struct alignas(kCacheLine) ExpressPacket {
  FlowKey key;  // at a relay the addresses alone
  rte_mbuf* mbuf;
  uint32_t signature;             // of the flow, or, at a relay, of the two addresses
  Ipv4Address outer_source;       // where it is inbound; else 0.0.0.0
  Ipv4Address outer_destination;  // where it is inbound
  uint16_t payload_length;
  uint8_t traffic_class;
  Direction direction;  // outbound: bare from a LAN; inbound: out of a tunnel
};
static_assert(sizeof(ExpressPacket) == kCacheLine);

// Packets that go through the stages together.
inline constexpr std::size_t kBurst = 32;

// A bit for each frame of a burst: it takes the short way; it is another worker's, and whose then.
struct Boarded {
  uint32_t here = 0, elsewhere = 0;
  std::array<uint8_t, kBurst> owners;
};

// Packets, and their bytes from the IPv6 header on.
struct Passed {
  uint32_t packets = 0;
  uint64_t bytes = 0;
  void add(uint32_t length) noexcept {
    ++packets;
    bytes += length;
  }
};

// An adjacency, read once while its version stands: what a packet needs of it in the form that it needs.
struct alignas(kCacheLine) ExpressWay {
  AdjacencyIndex index = kNoAdjacency;
  AdjacencyKind kind = AdjacencyKind::unresolved;  // unresolved: not for the short way
  uint8_t tunnel = 0;                              // of the tunnel kinds
  uint16_t header_length = 0;
  uint64_t version = 0;
  uint16_t longest = 0;  // IPv6 packet that leaves whole
  uint16_t link = 0;
  std::vector<rte_mbuf*>* out = nullptr;  // of its device
  uint32_t neighbour = 0;                 // slot to stamp
  Passed passed;
  // Of the tunnel kinds: the outer header in words as they stand on the wire, but for what each packet has of
  // its own: length, ToS, identification, checksum, and with tunnel_direct the destination.
  uint8_t tos_copied = 0;  // bits of the ToS that are the traffic class'
  bool dont_fragment = false;
  uint32_t first = 0;   // version, ToS
  uint32_t second = 0;  // DF
  uint64_t middle = 0;  // TTL, protocol, source
  uint32_t destination = 0;
  uint64_t sum = 0;                    // of all these
  uint32_t ids = 0;                    // bucket of identifications of `destination`
  uint32_t fast_passed = 0;            // of `passed`, those whose identifications came too fast (Q4)
  std::array<uint8_t, 24> ethernet{};  // ends where the packet behind it begins
};

// What has come by one way into the box.
struct ExpressArrivals {
  uint16_t tunnel = 0xffff;
  bool native_by_stranger = false;  // native sources count as another relay's (S24)
  Ipv4Address outer_source;
  Passed passed;
  uint32_t by_other_relay = 0;
};

struct ExpressState {
  static constexpr std::size_t kWays = 256;  // of a LAN of as many hosts each has its own; 32 KiB
  uint64_t generation = 0;                   // of the snapshot that `epoch` and `ways` belong to
  uint32_t epoch = 0;                        // its number; 0: none yet
  uint16_t flow_epoch = 0;                   // the same for FlowTable::approve
  const Link* from = nullptr;                // the burst's link, and its index
  uint16_t link = 0;
  Passed received;                     // frames, whole
  std::array<ExpressWay, kWays> ways;  // by the low bits of their index
  // By the burst: those to settle, one perhaps twice, as many at most as it has packets.
  std::array<ExpressWay*, kBurst> touched;
  std::size_t touched_count = 0;
  void touch(ExpressWay& way) noexcept { touched[touched_count++] = &way; }
  ExpressArrivals arrivals;
  ParsedPacket segment;  // what tracking a TCP connection asks for, and nothing else of it
};

}  // namespace gate41
