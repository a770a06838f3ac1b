#include "tests/unit/garbage/seeds.hpp"

#include "tests/support/ipv4_fragments.hpp"

namespace gate41::testing {
namespace {

// The upper layers that an IPv6 header can carry here.
std::vector<PacketBuilder> uppers(const PacketBuilder& ipv6, const Frame& quote) {
  const auto with = [&](auto&& add) {
    PacketBuilder builder = ipv6;
    add(builder);
    return builder;
  };
  return {
      with([](PacketBuilder& b) { b.udp(8080, 40000).payload(30); }),
      with([](PacketBuilder& b) { b.udp(40000, 8080).payload(1300); }),
      with([](PacketBuilder& b) { b.tcp(40000, 8080).payload(5); }),
      with([](PacketBuilder& b) {
        b.tcp(8080, 40000, {.options = {2, 4, 5, 0xb4, 3, 3, 7, 0}});
      }),
      with([](PacketBuilder& b) { b.echo_request(7, 1).payload(20); }),
      with([](PacketBuilder& b) {
        b.sctp(40000, 8080).payload({0, 3, 0, 8, 1, 2, 3, 4});
      }),
      with([](PacketBuilder& b) {
        b.sctp(40000, 8080).payload({1, 0, 0, 8, 1, 2, 3, 4});
      }),
      with([](PacketBuilder& b) { b.dccp(40000, 8080).payload(4); }),
      with([](PacketBuilder& b) { b.udp_lite(40000, 8080).payload(8); }),
      with([](PacketBuilder& b) { b.esp(1, 1).payload(24); }),
      with([](PacketBuilder& b) { b.hop_by_hop().destination_options(24).udp(40000, 8080).payload(8); }),
      with([](PacketBuilder& b) { b.routing(2).ah().tcp(40000, 8080); }),
      with([](PacketBuilder& b) { b.fragment(0, true, 7).udp(40000, 8080).payload(16); }),
      with([](PacketBuilder& b) { b.fragment(24, false, 7).next_header(ip_proto::kUdp).payload(16); }),
      with([&](PacketBuilder& b) { b.icmpv6(2, 0, 1400).payload(quote); }),
      with([](PacketBuilder& b) { b.hop_limit(1).udp(40000, 8080).payload(1300); }),
  };
}

void add(std::vector<Seed>& seeds, uint16_t device, const std::vector<PacketBuilder>& builders) {
  for (const PacketBuilder& builder : builders) seeds.push_back({device, builder.build()});
}

Frame quoted(const Ipv6Address& source, const Ipv6Address& destination) {
  return PacketBuilder().ipv6(source, destination).udp(40000, 8080).payload(20).build();
}

// ARP, DHCP, ICMPv4 errors, neighbour discovery.
void add_exceptions(std::vector<Seed>& seeds) {
  const PacketBuilder isp = PacketBuilder().ethernet(kWanMac, kIspMac);
  const auto from_isp = [&] { return PacketBuilder(isp).ipv4(ip4("11.0.0.1"), kOwnV4); };
  add(seeds, kWanDevice,
      {PacketBuilder(isp).arp(1, kIspMac, ip4("11.0.0.1"), MacAddress{}, kOwnV4),
       from_isp().udp(67, 68).payload(300),
       from_isp().icmpv4(3, 1).payload(
           PacketBuilder().ipv4(kOwnV4, kRelayV4).ipv6(kHost, kServer).udp(40000, 8080).build())});
  const auto link_local = [] {
    return GatewaySite::from_host().ipv6(kHostLinkLocal, kHomeLinkLocal).hop_limit(255);
  };
  add(seeds, kLanDevice, {link_local().icmpv6(135, 0).payload(16), link_local().icmpv6(133, 0)});
}

// Of one outer packet: mutated, they overlap, contradict each other, and now and then fit.
void add_fragments(std::vector<Seed>& seeds, const PacketBuilder& whole) {
  const Frame frame = whole.build();
  const auto behind_ethernet = frame.begin() + 14;
  for (const Packet4& part : ipv4_fragments({behind_ethernet, frame.end()}, {8, 48})) {
    Frame fragment(frame.begin(), behind_ethernet);
    fragment.insert(fragment.end(), part.begin(), part.end());
    seeds.push_back({kWanDevice, fragment});
  }
}

}  // namespace

std::vector<Seed> gateway_seeds() {
  std::vector<Seed> seeds;
  add_exceptions(seeds);
  for (const Ipv6Address& to : {kServer, kSite, kGuest, kHomeRouter, kHomeLinkLocal})
    add(seeds, kLanDevice, uppers(GatewaySite::from_host().ipv6(kHost, to), quoted(to, kHost)));
  add(seeds, kLanDevice, uppers(GatewaySite::from_guest().ipv6(kGuest, kServer), quoted(kServer, kGuest)));
  for (const Ipv6Address& to : {kHost, kTunnelAddress}) {
    add(seeds, kWanDevice, uppers(GatewaySite::from_wan().ipv6(kServer, to), quoted(to, kServer)));
    add(seeds, kWanDevice, uppers(GatewaySite::from_wan(kSiteV4).tos(3).ipv6(kSite, to), quoted(to, kSite)));
    add_fragments(seeds, GatewaySite::from_wan().ipv6(kServer, to).udp(8080, 40000).payload(100));
  }
  return seeds;
}

std::vector<Seed> relay_seeds() {
  std::vector<Seed> seeds;
  add_exceptions(seeds);
  const Ipv6Address far = ip6("2600:42::80");
  for (const Ipv6Address& to : {far, kAnycastForm, kServer})
    add(seeds, kWanDevice, uppers(RelaySite::from_site().ipv6(kSite, to), quoted(to, kSite)));
  for (const Ipv6Address& to : {kSite, kNativeAddress})
    add(seeds, kLanDevice, uppers(RelaySite::from_native().ipv6(far, to), quoted(to, far)));
  return seeds;
}

}  // namespace gate41::testing
