// Dataplane from configuration to running workers.
#include <algorithm>
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

int run_loop(void* loop) {
  static_cast<WorkerLoop*>(loop)->run();
  return 0;
}

ErrorRates error_rates(const config::Config& config, unsigned workers) {
  return config.role == config::Role::relay ? relay_error_rates(workers) : gateway_error_rates(workers);
}

// Whether a limit is set or not: a reload may bring one, and workers allocate nothing. A site has one worker.
std::unique_ptr<SiteMeters> site_meters(const config::Config& config, const HashSecret& secret,
                                        unsigned workers) {
  if (config.role != config::Role::relay) return nullptr;
  return std::make_unique<SiteMeters>(secret, SiteMeters::kSets / workers);
}

void tell_profile(const config::Config& config, const Machine& machine) {
  if (config.memory_profile == config::MemoryProfile::small)
    log_notice("memory: small, as eal.profile says");
  else if (is_small(config, machine.memory))
    log_notice("memory: small, because this machine has {} MiB of RAM, less than {} (eal.profile)",
               machine.memory / kMebibyte, kLittleMemory / kMebibyte);
}

static_assert(kRelayPairsBytes == uint64_t{kRelayPairs} * PairTable::kPairBytes);

PairTable address_pairs(const config::Config& config, int numa_node) {
  if (config.role != config::Role::relay) return {};
  PairTable pairs(kRelayPairs, numa_node);
  if (!pairs)
    log_warning("relay: no memory for {} address pairs: packets take the long way; raise eal.memory",
                kRelayPairs);
  return pairs;
}

int numa_node_of(unsigned lcore) { return static_cast<int>(rte_lcore_to_socket_id(lcore)); }

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
  tell_profile(config, machine);
  Result<std::unique_ptr<Eal>> started = Eal::start(plan);
  if (!started) return tl::unexpected(started.error());
  eal = std::move(*started);
  const std::vector<unsigned> lcores = lcores_of_workers(config);
  const auto team = static_cast<unsigned>(lcores.size());
  numa_node = numa_node_of(lcores.front());
  Result<void> made = make_pool()
                          .and_then([&] { return make_tables(config, team); })
                          .and_then([&] { return start_ports(config, machine, team); })
                          .and_then([&] { return add_workers(config, lcores); });
  if (!made) return made;
  std::vector<WorkerRings*> rings;
  for (const Worker& worker : workers) rings.push_back(worker.rings.get());
  desk.emplace(std::move(rings));
  announce();
  return {};
}

// Those that the configuration names, or as many as there is work for: with `auto` the devices have a say.
std::vector<unsigned> Dataplane::Impl::lcores_of_workers(const config::Config& config) const {
  std::vector<unsigned> lcores = eal->worker_lcores();
  if (config.worker_cores.empty()) lcores.resize(std::min<std::size_t>(lcores.size(), most_workers(config)));
  return lcores;
}

Result<void> Dataplane::Impl::start_ports(const config::Config& config, const Machine& machine,
                                          unsigned team) {
  Result<std::unique_ptr<Ports>> opened = Ports::start(config, machine,
                                                       {.workers = static_cast<uint16_t>(team),
                                                        .pool = pool.get(),
                                                        .queue_size = plan.memory.queue_size,
                                                        .numa_node = numa_node,
                                                        .rx_mode = config.rx_mode,
                                                        .interrupts = plan.interrupts});
  if (!opened) return tl::unexpected(opened.error());
  ports = std::move(*opened);
  return {};
}

// One pool for all: what a device receives, another sends and frees in bulk.
Result<void> Dataplane::Impl::make_pool() {
  pool.reset(rte_pktmbuf_pool_create("packets", plan.memory.buffers, plan.memory.cached, kMbufPrivSize,
                                     RTE_MBUF_DEFAULT_BUF_SIZE, numa_node));
  if (pool) return {};
  return fail(fmt::format("no memory for {} packet buffers: {}; raise eal.memory", plan.memory.buffers,
                          rte_strerror(rte_errno)));
}

Result<void> Dataplane::Impl::make_tables(const config::Config& config, unsigned team) {
  Result<std::unique_ptr<NeighbourTable>> table =
      NeighbourTable::create("neighbours", plan.memory.neighbours, numa_node, secret);
  if (!table) return tl::unexpected(table.error());
  neighbours = std::move(*table);
  adjacencies.emplace(plan.memory.adjacencies);
  Result<std::unique_ptr<Grace>> made = Grace::create(team, numa_node);
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

Result<void> Dataplane::Impl::add_workers(const config::Config& config, const std::vector<unsigned>& lcores) {
  Team team{.size = static_cast<uint16_t>(lcores.size())};
  team.spreads = ports->has_too_few_queues(team.size);
  for (const unsigned lcore : lcores) {
    if (Result<void> added = add_worker(config, lcore, team); !added) return added;
    ++team.index;
  }
  add_loops();
  return {};
}

Result<void> Dataplane::Impl::add_worker(const config::Config& config, unsigned lcore, Team team) {
  const int node = numa_node_of(lcore);
  std::unique_ptr<FlowTable> flows;
  if (plan.memory.max_flows > 0) {
    Result<std::unique_ptr<FlowTable>> table = FlowTable::create(
        fmt::format("flows{}", team.index), plan.memory.max_flows / team.size, node, secret);
    if (!table) return tl::unexpected(table.error());
    flows = std::move(*table);
  }
  Result<std::unique_ptr<WorkerRings>> rings = WorkerRings::create(team.index, team.size, node);
  if (!rings) return tl::unexpected(rings.error());
  Worker& worker = workers.emplace_back();
  worker.lcore = lcore;
  worker.rings = std::move(*rings);
  worker.pipeline =
      std::make_unique<Pipeline>(SharedTables{*adjacencies, *neighbours, tap, path_mtus, host_flows,
                                              pool.get(), secret, routes ? &routes->current() : nullptr},
                                 std::move(flows), site_meters(config, secret, team.size),
                                 error_rates(config, team.size), team, address_pairs(config, node));
  return {};
}

// Once all workers' rings are there.
void Dataplane::Impl::add_loops() {
  std::vector<WorkerRings*> team;
  for (const Worker& worker : workers) team.push_back(worker.rings.get());
  for (unsigned index = 0; index < team.size(); ++index)
    workers[index].loop = std::make_unique<WorkerLoop>(
        WorkerSurroundings{index, ports->ids(), ports->queues_of(index, static_cast<unsigned>(team.size())),
                           ports->links(), snapshots->current(), *grace, team, bell, ports->idle_mode()},
        *workers[index].pipeline);
}

uint64_t Dataplane::Impl::flow_memory() const {
  uint64_t bytes = 0;
  for (const Worker& worker : workers)
    if (const FlowTable* flows = worker.pipeline->flows()) bytes += flows->bytes();
  return bytes;
}

void Dataplane::Impl::announce() const {
  const auto cores = std::span(plan.worker_cores).first(workers.size());
  log_notice("data path: {}, {} MiB of {}, {} packet buffers, {} flows; worker{} on core{} {}, control on {}",
             rte_version(), plan.memory.memory / kMebibyte, plan.huge_pages ? "huge pages" : "plain memory",
             plan.memory.buffers,
             plan.memory.max_flows == 0
                 ? "no"
                 : fmt::format("at most {} ({} MiB)", plan.memory.max_flows, flow_memory() / kMebibyte),
             cores.size() == 1 ? "" : "s", cores.size() == 1 ? "" : "s", fmt::join(cores, ", "),
             fmt::join(plan.control_cores, ", "));
  for (const DeviceInfo& device : ports->devices())
    log_notice(
        "device {}: {}, MAC {}, MTU {}, {} receive queue{} of {} and {} send queue{} of {}, receive path: "
        "{}, when idle: {}, link {}",
        device.device, device.driver, device.mac.to_string(), device.mtu, device.rx_queues,
        device.rx_queues == 1 ? "" : "s", device.rx_queue_size, cores.size(), cores.size() == 1 ? "" : "s",
        device.tx_queue_size, device.rx_path, to_string(device.idle), device.link_up ? "up" : "down");
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
