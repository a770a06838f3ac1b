#include "perf/generator/port.hpp"

#include <fmt/core.h>

#include <rte_ethdev.h>

#include "dataplane/port/device_name.hpp"
#include "dataplane/port/ethdev.hpp"

namespace gate41::generator {

Result<std::unique_ptr<Port>> Port::open(const std::string& device, rte_mempool* pool) {
  uint16_t id = 0;
  if (rte_eth_dev_get_port_by_name(dpdk_name(device).c_str(), &id) != 0)
    return fail(fmt::format("{}: DPDK does not know this device", device));
  const Result<DeviceInfo> info = start_ethdev(id, {.workers = 1, .pool = pool}, {});
  if (!info) return fail(fmt::format("{}: {}", device, info.error().message));
  rte_eth_promiscuous_enable(id);  // our hosts have MACs of their own
  return std::unique_ptr<Port>(new Port(id, info->mac));
}

Port::~Port() {
  rte_eth_dev_stop(id_);
  rte_eth_dev_close(id_);
}

uint16_t Port::receive(std::span<rte_mbuf*> packets) noexcept {
  return rte_eth_rx_burst(id_, 0, packets.data(), static_cast<uint16_t>(packets.size()));
}

uint16_t Port::send(std::span<rte_mbuf*> packets) noexcept {
  return rte_eth_tx_burst(id_, 0, packets.data(), static_cast<uint16_t>(packets.size()));
}

}  // namespace gate41::generator
