// Dataplane from configuration to running workers.
#include <cassert>
#include <fmt/core.h>
#include <fmt/ranges.h>

#include <rte_errno.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>
#include <rte_version.h>

#include "dataplane/base/log.hpp"
#include "dataplane/worker/dataplane_impl.hpp"
#include "dataplane/worker/telemetry.hpp"

namespace gate41 {
namespace {

static_assert(RTE_MAX_ETHPORTS <= kMaxDevices);  // outputs are found by DPDK's numbers

constexpr unsigned kPoolCache = 256;
constexpr uint32_t kNeighbours = 16384;

int run_loop(void* loop) {
  static_cast<WorkerLoop*>(loop)->run();
  return 0;
}

ErrorRates error_rates(const config::Config& config) {
  return config.role == config::Role::relay ? relay_error_rates() : gateway_error_rates();
}

// Whether a limit is set or not: a reload may bring one, and workers allocate nothing.
std::unique_ptr<SiteMeters> site_meters(const config::Config& config, const HashSecret& secret) {
  return config.role == config::Role::relay ? std::make_unique<SiteMeters>(secret) : nullptr;
}

}  // namespace

void PoolDeleter::operator()(rte_mempool* pool) const noexcept { rte_mempool_free(pool); }

Result<std::unique_ptr<Dataplane>> Dataplane::create(const config::Config& config) {
  std::unique_ptr<Dataplane> dataplane(new Dataplane);
  if (Result<void> built = dataplane->impl_->build(config); !built) return tl::unexpected(built.error());
  return dataplane;
}

Result<void> Dataplane::Impl::build(const config::Config& config) {
  if (config.ports.size() > kMaxLinks)
    return fail(
        fmt::format("ports: {} are configured; at most {} are possible", config.ports.size(), kMaxLinks));
  const Machine machine = read_machine();
  if (Result<void> devices = check_devices(config, machine); !devices) return devices;
  Result<EalPlan> planned = plan_eal(config, machine);
  if (!planned) return tl::unexpected(planned.error());
  plan = std::move(*planned);
  may_nap = config.rx_mode == config::RxMode::adaptive;
  Result<std::unique_ptr<Eal>> started = Eal::start(plan);
  if (!started) return tl::unexpected(started.error());
  eal = std::move(*started);
  const unsigned lcore = eal->worker_lcores().front();
  numa_node = static_cast<int>(rte_lcore_to_socket_id(lcore));
  if (Result<void> made = make_pool().and_then([&] { return make_tables(config); }); !made) return made;

  Result<std::unique_ptr<Ports>> opened =
      Ports::start(config, {.queues = 1, .pool = pool.get(), .numa_node = numa_node});
  if (!opened) return tl::unexpected(opened.error());
  ports = std::move(*opened);
  if (Result<void> added = add_worker(config, lcore); !added) return added;
  std::vector<WorkerRings*> rings;
  for (const Worker& worker : workers) rings.push_back(worker.rings.get());
  desk.emplace(std::move(rings));
  announce();
  return {};
}

// One pool for all: what a device receives, another sends and frees in bulk.
Result<void> Dataplane::Impl::make_pool() {
  pool.reset(rte_pktmbuf_pool_create("packets", plan.memory.buffers, kPoolCache, kMbufPrivSize,
                                     RTE_MBUF_DEFAULT_BUF_SIZE, numa_node));
  if (pool) return {};
  return fail(fmt::format("no memory for {} packet buffers: {}; raise eal.memory", plan.memory.buffers,
                          rte_strerror(rte_errno)));
}

Result<void> Dataplane::Impl::make_tables(const config::Config& config) {
  Result<std::unique_ptr<NeighbourTable>> table =
      NeighbourTable::create("neighbours", kNeighbours, numa_node, secret);
  if (!table) return tl::unexpected(table.error());
  neighbours = std::move(*table);
  Result<std::unique_ptr<Grace>> made = Grace::create(1, numa_node);
  if (!made) return tl::unexpected(made.error());
  grace = std::move(*made);
  snapshots.emplace(*grace);
  if (config.relay) {
    Result<std::unique_ptr<RouteStore>> store = RouteStore::create(*grace, config.relay->max_routes);
    if (!store) return tl::unexpected(store.error());
    routes = std::move(*store);
  }
  return bell.open();
}

Result<void> Dataplane::Impl::add_worker(const config::Config& config, unsigned lcore) {
  const auto index = static_cast<unsigned>(workers.size());
  std::unique_ptr<FlowTable> flows;
  if (plan.memory.max_flows > 0) {
    Result<std::unique_ptr<FlowTable>> table =
        FlowTable::create(fmt::format("flows{}", index), plan.memory.max_flows, numa_node);
    if (!table) return tl::unexpected(table.error());
    flows = std::move(*table);
  }
  Result<std::unique_ptr<WorkerRings>> rings = WorkerRings::create(index, numa_node);
  if (!rings) return tl::unexpected(rings.error());
  Worker& worker = workers.emplace_back();
  worker.lcore = lcore;
  worker.rings = std::move(*rings);
  worker.pipeline =
      std::make_unique<Pipeline>(SharedTables{adjacencies, *neighbours, tap, path_mtus, host_flows,
                                              pool.get(), secret, routes ? &routes->current() : nullptr},
                                 std::move(flows), site_meters(config, secret), error_rates(config));
  worker.loop = std::make_unique<WorkerLoop>(
      WorkerSurroundings{index, ports->ids(), ports->links(), snapshots->current(), *grace, *worker.rings,
                         bell, may_nap},
      *worker.pipeline);
  return {};
}

void Dataplane::Impl::announce() const {
  log_notice("data path: {}, {} MiB of {}, {} packet buffers, {} flows; worker on core {}, control on {}",
             rte_version(), plan.memory.memory / kMebibyte, plan.huge_pages ? "huge pages" : "plain memory",
             plan.memory.buffers,
             plan.memory.max_flows == 0 ? "no" : fmt::format("at most {}", plan.memory.max_flows),
             plan.worker_core, fmt::join(plan.control_cores, ", "));
  for (const DeviceInfo& device : ports->devices())
    log_notice("device {}: {}, MAC {}, MTU {}, queues of {} and {}, receive path: {}, link {}", device.device,
               device.driver, device.mac.to_string(), device.mtu, device.rx_queue_size, device.tx_queue_size,
               device.rx_path, device.link_up ? "up" : "down");
}

Result<void> Dataplane::start_workers() {
  assert(impl_->snapshots->current().load() != nullptr);
  std::vector<const WorkerCounters*> counters;
  impl_->bell.announce_sleep();
  impl_->running = true;
  for (Worker& worker : impl_->workers) {
    worker.pipeline->counters().heartbeat.store(coarse_seconds(now()), std::memory_order_relaxed);
    if (const int error = rte_eal_remote_launch(run_loop, worker.loop.get(), worker.lcore))
      return fail(
          fmt::format("the worker on lcore {} does not start: {}", worker.lcore, rte_strerror(-error)));
    counters.push_back(&worker.pipeline->counters());
  }
  telemetry::open({std::move(counters), impl_->plan.memory.max_flows, link_names(snapshot())});
  return {};
}

}  // namespace gate41
