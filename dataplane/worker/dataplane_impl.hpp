// What stands behind Dataplane; only dataplane*.cpp use it. Members are in the order in which they are made.
// They go with the process, not one by one: see Dataplane::stop().
#pragma once

#include <optional>

#include "dataplane/port/eal.hpp"
#include "dataplane/port/ports.hpp"
#include "dataplane/worker/capture_thread.hpp"
#include "dataplane/worker/dataplane.hpp"
#include "dataplane/worker/request_desk.hpp"
#include "dataplane/worker/route_store.hpp"
#include "dataplane/worker/snapshot_store.hpp"
#include "dataplane/worker/worker_loop.hpp"

struct rte_mempool;

namespace gate41 {

// Flows of this box itself that are remembered.
inline constexpr std::size_t kHostFlows = 1024;

struct Worker {
  unsigned lcore = 0;
  std::unique_ptr<WorkerRings> rings;
  std::unique_ptr<Pipeline> pipeline;
  std::unique_ptr<WorkerLoop> loop;
};

[[nodiscard]] std::vector<std::string> link_names(const Snapshot& snapshot);

struct PoolDeleter {
  void operator()(rte_mempool* pool) const noexcept;
};

struct Dataplane::Impl {
  EalPlan plan;
  std::unique_ptr<Eal> eal;
  int numa_node = 0;                       // of the first worker; what all share is there
  HashSecret secret = draw_hash_secret();  // the same for all workers
  std::unique_ptr<rte_mempool, PoolDeleter> pool;
  CaptureTap tap;
  std::unique_ptr<CaptureThread> capture;
  uint64_t captured = 0;  // by the last capture, once it is gone
  std::optional<AdjacencyTable> adjacencies;
  PathMtuTable path_mtus{secret};
  std::unique_ptr<NeighbourTable> neighbours;
  HostFlows host_flows{kHostFlows, secret};
  std::unique_ptr<Grace> grace;
  std::optional<SnapshotStore> snapshots;
  std::unique_ptr<RouteStore> routes;  // of a relay
  Doorbell bell;                       // control's: exceptions or answers wait
  std::vector<Worker> workers;
  std::optional<RequestDesk> desk;
  std::unique_ptr<Ports> ports;
  uint64_t injections_refused = 0;
  bool running = false;

  // dataplane_start.cpp
  Result<void> build(const config::Config& config);
  Result<void> make_pool();
  Result<void> make_tables(const config::Config& config, unsigned team);
  [[nodiscard]] std::vector<unsigned> lcores_of_workers(const config::Config& config) const;
  Result<void> start_ports(const config::Config& config, const Machine& machine, unsigned team);
  Result<void> add_workers(const config::Config& config, const std::vector<unsigned>& lcores);
  Result<void> add_worker(const config::Config& config, unsigned lcore, Team team);
  void add_loops();
  void announce() const;
  [[nodiscard]] uint64_t flow_memory() const;
  // dataplane_stop.cpp
  [[nodiscard]] bool stop_workers();
  void free_ended_capture();
  // dataplane_inject.cpp
  [[nodiscard]] rte_mbuf* copy_in(std::span<const uint8_t> bytes, InjectKind kind, uint16_t link);
  bool post(rte_mbuf* mbuf);
  bool post_back(rte_mbuf* mbuf);
};

}  // namespace gate41
