"""The table behind test_drops: for each drop reason the packet that moves it, and the box that it is sent to.

A row: reason, variant (how the box is set up, test_drops.py), act(bench). act() sends; the last packet is the one that
is dropped, the only one to be, unless the row says `many`.
"""
import dataclasses
import struct
import typing

from tests.lab.workers import WORKERS

from . import packets as p
from .sites import (ABSENT, ANYCAST, FAR, HOST, ISP, OTHER_SITE, ROUTER, SERVER, SITE, TUNNEL, WAN, GatewayBench,
                    RelayBench)


@dataclasses.dataclass
class Row:
    reason: str
    variant: str
    act: typing.Callable
    many: bool = False
    deadline: float = 10.0
    settings: dict = dataclasses.field(default_factory=dict)  # of a reload before, taken back after


# Reasons that no packet can bring about here, and why; unit tests show those marked so.
NOT_HERE = {
    "frame_too_long": "the device of the lab never gives more than one buffer a frame (unit tests: worker)",
    "ethernet_truncated": "a veth carries no frame without its Ethernet header (unit tests: worker)",
    "filter_inactive": "the filter is active before the first frame is taken (unit tests: worker)",
    **dict.fromkeys(
        ("fragment_malformed", "fragment_too_long", "fragment_duplicate", "fragment_overlap", "fragment_ecn_mixed",
         "fragment_timeout", "fragment_evicted"),
        "under net_af_packet the kernel puts IPv4 fragments together; over net_pcap: test_reassembly.py"),
    "exception_ring_full": "the classes' rates admit less than the ring holds while control runs (unit tests: worker)",
    "no_route": "either role always has a default route (unit tests: worker)",
    "native_native": "LANs have no native prefix with 6to4; a relay drops redirected_back first (unit tests: worker)",
    "no_headroom": "the device leaves the usual headroom (unit tests: worker)",
    "tx_full": "a veth takes every frame at once (unit tests: worker)",
    "no_buffer": "the pool is sized for all queues and rings (unit tests: worker)",
    "handover_full": "needs an owner that does not keep up: tests/unit/worker/team_test.cpp",
}


def lan(packet, **ethernet):
    return lambda bench: bench.wires["lan"].send(bench.from_lan(packet, **ethernet))


def wan(packet, ether_type=p.IPV4):
    return lambda bench: bench.wires["wan"].send(bench.from_isp(packet, ether_type))


def tunnel(packet, *, on=GatewayBench.from_tunnel, **outer):
    return lambda bench: bench.wires["wan"].send(on(bench, packet, **outer))


def site(packet, **outer):
    return tunnel(packet, on=RelayBench.from_site, **outer)


def native(packet):
    return lambda bench: bench.wires["six"].send(bench.from_native(packet))


def datagram(source=HOST, destination=SERVER, **header):
    return p.udp(source, destination, 5001, 5002, b"dropped", **header)


def inner(inner_source, inner_destination, **outer):
    return tunnel(datagram(inner_source, inner_destination), **outer)


# --- what takes more than one packet


def flood_arp(bench):
    request = p.arp(1, bench.wires["wan"].mac, ISP, "00:00:00:00:00:00", WAN)
    bench.wires["wan"].send(*[bench.from_isp(request, p.ARP)] * 2000)


def exceed_site_rate(bench):
    """20 kB at once, where 12.5 kB may come."""
    packet = p.udp(SITE, FAR, 5001, 5002, bytes(1000))
    bench.wires["wan"].send(*[bench.from_site(packet)] * 20)


def answer_absent(bench):
    """An answer to a host that has left: asked for three times, then given up (RFC 4861 §7.2.2)."""
    absent = p.six_to_four(WAN, 1, ABSENT)
    lan(p.udp(absent, SERVER, 5003, 5002))(bench)
    bench.settle()
    tunnel(p.udp(SERVER, absent, 5002, 5003))(bench)


def crowd_absent(bench):
    """One more than may wait for a host (H26)."""
    answer_absent(bench)
    for _ in range(3):
        tunnel(p.udp(SERVER, p.six_to_four(WAN, 1, ABSENT), 5002, 5003))(bench)


def leave_window(bench):
    def segment(flags, sequence, acknowledgement, data=b""):
        lan(p.tcp(HOST, SERVER, 5004, 80, flags, sequence, acknowledgement, data))(bench)
        bench.settle()
    segment(p.SYN, 1000, 0)
    tunnel(p.tcp(SERVER, HOST, 80, 5004, p.SYN | p.ACK, 5000, 1001))(bench)
    bench.settle()
    segment(p.ACK, 1001, 5001)
    segment(p.ACK, 0x40000000, 5001, b"far outside")


# Chunks without anything in them.
SCTP_DATA, SCTP_ABORT = bytes([0, 3, 0, 4]), bytes([6, 0, 0, 4])


def guess_sctp_tag(bench):
    lan(p.sctp(HOST, SERVER, 5022, 5023, 7, SCTP_DATA))(bench)
    bench.settle()
    lan(p.sctp(HOST, SERVER, 5022, 5023, 8, SCTP_DATA))(bench)


def answer_barred(bench):
    """A datagram comes in by a pinhole; the pinhole goes, and the host answers."""
    number = bench.daemon.ask("pinhole", "add", "udp", "home", HOST, 5030)["id"]
    tunnel(p.udp(SERVER, HOST, 5031, 5030))(bench)
    bench.settle()
    bench.daemon.ask("pinhole", "del", number)
    lan(p.udp(HOST, SERVER, 5030, 5031))(bench)


FEW_FLOWS, SMALL_SHARE = 1024, 16


def fill_flows(bench, limit=FEW_FLOWS):
    """Answered ones, for they may not be evicted: as many as there are places but that of the ping itself. They are all of
    one worker, which has its part of the places: the owner hangs on the addresses."""
    limit //= WORKERS
    for first in range(0, limit, 32):
        ports = range(10000 + first, 10000 + min(first + 32, limit - 1))
        bench.wires["lan"].send(*[bench.from_lan(p.udp(HOST, SERVER, port, 5002)) for port in ports])
        bench.settle()
        bench.wires["wan"].send(*[bench.from_tunnel(p.udp(SERVER, HOST, 5002, port)) for port in ports])
        bench.settle()
    lan(p.udp(HOST, SERVER, 9999, 5002))(bench)


def fill_share(bench):
    fill_flows(bench, SMALL_SHARE)


# --- packets with extension headers


def chain(first, *rest):
    """(next header of the IPv6 header, payload): extension headers as (protocol, body without its first byte)."""
    headers = (first, *rest)
    payload = b""
    following = p.UDP
    for protocol, body in reversed(headers):
        payload = struct.pack("!B", following) + body + payload
        following = protocol
    return following, payload


def with_chain(*headers, data=b"\x13\x89\x13\x8a\0\x0c\0\0data", **header):
    protocol, payload = chain(*headers)
    return p.ipv6(HOST, SERVER, protocol, payload + data, **header)


HOP_BY_HOP, DESTINATION, ROUTING, FRAGMENT = 0, 60, 43, 44
ROUTING_0 = (ROUTING, struct.pack("!BBBI", 2, 0, 1, 0) + p.ip6(SERVER))


def fragment(offset, more, ident):
    return FRAGMENT, struct.pack("!BHI", 0, offset | more, ident)


QUOTE = p.udp(HOST, SERVER, 5005, 5006)
BAD_ARP = b"\0\x06" + p.arp(1, "02:00:00:00:00:01", ISP, "00:00:00:00:00:00", WAN)[2:]
OTHER_STATION = "02:00:00:00:00:99"

ROWS = [
    # receive, parse
    Row("link_unknown", "gateway", lan(datagram(), vlan=99)),
    Row("ether_type_unknown", "gateway", lambda b: b.wires["lan"].send(
        p.ethernet(b.macs["lan"], b.wires["lan"].mac, 0x88B5, bytes(46)))),
    Row("arp_malformed", "gateway", wan(BAD_ARP, p.ARP)),
    Row("ipv4_malformed", "gateway", wan(b"\x55" + p.ipv4(ANYCAST, WAN, bytes(20))[1:])),
    Row("ipv4_checksum", "gateway", wan(p.ipv4(ANYCAST, WAN, datagram(SERVER, HOST), spoil=0x1234))),
    Row("ipv6_malformed", "gateway", lan(p.ipv6(HOST, SERVER, p.UDP, bytes(20), length=9999))),
    Row("ipv6_jumbo", "gateway", lan(with_chain((HOP_BY_HOP, p.padding_options(8)), length=0))),
    Row("extension_malformed", "gateway", lan(with_chain((DESTINATION, p.padding_options(8)),
                                                         (HOP_BY_HOP, p.padding_options(8))))),
    Row("extension_too_long", "gateway", lan(with_chain((DESTINATION, p.padding_options(264))))),
    Row("routing_header_0", "gateway", lan(with_chain(ROUTING_0))),
    Row("first_fragment_short", "gateway", lan(with_chain(fragment(0, 1, 9), data=bytes(4)))),
    Row("l4_malformed", "gateway", lan(p.ipv6(HOST, SERVER, p.UDP, bytes(4)))),
    # classify
    Row("not_for_us_mac", "gateway", lambda b: b.wires["lan"].send(
        p.ethernet(OTHER_STATION, b.wires["lan"].mac, p.IPV6, datagram()))),
    Row("ipv4_not_for_us", "gateway", wan(p.ipv4(ANYCAST, OTHER_SITE, bytes.fromhex("1389138a00080000"), p.UDP))),
    Row("ipv4_unsolicited", "gateway", wan(p.ipv4(ANYCAST, WAN, bytes.fromhex("1389138a00080000"), p.UDP))),
    Row("ipv6_on_wan", "gateway", wan(datagram(SERVER, HOST), p.IPV6)),
    Row("exception_policed", "gateway", flood_arp, many=True),
    Row("nd_invalid", "gateway", lan(p.icmpv6(HOST, ROUTER, 135, 0, bytes(4) + p.ip6(ROUTER), hop_limit=64))),
    Row("multicast_not_forwarded", "gateway", lan(datagram(destination="ff0e::1"))),
    # decapsulate
    Row("outer_destination", "gateway", inner(SERVER, HOST, destination="11.0.0.255")),
    Row("outer_source_forbidden", "gateway", inner(SERVER, HOST, source="10.1.1.1")),
    Row("outer_source_own", "gateway", inner(SERVER, HOST, source=WAN)),
    Row("tunnel_unmatched", "gateway", inner(SERVER, HOST, destination="11.0.0.9")),
    Row("outer_source_unlisted", "gateway", inner(SERVER, HOST, source="11.9.9.9"),
        settings={"tunnels": {"main": {"accept": "relays"}}}),
    Row("inner_source_forbidden", "gateway", inner("::1", HOST)),
    Row("inner_destination_forbidden", "gateway", inner(SERVER, "fec0::1")),
    Row("inner_source_embeds_forbidden", "gateway", inner(p.six_to_four("10.0.0.1", 0, 1), HOST)),
    Row("inner_destination_embeds_forbidden", "gateway", inner(SERVER, p.six_to_four("10.0.0.1", 0, 1))),
    Row("inner_source_mismatch", "gateway", inner(p.six_to_four("11.0.3.100", 0, 1), HOST, source=OTHER_SITE)),
    Row("inner_destination_mismatch", "gateway", inner(SERVER, p.six_to_four("11.0.5.0", 0, 1))),
    Row("inner_destination_not_ours", "gateway", inner(SITE, SERVER, source=OTHER_SITE)),
    Row("inner_native_native", "gateway", inner(SERVER, "2600:42::1")),
    Row("inner_source_own", "gateway", inner(p.six_to_four(WAN, 1, 0x11), HOST)),
    Row("inner_link_local", "gateway", inner("fe80::1", HOST)),
    Row("nested_tunnel", "gateway", tunnel(p.ipv6(SERVER, TUNNEL, p.GRE, bytes(20)))),
    Row("ecn_ce_not_ect", "gateway", tunnel(datagram(SERVER, HOST), tos=3)),
    Row("site_unlisted", "relay", site(datagram(p.six_to_four("11.7.0.1", 1, 5), FAR), source="11.7.0.1"),
        settings={"relay": {"sites": [f"{OTHER_SITE}/32"]}}),
    Row("site_rate", "relay", exceed_site_rate, many=True, settings={"relay": {"site_limit": {"rate": 1}}}),
    Row("inner_6to4_to_6to4", "relay", site(datagram(SITE, p.six_to_four("11.0.5.0", 0, 1)))),
    # filter
    Row("policy_source_multicast", "gateway", lan(datagram("ff0e::1"))),
    Row("policy_source_not_lan", "gateway", lan(datagram(p.six_to_four(WAN, 2, 0x20)))),
    Row("policy_source_withdrawn", "renumbered", lan(datagram(p.six_to_four("11.5.0.2", 1, 0x10)))),
    Row("policy_forbidden_block", "gateway", lan(datagram(destination="fec0::1"))),
    Row("filter_unsolicited", "gateway", inner(SERVER, HOST)),
    Row("filter_flow_barred", "gateway", answer_barred),
    Row("filter_own_unsolicited", "gateway", inner(SERVER, TUNNEL)),
    Row("filter_own_closed", "gateway", lan(datagram(destination=ROUTER))),
    Row("filter_own_protocol", "gateway", lan(p.ipv6(HOST, ROUTER, 253, bytes(20)))),
    Row("filter_icmpv6_type", "gateway", lan(p.icmpv6(HOST, SERVER, 137, 0, bytes(36), hop_limit=255))),
    Row("filter_error_unrelated", "gateway", tunnel(p.icmpv6(SERVER, HOST, 1, 0, bytes(4) + QUOTE))),
    Row("filter_tcp_invalid", "gateway", lan(p.tcp(HOST, SERVER, 5007, 80, p.SYN | p.FIN))),
    Row("filter_tcp_window", "gateway", leave_window),
    Row("filter_tcp_no_flow", "gateway", lan(p.tcp(HOST, SERVER, 5008, 80, p.RST))),
    Row("filter_sctp_invalid", "gateway", lan(p.sctp(HOST, SERVER, 5020, 5021))),
    Row("filter_sctp_tag", "gateway", guess_sctp_tag),
    Row("filter_sctp_no_flow", "gateway", lan(p.sctp(HOST, SERVER, 5024, 5025, 7, SCTP_ABORT))),
    Row("filter_dccp_invalid", "gateway", lan(p.dccp(HOST, SERVER, 5026, 5027, 15))),
    Row("filter_dccp_no_flow", "gateway", lan(p.dccp(HOST, SERVER, 5028, 5029, 7))),
    Row("filter_fragment", "gateway", lan(with_chain(fragment(24, 0, 7), data=bytes(16)))),
    Row("flow_table_full", "few flows", fill_flows),
    Row("filter_host_limit", "small share", fill_share),
    # forward
    Row("hop_limit", "gateway", lan(datagram(hop_limit=1))),
    Row("null_route", "gateway", lan(datagram(destination=p.six_to_four(WAN, 0x99, 1)))),
    Row("relay_down", "dead relay", lan(datagram())),
    Row("destination_embeds_forbidden", "gateway", lan(datagram(destination=p.six_to_four("10.0.0.1", 0, 1)))),
    Row("destination_embeds_own", "renumbered", lan(
        datagram(p.six_to_four("11.6.0.2", 1, 0x10), p.six_to_four(WAN, 0, 1)))),
    Row("source_embeds_own", "relay", native(datagram("2600:42::200:5efe:b00:3", SITE))),
    Row("source_embeds_other", "relay", native(datagram(p.six_to_four("11.0.5.0", 0, 1), SITE))),
    Row("packet_too_big", "gateway", lan(p.udp(HOST, SERVER, 5009, 5002, bytes(1400)))),
    Row("next_hop_unresolved", "no ARP", lan(datagram(destination=SITE))),
    Row("neighbour_failed", "gateway", answer_absent, deadline=20),
    # send. The kernel asks for its next hop meanwhile: these are lost too.
    Row("link_down", "no link", lan(datagram()), many=True),
    Row("redirected_back", "relay", native(datagram(FAR, "2600:43::1"))),
    # The last of its box: those that wait fail some seconds later.
    Row("neighbour_queue", "gateway", crowd_absent),
]
