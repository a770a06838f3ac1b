#include "tests/unit/runtime/box.hpp"

#include <chrono>
#include <gtest/gtest.h>
#include <poll.h>
#include <thread>

#include "dataplane/port/machine.hpp"

namespace gate41::testing {
namespace {

constexpr auto kPatience = std::chrono::seconds(20);
const Ipv4Address kWanAddress = ip4("11.0.0.2");
const Ipv6Prefix kPrefix = six_to_four_prefix(kWanAddress);
const Ipv6Prefix kLanPrefix = Ipv6Prefix::of(ip6("2002:b00:2:1::"), 64);

std::unique_ptr<Dataplane> running;
AdjacencyIndex to_relay = kNoAdjacency;

config::Config configuration() {
  config::Config config;
  config.instance = "gate41-runtime-test";
  const std::vector<unsigned> cores = read_machine().cores;
  config.worker_cores.assign(cores.end() - box_workers(), cores.end());
  config.ports["wan"].device = "net_ring0";
  config.ports["lan"].device = "net_ring1";
  config.wan.port = "wan";
  config.eal_memory = uint64_t{128} << 20U;
  config.eal_hugepages = false;
  config.eal_hugepages_auto = false;
  config.filter.max_flows = 4096;
  return config;
}

uint16_t device_of(const std::string& name) {
  for (const DeviceInfo& device : box().devices())
    if (device.device == name) return device.port_id;
  ADD_FAILURE() << "no device " << name;
  return 0;
}

// Everything native goes to one relay; its header is all zeros, which no test looks at.
void add_relay() {
  Adjacency relay;
  relay.kind = AdjacencyKind::tunnel;
  relay.header_length = 34;
  relay.link = kWan;
  relay.mtu = 1280;
  to_relay = box().adjacencies().allocate();
  box().adjacencies().write(to_relay, relay);
}

class Running : public ::testing::Environment {
 public:
  void SetUp() override {
    ASSERT_GE(read_machine().cores.size(), box_workers()) << "a core for each worker";
    auto created = Dataplane::create(configuration());
    ASSERT_TRUE(created) << created.error().message;
    running = std::move(*created);
    add_relay();
    running->publish(box_snapshot());
    const auto started = running->start_workers();
    ASSERT_TRUE(started) << started.error().message;
  }
  void TearDown() override {
    const auto start = std::chrono::steady_clock::now();
    running.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2))
        << "the worker had to be left behind";
  }
};

[[maybe_unused]] const auto* const kRunning = ::testing::AddGlobalTestEnvironment(new Running);

}  // namespace

Dataplane& box() { return *running; }

std::unique_ptr<Snapshot> box_snapshot() {
  auto snapshot = std::make_unique<Snapshot>();
  snapshot->filter_active = true;
  snapshot->links = {{.name = "wan", .device = device_of("net_ring0"), .mac = kWanMac, .is_wan = true},
                     {.name = "lan-1", .device = device_of("net_ring1"), .mac = kLanMac, .lan = 0}};
  snapshot->wan_link = kWan;
  snapshot->wan_address = kWanAddress;
  snapshot->lans = {{.name = "home", .link = kLan, .prefixes = {kLanPrefix}}};
  Tunnel& tunnel = snapshot->tunnels.emplace_back();
  tunnel.up = true;
  tunnel.local = tunnel.external = kWanAddress;
  tunnel.prefix = kPrefix;
  tunnel.relays = {ip4("192.88.99.1")};
  snapshot->own_prefixes = {kPrefix};
  snapshot->routes = RouteTable(
      {{.prefix = Ipv6Prefix::of(ip6("::"), 0), .kind = RouteKind::tunnel_relay, .adjacency = to_relay}});
  return snapshot;
}

bool eventually(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

bool exceptions_wait(int milliseconds) {
  pollfd poll{box().exception_fd(), POLLIN, 0};
  return ::poll(&poll, 1, milliseconds) == 1;
}

std::vector<uint8_t> arp_request() {
  return PacketBuilder()
      .ethernet(kBroadcastMac, kHostMac)
      .arp(1, kHostMac, ip4("11.0.0.1"), MacAddress{}, kWanAddress)
      .build();
}

std::vector<uint8_t> unknown_frame() {
  return PacketBuilder().ethernet(kBroadcastMac, kHostMac).ether_type(kUnknownEtherType).payload(50).build();
}

std::vector<uint8_t> host_packet(uint16_t source_port) {
  return PacketBuilder()
      .ethernet(kLanMac, kHostMac)
      .ipv6(ip6("2002:b00:2:1::10"), ip6("2600:41::80"))
      .udp(source_port, 8080)
      .payload(20)
      .build();
}

std::vector<uint8_t> host_packet_to(uint64_t server) {
  return PacketBuilder()
      .ethernet(kLanMac, kHostMac)
      .ipv6(ip6("2002:b00:2:1::10"), Ipv6Address::from_halves(ip6("2600:41::").high(), server))
      .udp(40000, 8080)
      .payload(20)
      .build();
}

std::vector<Exception> take_exceptions(unsigned budget) {
  std::vector<Exception> taken;
  box().drain_exceptions(
      [&](rte_mbuf* mbuf, const MbufMeta& meta) {
        const auto* data = rte_pktmbuf_mtod(mbuf, const uint8_t*);
        taken.push_back({meta.exception_class, meta.link, {data, data + rte_pktmbuf_data_len(mbuf)}});
        box().free_packet(mbuf);
      },
      budget);
  return taken;
}

}  // namespace gate41::testing
