#include "dataplane/port/ports.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

#include <rte_ethdev.h>

#include "dataplane/base/log.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/port/device_name.hpp"
#include "dataplane/port/dpdk_log.hpp"
#include "dataplane/port/ethdev.hpp"
#include "dataplane/port/interrupt_throttle.hpp"

namespace gate41 {
namespace {

std::string devices_here() {
  std::string names;
  for (uint64_t port = rte_eth_find_next(0); port < RTE_MAX_ETHPORTS;
       port = rte_eth_find_next(static_cast<uint16_t>(port + 1))) {
    std::array<char, RTE_ETH_NAME_MAX_LEN> name{};
    if (rte_eth_dev_get_name_by_port(static_cast<uint16_t>(port), name.data()) != 0) continue;
    if (!names.empty()) names += ", ";
    names += name.data();
  }
  return names.empty() ? "none" : names;
}

void warn_of_other_node(const std::string& key, uint16_t port, int numa_node) {
  const int node = rte_eth_dev_socket_id(port);
  if (node >= 0 && numa_node >= 0 && node != numa_node)
    log_warning("{}: the device is on NUMA node {}, the worker on {}; choose workers.cores on node {}", key,
                node, numa_node, node);
}

// The WAN's is the tunnels' to care for: IPv6 goes over a narrow one in IPv4 fragments.
Result<void> check_mtus(const config::Config& config, const std::vector<DeviceInfo>& devices) {
  for (const auto& [name, port] : config.ports) {
    const auto device = std::ranges::find(devices, port.device, &DeviceInfo::device);
    const bool is_wan = name == config.wan.port && !config.ports_auto;  // found ports may change places still
    if (!is_wan && device->mtu < kMinIpv6Mtu)
      return fail(fmt::format("ports.{}.device: takes packets of up to {} bytes, IPv6 needs {}", name,
                              device->mtu, kMinIpv6Mtu));
  }
  return {};
}

}  // namespace

uint16_t most_workers(const config::Config& config) {
  uint16_t most = UINT16_MAX;
  for (const auto& [name, port] : config.ports) {
    uint16_t id = 0;
    rte_eth_dev_info info{};
    if (rte_eth_dev_get_port_by_name(dpdk_name(port.device).c_str(), &id) != 0) continue;  // start() tells
    if (rte_eth_dev_info_get(id, &info) == 0) most = std::min(most, info.max_tx_queues);
  }
  return std::max<uint16_t>(most, 1);
}

Result<std::unique_ptr<Ports>> Ports::start(const config::Config& config, const Machine& machine,
                                            const QueuePlan& plan) {
  std::unique_ptr<Ports> ports(new Ports);
  for (const auto& [name, port] : config.ports) {
    const bool known =
        std::ranges::find(ports->infos_, port.device, &DeviceInfo::device) != ports->infos_.end();
    if (known) continue;
    Result<void> added = ports->add(fmt::format("ports.{}.device", name), port.device, machine, plan);
    if (!added) return tl::unexpected(added.error());
  }
  if (Result<void> enough = check_mtus(config, ports->infos_); !enough) return tl::unexpected(enough.error());
  return ports;
}

Result<void> Ports::add(const std::string& key, const std::string& device, const Machine& machine,
                        const QueuePlan& plan) {
  uint16_t port = 0;
  if (rte_eth_dev_get_port_by_name(dpdk_name(device).c_str(), &port) != 0)
    return fail(fmt::format("{}: {}: DPDK could not open it: {}; devices here: {}", key, dpdk_name(device),
                            take_dpdk_errors(), devices_here()));
  const PciDevice* pci = pci_device_at(machine, dpdk_name(device));
  Result<DeviceInfo> started =
      start_ethdev(port, plan,
                   {.all_queues = is_on_kernel_interface(device),
                    .kernel_driver = pci == nullptr ? std::string_view{} : pci->driver});
  if (!started) return fail(fmt::format("{}: {}", key, started.error().message));
  started->device = device;
  if (started->idle == IdleMode::interrupt && plan.interrupts == Interrupts::line) {
    const Result<void> shortened = shorten_interrupt_throttle(dpdk_name(device));
    if (!shortened) log_warning("{}: {}; packets may wait for 17 ms", key, shortened.error().message);
  }
  warn_of_other_node(key, port, plan.numa_node);
  if (is_on_kernel_interface(device)) {
    Result<KernelLink> link = KernelLink::open(std::string(device_argument(device, "iface")));
    if (!link) return fail(fmt::format("{}: {}", key, link.error().message));
    const Result<uint16_t> mtu = link->mtu();
    if (!mtu) return fail(fmt::format("{}: {}", key, mtu.error().message));
    started->mtu = std::min(started->mtu, *mtu);
    kernel_links_.emplace(port, std::move(*link));
  }
  links_.set(port, has_link(port));
  idle_ = std::min(idle_, started->idle);
  ids_.push_back(port);
  infos_.push_back(std::move(*started));
  return {};
}

Ports::~Ports() {
  for (const uint16_t port : ids_) {
    rte_eth_dev_stop(port);
    rte_eth_dev_close(port);
  }
}

std::vector<RxQueue> Ports::queues_of(unsigned worker, unsigned workers) const {
  std::vector<RxQueue> queues;
  for (const DeviceInfo& device : infos_)
    for (unsigned index = worker; index < device.rx_queues; index += workers) {
      const auto queue = static_cast<uint16_t>(index);
      const bool interrupts = idle_ == IdleMode::interrupt;
      const int interrupt = interrupts ? rte_eth_dev_rx_intr_ctl_q_get_fd(device.port_id, queue) : -1;
      queues.push_back({device.port_id, queue, interrupt});
    }
  return queues;
}

bool Ports::has_too_few_queues(unsigned workers) const {
  return std::ranges::any_of(infos_, [&](const DeviceInfo& device) { return device.rx_queues < workers; });
}

std::vector<DeviceInfo> Ports::devices() const {
  std::vector<DeviceInfo> devices = infos_;
  for (DeviceInfo& device : devices) {
    device.link_up = links_.up(device.port_id);
    device.idle = idle_;
    rte_eth_stats stats{};
    if (rte_eth_stats_get(device.port_id, &stats) != 0) continue;
    device.rx_missed = stats.imissed;
    device.rx_errors = stats.ierrors;
    device.tx_errors = stats.oerrors;
  }
  return devices;
}

bool Ports::has_link(uint16_t port) const noexcept {
  const auto kernels = kernel_links_.find(port);
  return kernels == kernel_links_.end() ? link_is_up(port) : kernels->second.is_running();
}

void Ports::watch_links() {
  for (const uint16_t port : ids_) links_.set(port, has_link(port));
}

}  // namespace gate41
