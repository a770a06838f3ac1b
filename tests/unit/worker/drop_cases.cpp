#include "tests/unit/worker/drop_cases.hpp"

namespace gate41::testing {
namespace {

using Act = std::function<void(GatewaySite&)>;

Act lan(const PacketBuilder& packet) {
  return [frame = packet.build()](GatewaySite& site) { site.receive(kLanDevice, frame); };
}
Act wan(const PacketBuilder& packet) {
  return [frame = packet.build()](GatewaySite& site) { site.receive(kWanDevice, frame); };
}
PacketBuilder host() { return GatewaySite::from_host(); }
PacketBuilder host_v6() { return host().ipv6(kHost, kServer); }
PacketBuilder isp() { return PacketBuilder().ethernet(kWanMac, kIspMac); }
PacketBuilder relay() { return GatewaySite::from_wan(); }
PacketBuilder inner(const char* source, const char* destination, Ipv4Address outer = kRelayV4) {
  return GatewaySite::from_wan(outer).ipv6(ip6(source), ip6(destination)).udp(8080, 40000);
}
PacketBuilder arp() { return isp().arp(1, kIspMac, ip4("11.0.0.1"), MacAddress{}, kOwnV4); }

// --- ways that need more than a frame

void send_too_long(GatewaySite& site) {
  const Frame frame = host_v6().udp(1, 2).payload(kBufferRoom).build();
  rte_mbuf* chain = site.make_chain(frame, {1000, 1000});
  site.receive_mbufs(kLanDevice, {&chain, 1});
}

void send_chain_without_buffers(GatewaySite& site) {
  rte_mbuf* chain = site.make_chain(host_v6().udp(1, 2).build(), {20});
  std::vector<rte_mbuf*> held;
  while (rte_mbuf* mbuf = rte_pktmbuf_alloc(site.pool())) held.push_back(mbuf);
  site.held_outside = held.size();
  site.receive_mbufs(kLanDevice, {&chain, 1});
  rte_pktmbuf_free_bulk(held.data(), static_cast<unsigned>(held.size()));
  site.held_outside = 0;
}

void send_without_headroom(GatewaySite& site) {
  const Frame frame = host_v6().udp(1, 2).build();
  rte_mbuf* mbuf = rte_pktmbuf_alloc(site.pool());
  mbuf->data_off = 0;
  std::ranges::copy(frame, rte_pktmbuf_append(mbuf, static_cast<uint16_t>(frame.size())));
  site.receive_mbufs(kLanDevice, {&mbuf, 1});
}

// As the worker loop does with what the WAN's device has not taken.
void refuse_tx(GatewaySite& site, DropReason reason) {
  rte_mbuf* mbuf = site.make_mbuf(host_v6().udp(1, 2).build());
  site.pipeline->receive({&mbuf, 1}, kLanDevice, site.snapshot, site.now);
  auto& queue = site.pipeline->outputs().tx[kWanDevice];
  site.pipeline->give_back_tx(queue, reason);
  queue.clear();
}

void refuse_exception(GatewaySite& site) {
  rte_mbuf* mbuf = site.make_mbuf(arp().build());
  site.pipeline->receive({&mbuf, 1}, kWanDevice, site.snapshot, site.now);
  auto& queue = site.pipeline->outputs().exceptions;
  site.pipeline->give_back_exceptions(queue);
  queue.clear();
}

void give_up(GatewaySite& site, InjectKind kind) {
  const Outcome waits = site.host_sends(host().ipv6(kHost, ip6("2002:b00:2:2::99")).udp(1, 2));
  site.give_back(kind, waits.raised.at(0));
}

TcpFields flags(uint8_t value, uint32_t sequence = 1000, uint32_t acknowledgement = 0) {
  TcpFields fields;
  fields.flags = value;
  fields.sequence = sequence;
  fields.acknowledgement = acknowledgement;
  return fields;
}
PacketBuilder tcp_out(const TcpFields& fields) { return host_v6().tcp(40000, 8080, fields); }
void connect(GatewaySite& site) {
  site.host_sends(tcp_out(flags(tcp_flag::kSyn, 1000)));
  const TcpFields syn_ack = flags(tcp_flag::kSyn | tcp_flag::kAck, 5000, 1001);
  site.wan_sends(relay().ipv6(kServer, kHost).tcp(8080, 40000, syn_ack));
  site.host_sends(tcp_out(flags(tcp_flag::kAck, 1001, 5001)));
}

void fill_flow_table(GatewaySite& site) {
  for (uint16_t port = 1; port <= 8; ++port) {
    site.host_sends(host_v6().udp(port, 8080));
    site.wan_sends(relay().ipv6(kServer, kHost).udp(8080, port));
  }
}

void fill_host_share(GatewaySite& site) {
  site.snapshot.policy.host_flows = 8;
  fill_flow_table(site);
}

void let_in_and_forbid(GatewaySite& site) {
  site.snapshot.policy.inbound = Pinholes({{kHost, ip_proto::kUdp, 40000, 40000}});
  site.wan_sends(relay().ipv6(kServer, kHost).udp(8080, 40000));
  site.snapshot.policy.inbound = {};
  ++site.snapshot.policy.epoch;
}

// Part of a packet from the relay.
PacketBuilder fragment(uint16_t offset, std::size_t size, bool more, uint8_t tos = 0) {
  return relay().tos(tos).ipv4_fragment(offset, more).next_header(ip_proto::kIpv6).payload(size);
}
Act both(const PacketBuilder& first, const PacketBuilder& second) {
  return [frames = std::vector<Frame>{first.build(), second.build()}](GatewaySite& site) {
    site.receive(kWanDevice, frames);
  };
}
void wait_for_the_rest(GatewaySite& site) {
  for (int turns = 0; turns < 3200; ++turns) {
    site.now += std::chrono::milliseconds(10);
    site.pipeline->tick(site.now);
  }
}
void begin_too_many(GatewaySite& site) {
  for (uint16_t id = 100; id < 100 + Reassembler::kShare; ++id)
    site.wan_sends(relay().id(id).ipv4_fragment(0, true).next_header(ip_proto::kIpv6).payload(8));
}

void drop_default_route(GatewaySite& site) {
  std::vector<Route> routes = site.snapshot.routes.routes();
  routes.pop_back();
  site.snapshot.routes = RouteTable(routes);
}
void kill_relay(GatewaySite& site) {
  std::vector<Route> routes = site.snapshot.routes.routes();
  routes.back().kind = RouteKind::relay_down;
  site.snapshot.routes = RouteTable(routes);
}

}  // namespace

std::vector<DropCase> frame_drop_cases() {
  using enum DropReason;
  return {
      {frame_too_long, send_too_long},
      {no_buffer, send_chain_without_buffers},
      {link_unknown, lan(host().vlan(99).ipv6(kHost, kServer).udp(1, 2))},
      {ethernet_truncated, [](GatewaySite& site) { site.receive(kLanDevice, Frame(13)); }},
      {ether_type_unknown, lan(host().ether_type(0x88cc).payload(20))},
      {arp_malformed, wan(arp().set_u16(0, 6))},
      {ipv4_malformed, wan(isp().ipv4(kRelayV4, kOwnV4).set_u8(0, 0x55).payload(20))},
      {ipv4_checksum, wan(isp().ipv4(kRelayV4, kOwnV4).spoil_ipv4_checksum(0x1234).payload(20))},
      {ipv6_malformed, lan(host_v6().payload_length(9999).payload(20))},
      {ipv6_jumbo, lan(host_v6().payload_length(0).hop_by_hop().payload(20))},
      {extension_malformed, lan(host_v6().destination_options().hop_by_hop().udp(1, 2))},
      {extension_too_long, lan(host_v6().destination_options(264).udp(1, 2))},
      {routing_header_0, lan(host_v6().routing(0).udp(1, 2))},
      {first_fragment_short, lan(host_v6().fragment(0, true, 9).next_header(ip_proto::kUdp).payload(4))},
      {l4_malformed, lan(host_v6().next_header(ip_proto::kUdp).payload(4))},
      {not_for_us_mac, lan(PacketBuilder().ethernet(kGuestMac, kHostMac).ipv6(kHost, kServer).udp(1, 2))},
      {filter_inactive, lan(host_v6().udp(1, 2)),
       [](GatewaySite& site) { site.snapshot.filter_active = false; }},
      {ipv4_not_for_us, wan(isp().ipv4(kRelayV4, kSiteV4).udp(1, 2))},
      {ipv4_unsolicited, wan(isp().ipv4(kRelayV4, kOwnV4).udp(1, 2))},
      {ipv6_on_wan, wan(isp().ipv6(kServer, kHost).udp(1, 2))},
      {exception_policed, wan(arp()),
       [](GatewaySite& site) { site.receive(kWanDevice, std::vector<Frame>(100, arp().build())); }},
      {exception_ring_full, refuse_exception},
      {nd_invalid, lan(host().ipv6(kHostLinkLocal, kHomeLinkLocal).hop_limit(64).icmpv6(135, 0).payload(16))},
      {multicast_not_forwarded, lan(host().ipv6(kHost, ip6("ff0e::1")).udp(1, 2))},
  };
}

std::vector<DropCase> tunnel_drop_cases() {
  using enum DropReason;
  return {
      {outer_destination, wan(isp().ipv4(kRelayV4, ip4("11.0.0.255")).ipv6(kServer, kHost).udp(1, 2))},
      {outer_source_forbidden, wan(inner("2600:41::80", "2002:b00:2:1::10", ip4("10.1.1.1")))},
      {outer_source_own, wan(inner("2600:41::80", "2002:b00:2:1::10", kOwnV4))},
      {tunnel_unmatched, wan(isp().ipv4(kRelayV4, ip4("11.0.0.9")).ipv6(kServer, kHost).udp(1, 2))},
      {outer_source_unlisted, wan(inner("2600:41::80", "2002:b00:2:1::10", ip4("11.9.9.9"))),
       [](GatewaySite& site) { site.snapshot.tunnels[0].accept_relays_only = true; }},
      {inner_source_forbidden, wan(inner("::1", "2002:b00:2:1::10"))},
      {inner_destination_forbidden, wan(inner("2600:41::80", "fec0::1"))},
      {inner_source_embeds_forbidden, wan(inner("2002:a00:1::1", "2002:b00:2:1::10"))},
      {inner_destination_embeds_forbidden, wan(inner("2600:41::80", "2002:a00:1::1"))},
      {inner_source_mismatch, wan(inner("2002:b00:364::1", "2002:b00:2:1::10", kSiteV4))},
      {inner_destination_mismatch, wan(inner("2600:41::80", "2002:b00:500::1"))},
      {inner_destination_not_ours, wan(inner("2002:b00:363::1", "2600:41::80", kSiteV4))},
      {inner_native_native, wan(inner("2600:41::80", "2600:42::1"))},
      {inner_source_own, wan(inner("2002:b00:2:1::11", "2002:b00:2:1::10"))},
      {inner_link_local, wan(inner("fe80::1", "2002:b00:2:1::10"))},
      {nested_tunnel, wan(relay().ipv6(kServer, kTunnelAddress).next_header(ip_proto::kGre).payload(20))},
      {ecn_ce_not_ect, wan(relay().tos(3).ipv6(kServer, kHost).udp(8080, 40000))},
  };
}

std::vector<DropCase> fragment_drop_cases() {
  using enum DropReason;
  constexpr uint8_t kEct0 = 2, kCe = 3;
  return {
      {fragment_malformed, wan(fragment(0, 12, true))},
      {fragment_too_long, wan(fragment(1968, 8, false))},
      {fragment_duplicate, wan(fragment(0, 8, true)), wan(fragment(0, 8, true))},
      {fragment_overlap, wan(fragment(32, 8, true)), both(fragment(0, 16, true), fragment(8, 16, true))},
      {fragment_ecn_mixed, wan(fragment(32, 8, true, kEct0)),
       both(fragment(0, 8, true), fragment(8, 8, true, kCe))},
      {fragment_timeout, wait_for_the_rest, wan(fragment(0, 8, true))},
      {fragment_evicted, wan(fragment(0, 8, true)), begin_too_many},
  };
}

const std::vector<uint8_t> kSctpData = {0, 3, 0, 4};  // a chunk without data

std::vector<DropCase> filter_drop_cases() {
  using enum DropReason;
  return {
      {policy_source_multicast, lan(host().ipv6(ip6("ff0e::1"), kServer).udp(1, 2))},
      {policy_source_not_lan, lan(host().ipv6(kGuest, kServer).udp(1, 2))},
      {policy_source_withdrawn, lan(host().ipv6(ip6("2002:b00:9:1::10"), kServer).udp(1, 2))},
      {policy_forbidden_block, lan(host().ipv6(kHost, ip6("fec0::1")).udp(1, 2))},
      {filter_unsolicited, wan(relay().ipv6(kServer, kHost).udp(8080, 40000))},
      {filter_flow_barred, lan(host_v6().udp(40000, 8080)), let_in_and_forbid},
      {filter_own_unsolicited, wan(relay().ipv6(kServer, kTunnelAddress).udp(1, 2))},
      {filter_own_closed, lan(host().ipv6(kHost, kHomeRouter).udp(1, 2))},
      {filter_own_protocol, lan(host().ipv6(kHost, kHomeRouter).next_header(253).payload(20))},
      {filter_icmpv6_type, lan(host_v6().hop_limit(255).icmpv6(137, 0).payload(32))},
      {filter_error_unrelated, wan(relay()
                                       .ipv6(kServer, kHost)
                                       .icmpv6(1, 0)
                                       .payload(PacketBuilder().ipv6(kHost, kServer).udp(1, 2).build()))},
      {filter_tcp_invalid, lan(tcp_out(flags(tcp_flag::kSyn | tcp_flag::kFin)))},
      {filter_tcp_window, lan(tcp_out(flags(tcp_flag::kAck, 0x40000000, 5001)).payload(10)), connect},
      {filter_tcp_no_flow, lan(tcp_out(flags(tcp_flag::kRst)))},
      {filter_sctp_invalid, lan(host_v6().sctp(5000, 5001))},
      {filter_sctp_tag, lan(host_v6().sctp(5000, 5001).set_u32(4, 8).payload(kSctpData)),
       [](GatewaySite& site) {
         site.host_sends(
             GatewaySite::from_host().ipv6(kHost, kServer).sctp(5000, 5001).set_u32(4, 7).payload(kSctpData));
       }},
      {filter_sctp_no_flow, lan(host_v6().sctp(5000, 5001).payload({6, 0, 0, 4}))},
      {filter_dccp_invalid, lan(host_v6().dccp(5000, 5001).set_u8(8, 15U << 1U))},
      {filter_dccp_no_flow, lan(host_v6().dccp(5000, 5001).set_u8(8, 7U << 1U | 1U))},
      {filter_fragment, lan(host_v6().fragment(24, false, 7).next_header(ip_proto::kUdp).payload(16))},
      {flow_table_full, lan(host_v6().udp(9, 8080)), fill_flow_table, 8},
      {filter_host_limit, lan(host_v6().udp(9, 8080)), fill_host_share},
  };
}

std::vector<DropCase> forward_drop_cases() {
  using enum DropReason;
  return {
      {hop_limit, lan(host_v6().hop_limit(1).udp(1, 2))},
      {no_route, lan(host_v6().udp(1, 2)), drop_default_route},
      {null_route, lan(host().ipv6(kHost, ip6("2002:b00:2:99::1")).udp(1, 2))},
      {relay_down, lan(host_v6().udp(1, 2)), kill_relay},
      {destination_embeds_forbidden, lan(host().ipv6(kHost, ip6("2002:a00:1::1")).udp(1, 2))},
      {destination_embeds_own, lan(host().ipv6(kHost, ip6("2002:b00:4::1")).udp(1, 2)),
       [](GatewaySite& site) { site.snapshot.tunnels[0].local = ip4("11.0.0.4"); }},
      {native_native, lan(host().ipv6(ip6("2600:77::1"), kServer).udp(1, 2)),
       [](GatewaySite& site) {
         site.snapshot.lans[0].prefixes.push_back(*Ipv6Prefix::parse("2600:77::/64"));
       }},
      {packet_too_big, lan(host_v6().udp(1, 2).payload(1400))},
      {next_hop_unresolved, lan(host_v6().udp(1, 2)),
       [](GatewaySite& site) { site.adjacencies.release(site.relay_way); }},
      {neighbour_failed, [](GatewaySite& site) { give_up(site, InjectKind::failed); }},
      {neighbour_queue, [](GatewaySite& site) { give_up(site, InjectKind::crowded); }},
      {no_headroom, send_without_headroom},
      {tx_full, [](GatewaySite& site) { refuse_tx(site, DropReason::tx_full); }},
      {link_down, [](GatewaySite& site) { refuse_tx(site, DropReason::link_down); }},
  };
}

std::vector<RelayDropCase> relay_drop_cases() {
  using enum DropReason;
  const Ipv6Address far = ip6("2600:42::80");
  const Ipv6Address other_site = ip6("2002:b00:500::1");
  return {
      {site_unlisted,
       [=](RelaySite& site) {
         site.snapshot.tunnels[0].sites = {*Ipv4Prefix::parse("11.7.0.0/16")};
         site.wan_sends(RelaySite::from_site().ipv6(kSite, far).udp(1, 2));
       }},
      {site_rate,
       [=](RelaySite& site) {
         site.snapshot.site_limit = {1000, SiteMeters::kMinBurst};
         for (int packets = 0; packets < 2; ++packets)
           site.wan_sends(RelaySite::from_site().ipv6(kSite, far).udp(1, 2).payload(1200));
       }},
      {inner_6to4_to_6to4,
       [=](RelaySite& site) { site.wan_sends(RelaySite::from_site().ipv6(kSite, other_site).udp(1, 2)); }},
      {source_embeds_own,
       [=](RelaySite& site) {
         site.native_sends(RelaySite::from_native().ipv6(ip6("2600:42::200:5efe:b00:3"), kSite).udp(1, 2));
       }},
      {source_embeds_other,
       [=](RelaySite& site) {
         site.native_sends(RelaySite::from_native().ipv6(other_site, kSite).udp(1, 2));
       }},
      {redirected_back,
       [=](RelaySite& site) { site.native_sends(RelaySite::from_native().ipv6(far, kServer).udp(1, 2)); }},
  };
}

}  // namespace gate41::testing
