#include "perf/pipeline/wire.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_eth_ring.h>
#include <rte_ethdev.h>
#include <rte_ring.h>

namespace gate41::perf {
namespace {

constexpr unsigned kOneToOne = RING_F_SP_ENQ | RING_F_SC_DEQ;
constexpr unsigned kBurstOfVirtio = 32;
constexpr unsigned kPatience = 5000;  // milliseconds until virtio has come to terms with vhost

struct VirtioKind {
  const char* name;
  const char* arguments;
};
constexpr std::array<VirtioKind, 3> kVirtioKinds = {{
    {"split", "in_order=0,mrg_rxbuf=1"},
    {"vectorised", "in_order=0,mrg_rxbuf=0,vectorized=1"},
    {"packed", "packed_vq=1,in_order=1,mrg_rxbuf=0"},
}};

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

Wire ring_wire(const std::string& name, rte_mempool* pool) {
  rte_ring* in = make_ring(name + "_in");
  rte_ring* out = make_ring(name + "_out");
  const Wire wire{make_port(name + "_outside", out, in), make_port(name + "_inside", in, out)};
  start_port(wire.outside, pool);
  start_port(wire.inside, pool);
  return wire;
}

uint16_t plug_in(const std::string& device, const std::string& arguments, rte_mempool* pool) {
  uint16_t port = 0;
  if (rte_eal_hotplug_add("vdev", device.c_str(), arguments.c_str()) != 0 ||
      rte_eth_dev_get_port_by_name(device.c_str(), &port) != 0)
    refuse(device + ": no port");
  start_port(port, pool);
  return port;
}

// How many frames have arrived after one more was sent.
unsigned pass(uint16_t from, uint16_t to, rte_mempool* pool) {
  rte_mbuf* frame = rte_pktmbuf_alloc(pool);
  if (frame == nullptr || rte_pktmbuf_append(frame, 64) == nullptr) refuse("no buffers");
  if (rte_eth_tx_burst(from, 0, &frame, 1) == 0) rte_pktmbuf_free(frame);
  std::array<rte_mbuf*, 32> frames;
  const uint16_t n = rte_eth_rx_burst(to, 0, frames.data(), frames.size());
  rte_pktmbuf_free_bulk(frames.data(), n);
  return n;
}

// The two sides negotiate in a thread of vhost's. Packed rings are read by whole cache lines: a burst has to
// begin with one.
void wait_until_open(const Wire& wire, rte_mempool* pool) {
  unsigned arrived = 0;
  bool back = false;
  for (unsigned i = 0; i < kPatience; ++i) {
    arrived += pass(wire.outside, wire.inside, pool);
    if (arrived > 0 && !back) back = pass(wire.inside, wire.outside, pool) > 0;
    if (back && arrived % kBurstOfVirtio == 0) return;
    if (arrived == 0) rte_delay_us_sleep(1000);
  }
  refuse("virtio and vhost do not find each other");
}

Wire virtio_wire(const VirtioKind& kind, const std::string& name, rte_mempool* pool) {
  static unsigned number = 0;
  const std::string socket = "/tmp/gate41-perf-" + std::to_string(::getpid()) + "-" + kind.name + "-" + name;
  const std::string suffix = std::to_string(number++);
  Wire wire;
  wire.outside = plug_in("net_vhost" + suffix, "iface=" + socket + ",queues=1", pool);
  wire.inside = plug_in(
      "virtio_user" + suffix,
      "path=" + socket + ",queues=1,queue_size=" + std::to_string(kDescriptors) + "," + kind.arguments, pool);
  wait_until_open(wire, pool);
  ::unlink(socket.c_str());
  return wire;
}

}  // namespace

void refuse(const std::string& why) {
  std::fprintf(stderr, "pipeline_cost: %s\n", why.c_str());
  std::exit(1);
}

std::string names_of_wires() {
  std::string names = "net_ring";
  for (const VirtioKind& kind : kVirtioKinds) names += std::string(", ") + kind.name;
  return names;
}

Wire make_wire(const std::string& kind, const std::string& name, rte_mempool* pool) {
  if (kind == "net_ring") return ring_wire(name, pool);
  for (const VirtioKind& known : kVirtioKinds)
    if (kind == known.name) return virtio_wire(known, name, pool);
  refuse(kind + ": no such wire; there are " + names_of_wires());
}

}  // namespace gate41::perf
