#include "perf/pipeline/wire.hpp"

#include <cstdio>
#include <cstdlib>

#include <rte_eth_ring.h>
#include <rte_ethdev.h>
#include <rte_ring.h>

namespace gate41::perf {
namespace {

constexpr unsigned kOneToOne = RING_F_SP_ENQ | RING_F_SC_DEQ;

rte_ring* make_ring(const std::string& name) {
  rte_ring* ring = rte_ring_create(name.c_str(), kDescriptors, SOCKET_ID_ANY, kOneToOne);
  if (ring == nullptr) refuse(name + ": no ring");
  return ring;
}

uint16_t make_port(const std::string& name, rte_ring* in, rte_ring* out) {
  const int port = rte_eth_from_rings(name.c_str(), &in, 1, &out, 1, 0);
  if (port < 0) refuse(name + ": no port");
  return static_cast<uint16_t>(port);
}

void start_port(uint16_t port, rte_mempool* pool) {
  const rte_eth_conf conf{};
  const auto node = static_cast<unsigned>(SOCKET_ID_ANY);
  if (rte_eth_dev_configure(port, 1, 1, &conf) != 0 ||
      rte_eth_rx_queue_setup(port, 0, kDescriptors, node, nullptr, pool) != 0 ||
      rte_eth_tx_queue_setup(port, 0, kDescriptors, node, nullptr) != 0 || rte_eth_dev_start(port) != 0)
    refuse("port " + std::to_string(port) + " does not start");
}

}  // namespace

void refuse(const std::string& why) {
  std::fprintf(stderr, "pipeline_cost: %s\n", why.c_str());
  std::exit(1);
}

Wire ring_wire(const std::string& name, rte_mempool* pool) {
  rte_ring* in = make_ring(name + "_in");
  rte_ring* out = make_ring(name + "_out");
  const Wire wire{make_port(name + "_outside", out, in), make_port(name + "_inside", in, out)};
  start_port(wire.outside, pool);
  start_port(wire.inside, pool);
  return wire;
}

}  // namespace gate41::perf
