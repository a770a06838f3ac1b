#include "dataplane/port/ethdev.hpp"

#include <algorithm>
#include <fmt/core.h>

#include <rte_errno.h>
#include <rte_ethdev.h>

#include "dataplane/base/log.hpp"
#include "dataplane/port/memory_plan.hpp"

namespace gate41 {
namespace {

constexpr uint16_t kMtu = 1500;

tl::unexpected<Error> refused(const char* what, int error) {
  return fail(fmt::format("the device refuses {}: {}", what, rte_strerror(error < 0 ? -error : error)));
}

// No receive offload at all: several switch the vectorised paths off, and a checksum left unfinished by a
// neighbour on the same host could not be finished any more inside a tunnel. All that is sent comes from the
// one pool with a single reference, which is what fast free asks for. Several queues: the device spreads
// frames by addresses alone, where it can tell them apart at all, so that fragments come by the queue of the
// rest.
rte_eth_conf configuration_of(const rte_eth_dev_info& info, uint16_t rx_queues) {
  rte_eth_conf conf{};
  conf.rxmode.mtu = std::min(kMtu, info.max_mtu);
  conf.txmode.offloads = info.tx_offload_capa & RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE;
  const uint64_t by_addresses = info.flow_type_rss_offloads & RTE_ETH_RSS_IP;
  if (rx_queues > 1 && by_addresses != 0) {
    conf.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
    conf.rx_adv_conf.rss_conf.rss_hf = by_addresses;
  }
  return conf;
}

Result<void> set_up_queues(uint16_t port, const rte_eth_dev_info& info, const QueuePlan& plan,
                           uint16_t rx_queues, uint64_t tx_offloads) {
  uint16_t rx_size = plan.queue_size;
  uint16_t tx_size = plan.queue_size;
  if (const int error = rte_eth_dev_adjust_nb_rx_tx_desc(port, &rx_size, &tx_size))
    return refused("queue sizes", error);
  rte_eth_txconf tx = info.default_txconf;
  tx.offloads = tx_offloads;
  const auto node = static_cast<unsigned>(plan.numa_node);
  for (uint16_t queue = 0; queue < rx_queues; ++queue)
    if (const int error = rte_eth_rx_queue_setup(port, queue, rx_size, node, nullptr, plan.pool))
      return refused("a receive queue", error);
  for (uint16_t queue = 0; queue < plan.workers; ++queue)
    if (const int error = rte_eth_tx_queue_setup(port, queue, tx_size, node, &tx))
      return refused("a send queue", error);
  return {};
}

// What refuses to interrupt goes without; `conf` tells afterwards.
Result<void> configure(uint16_t port, uint16_t rx_queues, uint16_t tx_queues, rte_eth_conf& conf) {
  int error = rte_eth_dev_configure(port, rx_queues, tx_queues, &conf);
  if (error != 0 && conf.intr_conf.rxq != 0) {
    conf.intr_conf.rxq = 0;
    error = rte_eth_dev_configure(port, rx_queues, tx_queues, &conf);
  }
  if (error != 0) return refused("its configuration", error);
  return {};
}

// So that workers need not ask.
bool takes_arming(uint16_t port, uint16_t rx_queues) {
  for (uint16_t queue = 0; queue < rx_queues; ++queue)
    if (rte_eth_dev_rx_intr_ctl_q_get_fd(port, queue) < 0 || rte_eth_dev_rx_intr_enable(port, queue) != 0 ||
        rte_eth_dev_rx_intr_disable(port, queue) != 0)
      return false;
  return true;
}

// Fewer receive queues will do: workers hand over what is not theirs.
Result<void> check_queues(const rte_eth_dev_info& info, const QueuePlan& plan) {
  if (plan.workers <= info.max_tx_queues) return {};
  return fail(fmt::format(
      "has {} send queue{}, {} workers need one each; shorten workers.cores, or give the device more "
      "queues (virtio: mq=on in the host, net_af_packet: qpairs={})",
      info.max_tx_queues, info.max_tx_queues == 1 ? "" : "s", plan.workers, plan.workers));
}

// Neighbour discovery needs the groups of IPv6. What can't be told to let them in may do so anyway.
void let_multicast_in(uint16_t port, const char* driver) {
  if (rte_eth_allmulticast_enable(port) == 0 || rte_eth_promiscuous_enable(port) == 0) return;
  log_warning("device {} ({}): can't be told to receive multicast; IPv6 hosts there may not find the gateway",
              port, driver);
}

std::string receive_path(uint16_t port) {
  rte_eth_burst_mode mode{};
  return rte_eth_rx_burst_mode_get(port, 0, &mode) == 0 ? mode.info : "not told by the driver";
}

DeviceInfo describe(uint16_t port, const rte_eth_dev_info& info, uint16_t queue_size) {
  DeviceInfo device;
  device.port_id = port;
  device.driver = info.driver_name;
  rte_ether_addr mac{};
  if (rte_eth_macaddr_get(port, &mac) == 0) std::copy_n(mac.addr_bytes, 6, device.mac.bytes.begin());
  rte_eth_dev_get_mtu(port, &device.mtu);
  device.rx_path = receive_path(port);
  rte_eth_rxq_info rx{};
  rte_eth_txq_info tx{};
  device.rx_queue_size = rte_eth_rx_queue_info_get(port, 0, &rx) == 0 ? rx.nb_desc : queue_size;
  device.tx_queue_size = rte_eth_tx_queue_info_get(port, 0, &tx) == 0 ? tx.nb_desc : queue_size;
  return device;
}

}  // namespace

Result<DeviceInfo> start_ethdev(uint16_t port, const QueuePlan& plan, const DeviceNature& nature) {
  rte_eth_dev_info info{};
  if (const int error = rte_eth_dev_info_get(port, &info)) return refused("to describe itself", error);
  if (Result<void> enough = check_queues(info, plan); !enough) return tl::unexpected(enough.error());
  const uint16_t rx_queues =
      nature.all_queues ? info.max_rx_queues : std::min(plan.workers, info.max_rx_queues);
  rte_eth_conf conf = configuration_of(info, rx_queues);
  const IdleMode idle =
      choose_idle_mode(info.driver_name, nature.kernel_driver, plan.interrupts, plan.rx_mode);
  conf.intr_conf.rxq = idle == IdleMode::interrupt ? 1 : 0;
  if (Result<void> taken = configure(port, rx_queues, plan.workers, conf); !taken)
    return tl::unexpected(taken.error());
  if (Result<void> queues = set_up_queues(port, info, plan, rx_queues, conf.txmode.offloads); !queues)
    return tl::unexpected(queues.error());
  if (const int error = rte_eth_dev_start(port)) return refused("to start", error);
  let_multicast_in(port, info.driver_name);
  DeviceInfo device = describe(port, info, plan.queue_size);
  device.rx_queues = rx_queues;
  const bool interrupts = conf.intr_conf.rxq != 0 && takes_arming(port, rx_queues);
  device.idle = interrupts ? idle : std::min(idle, IdleMode::nap);
  return device;
}

bool link_is_up(uint16_t port) noexcept {
  rte_eth_link link{};
  return rte_eth_link_get_nowait(port, &link) != 0 || link.link_status == RTE_ETH_LINK_UP;
}

}  // namespace gate41
