// `perf/count`: established flows through a gateway and packets through a relay, to be run under callgrind,
// which writes a file for each case, by its name, with what the case cost. By itself it prints what was done.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <valgrind/callgrind.h>

#include <rte_eal.h>

#include "perf/instructions/rig.hpp"
#include "perf/pipeline/minimum.hpp"
#include "perf/pipeline/stateless_minimum.hpp"
#include "perf/surroundings.hpp"

namespace gate41::perf {
namespace {

using testing::Frame;
using testing::GatewaySite;
using testing::kHost;
using testing::kServer;
using testing::PacketBuilder;
using testing::RelaySite;

constexpr unsigned kWarmUp = 2;  // bursts
constexpr unsigned kCounted = 60;
constexpr std::size_t kFrame = 84;  // bytes of the IPv6 frame: Ethernet, IPv6, UDP and so much
constexpr std::size_t kUdpPayload = kFrame - 14 - 40 - 8;
constexpr std::size_t kTcpPayload = kFrame - 14 - 40 - 20;

Frame udp(PacketBuilder start, bool out) {
  return start.ipv6(out ? kHost : kServer, out ? kServer : kHost)
      .udp(out ? 40000 : 8080, out ? 8080 : 40000)
      .payload(kUdpPayload)
      .build();
}
Frame tcp(PacketBuilder start, bool out, const testing::TcpFields& fields, std::size_t payload = 0) {
  return start.ipv6(out ? kHost : kServer, out ? kServer : kHost)
      .tcp(out ? 40000 : 8080, out ? 8080 : 40000, fields)
      .payload(payload)
      .build();
}
Frame site_packet(PacketBuilder start, bool out) {
  const Ipv6Address server = testing::ip6("2600:42::80");
  return start.ipv6(out ? testing::kSite : server, out ? server : testing::kSite)
      .udp(40000, 8080)
      .payload(kUdpPayload)
      .build();
}

void open_udp(GatewaySite& site) {
  site.receive(testing::kLanDevice, udp(GatewaySite::from_host(), true));
  site.receive(testing::kWanDevice, udp(GatewaySite::from_wan(), false));
}
void open_tcp(GatewaySite& site) {
  using namespace tcp_flag;
  site.receive(testing::kLanDevice, tcp(GatewaySite::from_host(), true, {kSyn, 1000, 0}));
  site.receive(testing::kWanDevice, tcp(GatewaySite::from_wan(), false, {kSyn | kAck, 5000, 1001}));
  site.receive(testing::kLanDevice, tcp(GatewaySite::from_host(), true, {kAck, 1001, 5001}));
}

struct Case {
  const char* name;
  std::function<void(Rig&, unsigned bursts)> run;
};

Case in_place(const char* name, Rig::Step step, const Frame& frame) {
  return {name, [step = std::move(step), frame](Rig& rig, unsigned bursts) {
            rig.run_in_place(step, frame, bursts);
          }};
}

// What the others are compared with: it must not move by itself.
void add_yardsticks(std::vector<Case>& cases, Minimum& minimum, StatelessMinimum& stateless) {
  const auto frames = [&](const char* name, auto step, const Frame& frame) {
    cases.push_back(in_place(name, step, frame));
  };
  minimum.open({kHost, kServer, 40000, 8080, ip_proto::kUdp, {}}, 0, testing::kStart);
  frames(
      "minimum encap", [&](auto burst) { minimum.encapsulate(burst, testing::kStart); },
      udp(GatewaySite::from_host(), true));
  frames(
      "minimum decap", [&](auto burst) { minimum.decapsulate(burst, testing::kStart); },
      udp(GatewaySite::from_wan(), false));
  frames(
      "stateless minimum encap", [&](auto burst) { stateless.encapsulate(burst); },
      site_packet(RelaySite::from_native(), false));
  frames(
      "stateless minimum decap", [&](auto burst) { stateless.decapsulate(burst); },
      site_packet(RelaySite::from_site(), true));
}

// The same segment over and over, as if it had been lost every time.
std::vector<Case> cases(GatewaySite& udp_site, GatewaySite& tcp_site, RelaySite& relay) {
  const auto case_of = [](const char* name, testing::Harness& site, uint16_t device, const Frame& frame) {
    return Case{name,
                [&site, device, frame](Rig& rig, unsigned bursts) { rig.run(site, device, frame, bursts); }};
  };
  return {
      case_of("gateway encap", udp_site, testing::kLanDevice, udp(GatewaySite::from_host(), true)),
      case_of("gateway decap", udp_site, testing::kWanDevice, udp(GatewaySite::from_wan(), false)),
      case_of("gateway encap TCP", tcp_site, testing::kLanDevice,
              tcp(GatewaySite::from_host(), true, {tcp_flag::kAck, 1001, 5001}, kTcpPayload)),
      case_of("gateway decap TCP", tcp_site, testing::kWanDevice,
              tcp(GatewaySite::from_wan(), false, {tcp_flag::kAck, 5001, 1001}, kTcpPayload)),
      case_of("relay encap", relay, testing::kLanDevice, site_packet(RelaySite::from_native(), false)),
      case_of("relay decap", relay, testing::kWanDevice, site_packet(RelaySite::from_site(), true)),
  };
}

// The first two again, each in a site that has more of what does not touch them; so the relay's.
struct Surrounded {
  GatewaySite neighbours, pinholes, tunnels;
  RelaySite relay_neighbours, relay_routes;
  std::unique_ptr<Fib> routes;

  Surrounded() {
    constexpr uint32_t kNeighbours = 10'000, kPinholes = 1000, kTunnels = 15, kRoutes = 200'000, kHosts = 200;
    const Ipv6Address others = testing::ip6("2002:b00:2:1::10:0");
    add_neighbours(neighbours, kNeighbours, others, testing::kHostMac);
    add_neighbours(relay_neighbours, kNeighbours, testing::ip6("2600:41::10:0"), testing::kNativeRouterMac);
    add_pinholes(pinholes, kPinholes, others, kHosts);
    for (uint32_t i = 0; i < kTunnels; ++i) tunnels.snapshot.tunnels.push_back(other_tunnel(i));
    routes = add_routes(relay_routes, kRoutes);
    for (GatewaySite* site : {&neighbours, &pinholes, &tunnels}) {
      site->now = now();
      open_udp(*site);
    }
    relay_neighbours.now = relay_routes.now = now();
  }
  static Tunnel other_tunnel(uint32_t number) {
    Tunnel tunnel;
    tunnel.up = true;
    tunnel.local = tunnel.external = testing::kOwnV4;
    tunnel.prefix =
        Ipv6Prefix::of(Ipv6Address::from_halves(0x2600004600100000ULL + (uint64_t{number} << 16U), 0), 48);
    tunnel.relays = {Ipv4Address::of(12, 8, 8, static_cast<uint8_t>(1 + number))};
    return tunnel;
  }
};

void add_surrounded(std::vector<Case>& cases, Surrounded& sites) {
  const auto both_ways = [&](const char* out_name, const char* in_name, testing::Harness& site, Frame lan,
                             Frame wan) {
    cases.push_back({out_name, [&site, lan](Rig& rig, unsigned bursts) {
                       rig.run(site, testing::kLanDevice, lan, bursts);
                     }});
    cases.push_back({in_name, [&site, wan](Rig& rig, unsigned bursts) {
                       rig.run(site, testing::kWanDevice, wan, bursts);
                     }});
  };
  const Frame out = udp(GatewaySite::from_host(), true), in = udp(GatewaySite::from_wan(), false);
  const Frame to_site = site_packet(RelaySite::from_native(), false),
              from_site = site_packet(RelaySite::from_site(), true);
  both_ways("gateway encap +10000 neighbours", "gateway decap +10000 neighbours", sites.neighbours, out, in);
  both_ways("gateway encap +1000 pinholes", "gateway decap +1000 pinholes", sites.pinholes, out, in);
  both_ways("gateway encap +15 tunnels", "gateway decap +15 tunnels", sites.tunnels, out, in);
  both_ways("relay encap +10000 neighbours", "relay decap +10000 neighbours", sites.relay_neighbours, to_site,
            from_site);
  both_ways("relay encap +200000 routes", "relay decap +200000 routes", sites.relay_routes, to_site,
            from_site);
}

void start_eal() {
  std::array<std::string, 8> words = {"count",       "--no-huge",      "-m",           "256", "--no-pci",
                                      "--no-shconf", "--no-telemetry", "--log-level=3"};
  std::array<char*, 8> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
  if (rte_eal_init(static_cast<int>(arguments.size()), arguments.data()) < 0) std::exit(1);
}

int run() {
  start_eal();
  Rig rig;
  GatewaySite udp_site;
  GatewaySite tcp_site;
  RelaySite relay;
  // The loop's clock is the machine's; nothing of a packet's way may be older.
  udp_site.now = tcp_site.now = relay.now = now();
  open_udp(udp_site);
  open_tcp(tcp_site);
  std::vector<Case> all = cases(udp_site, tcp_site, relay);
  Surrounded surrounded;
  add_surrounded(all, surrounded);
  Minimum minimum(4096, {}, {{}});
  StatelessMinimum stateless({}, {});
  add_yardsticks(all, minimum, stateless);
  for (const Case& one : all) {
    one.run(rig, kWarmUp);
    CALLGRIND_ZERO_STATS;
    one.run(rig, kCounted);
    CALLGRIND_DUMP_STATS_AT(one.name);
    std::printf("%s: %zu packets\n", one.name, kCounted * kBurst);
  }
  return 0;
}

}  // namespace
}  // namespace gate41::perf

int main() { return gate41::perf::run(); }
