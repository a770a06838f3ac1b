// Two boxes that would send a packet to each other for ever (RFC 6324): whole pipelines, where what leaves
// one goes into the other until nothing is left. Every pair of addresses that either of them might mistake,
// from every side, with hop limit 255.
#include <algorithm>
#include <deque>
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

const Ipv4Address kOne = ip4("11.1.0.2");
const Ipv4Address kTwo = ip4("11.2.0.2");
const Ipv4Address kStranger = ip4("11.3.0.2");
const Domain kSixToFourDomain;
const Domain kRd{*Ipv6Prefix::parse("2600:77::/32"), Ipv4Prefix{{}, 0}};
const Domain kOtherRd{*Ipv6Prefix::parse("2600:78::/32"), Ipv4Prefix{{}, 0}};

// A /64 has no room for subnets.
Ipv6Address at(const Ipv6Prefix& prefix, uint64_t subnet, uint64_t interface_id) {
  return Ipv6Address::from_halves(prefix.address.high() | (prefix.length < 64 ? subnet : 0), interface_id);
}

void place(Harness& box, Ipv4Address own) {
  Tunnel& tunnel = box.snapshot.tunnels[0];
  tunnel.local = tunnel.external = own;
  tunnel.wan_subnet = Ipv4Prefix::of(own, 24);
  tunnel.anycast = {};
  box.snapshot.wan_address = own;
  box.snapshot.wan_subnet = tunnel.wan_subnet;
}

Route way_by(Harness& box, RouteKind kind, const Ipv6Prefix& prefix, Ipv4Address own,
             Ipv4Address destination) {
  const bool direct = kind == RouteKind::tunnel_direct;
  Route route;
  route.kind = kind;
  route.prefix = prefix;
  route.adjacency = box.adjacencies.allocate();
  box.adjacencies.write(
      route.adjacency, tunnel_way(direct ? AdjacencyKind::tunnel_direct : AdjacencyKind::tunnel, kIspMac, own,
                                  direct ? Ipv4Address{} : destination, 1280));
  return route;
}

// A site whose default way is the other box; one LAN, in subnet 1 of its prefix.
std::unique_ptr<Harness> gateway(TunnelKind kind, const Domain& domain, Ipv4Address own, Ipv4Address other,
                                 const Ipv6Prefix& prefix) {
  auto box = std::make_unique<GatewaySite>();
  place(*box, own);
  Snapshot& snapshot = box->snapshot;
  Tunnel& tunnel = snapshot.tunnels[0];
  tunnel.kind = kind;
  tunnel.domain = domain;
  tunnel.relays = {other};
  tunnel.prefix = prefix;
  tunnel.address = at(prefix, 0, 1);
  snapshot.own_prefixes = {prefix};
  snapshot.tunnel_addresses = {tunnel.address};
  Route lan;
  lan.kind = RouteKind::on_link;
  lan.prefix = Ipv6Prefix::of(at(prefix, 1, 0), 64);
  Route null;
  null.kind = RouteKind::null_route;
  null.prefix = prefix;
  snapshot.lans.resize(1);
  snapshot.lans[0].prefixes = {lan.prefix};
  snapshot.lans[0].addresses = {at(lan.prefix, 0, 1)};
  std::vector<Route> routes = {lan, null, way_by(*box, RouteKind::tunnel_relay, kEveryIpv6, own, other)};
  if (kind != TunnelKind::six_in_four)
    routes.push_back(way_by(*box, RouteKind::tunnel_direct, domain.prefix, own, {}));
  snapshot.routes = RouteTable(routes);
  return box;
}

std::unique_ptr<Harness> relay(TunnelKind kind, const Domain& domain, Ipv4Address own) {
  auto box = std::make_unique<RelaySite>();
  place(*box, own);
  Snapshot& snapshot = box->snapshot;
  snapshot.tunnels[0].kind = kind;
  snapshot.tunnels[0].domain = domain;
  snapshot.tunnel_addresses = {domain.prefix_of(own).address};
  std::vector<Route> routes = snapshot.routes.routes();
  std::erase_if(routes, [](const Route& route) { return route.kind == RouteKind::tunnel_direct; });
  routes.push_back(way_by(*box, RouteKind::tunnel_direct, domain.prefix, own, {}));
  snapshot.routes = RouteTable(routes);
  return box;
}

struct Arriving {
  Harness* box = nullptr;
  uint16_t device = 0;
  Frame frame;
};

// The IPv4 Internet between the WANs, and the native one, where a relay has announced its domain.
class World {
 public:
  World(std::unique_ptr<Harness> one, std::unique_ptr<Harness> two)
      : boxes_{std::move(one), std::move(two)} {}
  Harness& box(std::size_t i) { return *boxes_[i]; }

  // How often the packet is sent on by either. ICMPv6 errors about it travel too, and must end as well.
  unsigned forwards(Arriving first) {
    std::deque<Arriving> under_way = {std::move(first)};
    unsigned count = 0;
    for (unsigned turns = 0; !under_way.empty() && turns < 1000; ++turns) {
      const Arriving now = std::move(under_way.front());
      under_way.pop_front();
      for (Sent& sent : now.box->receive(now.device, now.frame).sent) {
        count += is_udp(sent);
        if (auto next = carry(std::move(sent))) under_way.push_back(std::move(*next));
      }
    }
    EXPECT_TRUE(under_way.empty()) << "it has no end";
    return count;
  }

 private:
  static std::size_t ipv6_at(const Sent& sent) { return sent.device == kWanDevice ? 34 : 14; }
  static bool is_udp(const Sent& sent) { return sent.bytes.at(ipv6_at(sent) + 6) == ip_proto::kUdp; }
  static Ipv6Address destination(const Sent& sent) {
    Ipv6Address address;
    std::copy_n(sent.bytes.begin() + static_cast<std::ptrdiff_t>(ipv6_at(sent) + 24), 16,
                address.bytes.begin());
    return address;
  }
  static Ipv4Address outer_destination(const Sent& sent) {
    return Ipv4Address::of(sent.bytes[30], sent.bytes[31], sent.bytes[32], sent.bytes[33]);
  }

  // As the routers in between would; nullopt: nobody takes it.
  std::optional<Arriving> carry(Sent sent) {
    for (const auto& box : boxes_) {
      const Tunnel& tunnel = box->snapshot.tunnels[0];
      const bool native = sent.device == kLanDevice && tunnel.role == TunnelRole::relay &&
                          tunnel.domain.contains(destination(sent));
      const bool tunnelled = sent.device == kWanDevice && tunnel.is_own_v4(outer_destination(sent));
      if (!native && !tunnelled) continue;
      const MacAddress& to = native ? kLanMac : kWanMac;
      const MacAddress& from = native ? kNativeRouterMac : kIspMac;
      std::ranges::copy(from.bytes, std::ranges::copy(to.bytes, sent.bytes.begin()).out);
      return Arriving{box.get(), sent.device, std::move(sent.bytes)};
    }
    return std::nullopt;
  }

  std::array<std::unique_ptr<Harness>, 2> boxes_;
};

// Whatever has one of the boxes' addresses in it, by any mechanism, and whoever is nobody's.
std::vector<Ipv6Address> addresses(World& world) {
  std::vector<Ipv6Address> all = {ip6("2600:99::1")};
  for (const Ipv4Address v4 : {kOne, kTwo, kStranger}) {
    for (const Domain& domain : {kSixToFourDomain, kRd, kOtherRd})
      for (const uint64_t subnet : {0U, 7U}) all.push_back(at(domain.prefix_of(v4), subnet, 1));
    for (const uint64_t universal : {0U, 2U})  // ISATAP
      all.push_back(Ipv6Address::from_halves(ip6("2600:99::").high(),
                                             universal << 56U | uint64_t{0x5efe} << 32U | v4.host()));
  }
  for (const std::size_t i : {0U, 1U}) {
    const Ipv6Prefix& prefix = world.box(i).snapshot.tunnels[0].prefix;
    for (const uint64_t subnet : {0U, 1U, 7U}) all.push_back(at(prefix, subnet, 9));
  }
  return all;
}

PacketBuilder inside(PacketBuilder start, const Ipv6Address& source, const Ipv6Address& destination) {
  return start.ipv6(source, destination).hop_limit(255).udp(1, 2).payload(10);
}

// From each side of each box, the WAN under each outer source.
std::vector<Arriving> arrivals(World& world, const Ipv6Address& source, const Ipv6Address& destination) {
  std::vector<Arriving> all;
  for (const std::size_t i : {0U, 1U}) {
    Harness& box = world.box(i);
    const bool relays = box.snapshot.role == TunnelRole::relay;
    const PacketBuilder lan = relays ? RelaySite::from_native() : GatewaySite::from_host();
    all.push_back({&box, kLanDevice, inside(lan, source, destination).build()});
    for (const Ipv4Address outer : {kOne, kTwo, kStranger}) {
      const PacketBuilder wan =
          PacketBuilder().ethernet(kWanMac, kIspMac).ipv4(outer, box.snapshot.tunnels[0].local);
      all.push_back({&box, kWanDevice, inside(wan, source, destination).build()});
    }
  }
  return all;
}

// The most that any packet is sent on, and which one that is.
struct Worst {
  unsigned forwards = 0;
  std::string packet;
};
Worst worst_of(World& world) {
  Worst worst;
  const std::vector<Ipv6Address> all = addresses(world);
  for (const Ipv6Address& source : all)
    for (const Ipv6Address& destination : all)
      for (Arriving& arriving : arrivals(world, source, destination)) {
        const unsigned forwards = world.forwards(std::move(arriving));
        if (forwards > worst.forwards)
          worst = {forwards, source.to_string() + " to " + destination.to_string()};
      }
  return worst;
}

void expect_bounded(World world) {
  const Worst worst = worst_of(world);
  EXPECT_LE(worst.forwards, 2U) << worst.packet;
  EXPECT_GT(worst.forwards, 0U) << "nothing was sent at all";
}

}  // namespace

// proves: Q3
TEST(RoutingLoop, EndsBetweenTwo6to4SitesThatAreEachOthersRelay) {
  constexpr auto kKind = TunnelKind::six_to_four;
  expect_bounded(World(gateway(kKind, kSixToFourDomain, kOne, kTwo, kSixToFourDomain.prefix_of(kOne)),
                       gateway(kKind, kSixToFourDomain, kTwo, kOne, kSixToFourDomain.prefix_of(kTwo))));
}

// proves: Q3
TEST(RoutingLoop, EndsBetweenA6to4SiteAndItsRelay) {
  constexpr auto kKind = TunnelKind::six_to_four;
  expect_bounded(World(gateway(kKind, kSixToFourDomain, kOne, kTwo, kSixToFourDomain.prefix_of(kOne)),
                       relay(kKind, kSixToFourDomain, kTwo)));
}

// proves: Q3
TEST(RoutingLoop, EndsBetweenA6rdSiteAndItsBorderRelay) {
  constexpr auto kKind = TunnelKind::six_rd;
  expect_bounded(World(gateway(kKind, kRd, kOne, kTwo, kRd.prefix_of(kOne)), relay(kKind, kRd, kTwo)));
}

// What comes out of a tunnel never goes into one, and null routes take the rest.
// proves: Q3
TEST(RoutingLoop, EndsBetweenTwo6in4EndsThatAreEachOthersDefault) {
  constexpr auto kKind = TunnelKind::six_in_four;
  const Ipv6Prefix mine = *Ipv6Prefix::parse("2600:81:1::/48");
  const Ipv6Prefix yours = *Ipv6Prefix::parse("2600:81:2::/48");
  expect_bounded(World(gateway(kKind, {}, kOne, kTwo, mine), gateway(kKind, {}, kTwo, kOne, yours)));
}

// Both believe that the prefix is theirs.
// proves: Q3
TEST(RoutingLoop, EndsBetweenTwo6in4EndsOfTheSamePrefix) {
  constexpr auto kKind = TunnelKind::six_in_four;
  const Ipv6Prefix prefix = *Ipv6Prefix::parse("2600:81:1::/48");
  expect_bounded(World(gateway(kKind, {}, kOne, kTwo, prefix), gateway(kKind, {}, kTwo, kOne, prefix)));
}

// proves: Q3
TEST(RoutingLoop, EndsBetweenTwo6to4Relays) {
  constexpr auto kKind = TunnelKind::six_to_four;
  expect_bounded(World(relay(kKind, kSixToFourDomain, kOne), relay(kKind, kSixToFourDomain, kTwo)));
}

// proves: Q3
TEST(RoutingLoop, EndsBetweenTwoBorderRelaysOfOneDomain) {
  constexpr auto kKind = TunnelKind::six_rd;
  expect_bounded(World(relay(kKind, kRd, kOne), relay(kKind, kRd, kTwo)));
}

// RFC 6324 §2: the border relay is a 6to4 site to the relay, the relay a 6rd site to the border relay.
// proves: Q1 Q3
TEST(RoutingLoop, EndsBetweenA6to4RelayAndABorderRelay) {
  expect_bounded(
      World(relay(TunnelKind::six_to_four, kSixToFourDomain, kOne), relay(TunnelKind::six_rd, kRd, kTwo)));
}

// Nobody knows another one's 6rd domain by its addresses (RFC 6324 §4): only the hop limit ends the loop,
// unless one of the two has the other in its list of relays (RFC 5969 §12). proves: Q2 Q3 E23
TEST(RoutingLoop, BetweenBorderRelaysOfTwoDomainsEndsByTheListOfEither) {
  constexpr auto kKind = TunnelKind::six_rd;
  World unlisted(relay(kKind, kRd, kOne), relay(kKind, kOtherRd, kTwo));
  EXPECT_EQ(worst_of(unlisted).forwards, 254U);
  for (const std::size_t listing : {0U, 1U}) {
    World listed(relay(kKind, kRd, kOne), relay(kKind, kOtherRd, kTwo));
    listed.box(listing).snapshot.tunnels[0].relays = {listing == 0 ? kTwo : kOne};
    const Worst worst = worst_of(listed);
    EXPECT_LE(worst.forwards, 2U) << worst.packet;
  }
}

}  // namespace gate41::testing
