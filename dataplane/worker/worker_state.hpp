// WorkerState: everything one worker owns, as its stages see it. Touched by that worker's thread alone;
// `shared` leads to the tables that control writes.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "dataplane/base/clock.hpp"
#include "dataplane/filter/endpoint_table.hpp"
#include "dataplane/filter/flow_table.hpp"
#include "dataplane/filter/fragment_table.hpp"
#include "dataplane/filter/host_flows.hpp"
#include "dataplane/filter/unanswered.hpp"
#include "dataplane/forward/adjacency.hpp"
#include "dataplane/forward/error_rate.hpp"
#include "dataplane/forward/fib.hpp"
#include "dataplane/forward/neighbour_table.hpp"
#include "dataplane/forward/site_meters.hpp"
#include "dataplane/net/reassembler.hpp"
#include "dataplane/tunnel/ip_ids.hpp"
#include "dataplane/tunnel/path_mtu_table.hpp"
#include "dataplane/worker/capture_tap.hpp"
#include "dataplane/worker/counters.hpp"
#include "dataplane/worker/drop_log.hpp"
#include "dataplane/worker/express.hpp"
#include "dataplane/worker/packet.hpp"
#include "dataplane/worker/pair_table.hpp"
#include "dataplane/worker/snapshot.hpp"
#include "dataplane/worker/team.hpp"
#include "dataplane/worker/tracer.hpp"

namespace gate41 {

// What all workers share, by reference; lives longer than the workers.
struct SharedTables {
  AdjacencyTable& adjacencies;
  NeighbourTable& neighbours;
  CaptureTap& capture;
  const PathMtuTable& path_mtus;
  HostFlows& host_flows;        // written by the first worker alone
  rte_mempool* pool = nullptr;  // for packets that the pipeline makes; private area kMbufPrivSize
  HashSecret secret;
  const std::atomic<const Fib*>* native_routes = nullptr;  // of a relay
};

// Packets on their way out of the pipeline. The caller takes them all after each run and leaves the vectors
// empty.
struct Outputs {
  std::array<std::vector<rte_mbuf*>, kMaxDevices> tx;         // by device
  std::vector<rte_mbuf*> exceptions;                          // MbufMeta filled
  std::array<std::vector<rte_mbuf*>, kMaxWorkers> handovers;  // by owner; MbufMeta filled
};

struct WorkerState {
  SharedTables shared;
  Team team;
  EndpointTable endpoints;                  // that flows were opened from; `flows` tells it what goes
  std::unique_ptr<FlowTable> flows;         // of a gateway
  Unanswered unanswered;                    // connections that were refused
  std::unique_ptr<SiteMeters> site_meters;  // of a relay
  PairTable pairs;                          // the same
  FragmentTable fragments;                  // IPv6 ones that pass
  Reassembler reassembler;                  // of outer IPv4 ones
  Reassembler own_reassembler;              // of IPv6 ones to the box itself
  ErrorRates error_rates;
  std::array<TokenBucket, kExceptionClasses> exception_rates;
  std::vector<Packet> created;     // errors made in this burst, routed at its end; capacity kept
  std::vector<rte_mbuf*> to_free;  // dropped in this burst, freed in bulk
  Outputs outputs;
  WorkerCounters counters;
  IpIds ip_ids;                 // of outer packets with DF clear
  uint16_t next_atomic_id = 0;  // of the others: nobody looks at it (RFC 6864 §4.1)
  uint64_t fragments_made = 0;  // packets of our own that were cut
  ExpressState express;
  DropLog drop_log;  // control takes from it
  Tracer tracer;     // the same
};

// One burst's surroundings: what every stage is a function of, besides its packet.
struct StageContext {
  const Snapshot& snapshot;
  WorkerState& worker;
  TimePoint now;
  uint32_t seconds;          // coarse_seconds(now)
  const Fib* native_routes;  // of a relay, or nullptr
  bool flow_opened = false;  // in this burst: its one lookup did not know of it
  bool approving = false;    // what goes the long way shows the short one (approve())
};

// Where the kernel's routes lead; none: nowhere, or there are none.
[[nodiscard]] inline RouteTarget native_target(const Ipv6Address& destination,
                                               const StageContext& context) noexcept {
  return context.native_routes == nullptr ? RouteTarget{} : context.native_routes->lookup(destination);
}

}  // namespace gate41
