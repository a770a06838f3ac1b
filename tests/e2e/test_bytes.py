"""Byte for byte what gateway and relay put on the wire, against formulas of the tests' own (packets.py).

Gateway and relay are one code base; a mirrored mistake would pass between them, but not here.
"""
import struct

import pytest

from tests.lab.netns import wait_for
from tests.lab.workers import WORKERS

from . import packets as p
from .sites import (ANYCAST, ANYCAST_FORM, FAR, HOST, NATIVE, NEAR_SITE, OTHER_SITE, RELAY_WAN, ROUTER, SERVER, SITE,
                    WAN, GatewayBench, RelayBench)

pytestmark = pytest.mark.two_workers
DONT_FRAGMENT = 0x4000


@pytest.fixture(scope="module")
def world(module_internet):
    return module_internet("g41db")


@pytest.fixture(scope="module")
def gateway(world):
    bench = GatewayBench(world)
    bench.start()
    yield bench
    bench.stop()


@pytest.fixture(scope="module")
def relay(world):
    bench = RelayBench(world)
    bench.start()
    yield bench
    bench.stop()


def datagram(source, destination, size=20, **header):
    return p.udp(source, destination, 6001, 6002, bytes(i & 0xFF for i in range(size)), **header)


def took_from(packet):
    """Matches a frame with this IPv6 packet in it, whatever its hop limit, traffic class and what stands around it."""
    def match(frame):
        at = frame.find(packet[8:40])
        return at >= 0 and frame[at + 32:at + 32 + len(packet) - 40] == packet[40:]
    return match


def encapsulated(bench, source, destination, inner, frame, tos=0, fragment=0):
    """The whole expected frame; the identification alone is the sender's to choose (RFC 4213 §3.5)."""
    ident = int.from_bytes(frame[18:20], "big")
    outer = p.ipv4(source, destination, inner, tos=tos, ident=ident, fragment=fragment)
    return p.ethernet(bench.wires["wan"].mac, bench.macs["wan"], p.IPV4, outer)


# --- the gateway, out


def sends_out(gateway, source=HOST, destination=SERVER, size=20, hop_limit=64, traffic_class=0):
    """(the frame on the WAN, the packet as it should be inside)."""
    def packet(limit):
        return datagram(source, destination, size, hop_limit=limit, traffic_class=traffic_class)
    gateway.wires["lan"].send(gateway.from_lan(packet(hop_limit)))
    frame = gateway.wires["wan"].take(took_from(packet(hop_limit)), "the packet on the WAN")
    return frame, packet(hop_limit - 1)


@pytest.mark.proves("A10", "D12", "D13", "D14", "D27")
@pytest.mark.parametrize("size", [0, 1, 20, 255, 1232 - 1, 1232])
def test_native_destinations_go_to_the_relay(gateway, size):
    frame, inner = sends_out(gateway, size=size)
    assert frame == encapsulated(gateway, WAN, ANYCAST, inner, frame)


@pytest.mark.proves("K56")
def test_every_worker_has_its_part(gateway):
    for server in range(32):
        sends_out(gateway, destination=f"2600:41:0:99::{server:x}")

    def parts():
        return [worker["flows"] for worker in gateway.counters()["workers"]["each"]]
    wait_for(lambda: sum(parts()) >= 32, "all flows are counted")
    assert len(parts()) == WORKERS and all(parts())


@pytest.mark.proves("D12")
@pytest.mark.parametrize("hop_limit", [2, 128, 255])
def test_hop_limit_loses_one(gateway, hop_limit):
    frame, inner = sends_out(gateway, hop_limit=hop_limit)
    assert frame == encapsulated(gateway, WAN, ANYCAST, inner, frame)


@pytest.mark.proves("A10", "C18")
@pytest.mark.parametrize("site", [OTHER_SITE, NEAR_SITE])
def test_other_sites_are_sent_to_directly(gateway, site):
    frame, inner = sends_out(gateway, destination=p.six_to_four(site, 1, 5))
    assert frame == encapsulated(gateway, WAN, site, inner, frame)


@pytest.mark.proves("F1", "X15")
@pytest.mark.parametrize("ecn", [0, 1, 2, 3])
def test_ecn_goes_outside_and_dscp_stays_inside(gateway, ecn):
    frame, inner = sends_out(gateway, traffic_class=46 << 2 | ecn)
    assert frame == encapsulated(gateway, WAN, ANYCAST, inner, frame, tos=ecn)


@pytest.mark.proves("F8", "X15")
@pytest.mark.parametrize("dscp, tos", [("copy", 46 << 2 | 1), (10, 10 << 2 | 1)])
def test_dscp_is_copied_or_set_when_asked_for(gateway, dscp, tos):
    gateway.change(tunnels={"main": {"dscp": dscp}})
    try:
        frame, inner = sends_out(gateway, traffic_class=46 << 2 | 1)
        assert frame == encapsulated(gateway, WAN, ANYCAST, inner, frame, tos=tos)
    finally:
        gateway.change()


@pytest.mark.proves("D28")
def test_ethernet_padding_is_not_carried(gateway):
    packet = datagram(HOST, SERVER, 3)
    gateway.wires["lan"].send(gateway.from_lan(packet) + bytes(13))
    frame = gateway.wires["wan"].take(took_from(packet), "the packet on the WAN")
    assert frame == encapsulated(gateway, WAN, ANYCAST, datagram(HOST, SERVER, 3, hop_limit=63), frame)


# --- the gateway, in


def open_flow(gateway, source=HOST, destination=SERVER):
    sends_out(gateway, source, destination)


def comes_in(gateway, packet, **outer):
    gateway.wires["wan"].send(gateway.from_tunnel(packet, **outer))
    return gateway.wires["lan"].take(took_from(packet), "the packet on the LAN")


def answer(**header):
    return p.udp(SERVER, HOST, 6002, 6001, b"an answer", **header)


def on_lan(bench, packet):
    return p.ethernet(bench.wires["lan"].mac, bench.macs["lan"], p.IPV6, packet)


@pytest.mark.proves("D12", "D27")
def test_answers_come_in_with_one_hop_less(gateway):
    open_flow(gateway)
    assert comes_in(gateway, answer(hop_limit=57)) == on_lan(gateway, answer(hop_limit=56))


@pytest.mark.proves("D28")
def test_bytes_behind_the_inner_packet_are_cut(gateway):
    open_flow(gateway)
    gateway.wires["wan"].send(gateway.from_tunnel(answer() + b"trailing bytes") + bytes(7))
    frame = gateway.wires["lan"].take(took_from(answer()), "the packet on the LAN")
    assert frame == on_lan(gateway, answer(hop_limit=63))


# RFC 6040, figure 4, but for the cell that is dropped: (Not-ECT, CE) is in test_drops.
ECN_CELLS = [(0, 0, 0), (0, 1, 0), (0, 2, 0), (2, 0, 2), (2, 1, 1), (2, 2, 2), (2, 3, 3), (1, 0, 1), (1, 1, 1),
             (1, 2, 1), (1, 3, 3), (3, 0, 3), (3, 1, 3), (3, 2, 3), (3, 3, 3)]


@pytest.mark.proves("F5", "F6")
@pytest.mark.parametrize("inner, outer, result", ECN_CELLS)
def test_congestion_mark_goes_inside(gateway, inner, outer, result):
    open_flow(gateway)
    frame = comes_in(gateway, answer(traffic_class=46 << 2 | inner), tos=outer)
    assert frame == on_lan(gateway, answer(traffic_class=46 << 2 | result, hop_limit=63))


@pytest.mark.proves("C18")
def test_other_sites_answer_directly(gateway):
    open_flow(gateway, destination=SITE)
    packet = p.udp(SITE, HOST, 6002, 6001, b"from a site", hop_limit=64)
    frame = comes_in(gateway, packet, source=OTHER_SITE)
    assert frame == on_lan(gateway, p.udp(SITE, HOST, 6002, 6001, b"from a site", hop_limit=63))


# --- the gateway itself


@pytest.mark.proves("S68")
def test_own_address_answers_pings_from_the_lan(gateway):
    gateway.wires["lan"].send(gateway.from_lan(p.echo(HOST, ROUTER, 7, 1, b"own address", hop_limit=9)))
    reply = p.echo(ROUTER, HOST, 7, 1, b"own address", reply=True)
    assert gateway.wires["lan"].take(took_from(reply), "the reply") == on_lan(gateway, reply)


@pytest.mark.proves("S68")
def test_subnet_router_anycast_is_answered_by_the_routers_own_address(gateway):
    anycast = p.six_to_four(WAN, 1, 0)
    gateway.wires["lan"].send(gateway.from_lan(p.echo(HOST, anycast, 7, 2)))
    reply = p.echo(ROUTER, HOST, 7, 2, reply=True)
    assert gateway.wires["lan"].take(took_from(reply), "the reply") == on_lan(gateway, reply)


@pytest.mark.proves("S64")
@pytest.mark.parametrize("own", [p.six_to_four(WAN, 0, 1), ROUTER])
def test_own_addresses_are_silent_to_the_outside(gateway, own):
    gateway.wires["wan"].forget()
    gateway.wires["wan"].send(gateway.from_tunnel(p.echo(SERVER, own, 7, 3)))
    gateway.settle()
    assert not gateway.wires["wan"].frames(lambda f: p.ip6(own) in f)


@pytest.mark.proves("D7", "I7")
def test_too_big_is_told_with_the_tunnels_mtu(gateway):
    packet = datagram(HOST, SERVER, 1281 - 48)
    gateway.wires["lan"].send(gateway.from_lan(packet))
    told = p.icmpv6(ROUTER, HOST, 2, 0, struct.pack("!I", 1280) + packet[:1280 - 48])
    assert gateway.wires["lan"].take(took_from(told), "packet too big") == on_lan(gateway, told)


@pytest.mark.proves("I8", "D12")
def test_exceeded_hop_limit_is_told(gateway):
    packet = datagram(HOST, SERVER, hop_limit=1)
    gateway.wires["lan"].send(gateway.from_lan(packet))
    told = p.icmpv6(ROUTER, HOST, 3, 0, bytes(4) + packet)
    assert gateway.wires["lan"].take(took_from(told), "time exceeded") == on_lan(gateway, told)


# --- the relay


def to_site(relay, packet, frame, source=ANYCAST, **outer):
    return encapsulated(relay, source, OTHER_SITE, packet, frame, fragment=DONT_FRAGMENT, **outer)


def on_native(relay, packet):
    return p.ethernet(relay.wires["six"].mac, relay.macs["six"], p.IPV6, packet)


@pytest.mark.proves("B22", "D12")
@pytest.mark.parametrize("address", [ANYCAST, RELAY_WAN])
@pytest.mark.parametrize("size", [0, 33, 1232])
def test_relay_carries_sites_to_the_native_side(relay, address, size):
    relay.wires["wan"].send(relay.from_site(datagram(SITE, FAR, size), destination=address))
    frame = relay.wires["six"].take(took_from(datagram(SITE, FAR, size)), "the packet on the native side")
    assert frame == on_native(relay, datagram(SITE, FAR, size, hop_limit=63))


@pytest.mark.proves("B13", "X27", "F1")
@pytest.mark.parametrize("size, ecn", [(0, 0), (33, 1), (1232, 2)])
def test_relay_sends_to_sites_from_its_anycast_address(relay, size, ecn):
    relay.wires["six"].send(relay.from_native(datagram(FAR, SITE, size, traffic_class=ecn)))
    frame = relay.wires["wan"].take(took_from(datagram(FAR, SITE, size)), "the packet on the WAN")
    assert frame == to_site(relay, datagram(FAR, SITE, size, traffic_class=ecn, hop_limit=63), frame, tos=ecn)


@pytest.mark.proves("B20", "X22", "X27", "D12")
@pytest.mark.parametrize("address, interface", [(ANYCAST, 0), (ANYCAST, 1), (RELAY_WAN, 0), (RELAY_WAN, 1)])
def test_relay_answers_probes_from_the_address_that_was_asked(relay, address, interface):
    form = p.six_to_four(address, 0, interface)
    relay.wires["wan"].send(relay.from_site(p.echo(SITE, form, 8, 1, hop_limit=1), destination=address))
    reply = p.echo(form, SITE, 8, 1, reply=True)
    frame = relay.wires["wan"].take(took_from(reply), "the answer")
    assert frame == to_site(relay, reply, frame, source=address)


@pytest.mark.proves("I8", "I9")
def test_relay_tells_sites_of_exceeded_hops(relay):
    packet = datagram(SITE, FAR, hop_limit=1)
    relay.wires["wan"].send(relay.from_site(packet))
    told = p.icmpv6(NATIVE, SITE, 3, 0, bytes(4) + packet)
    frame = relay.wires["wan"].take(took_from(told), "time exceeded")
    assert frame == to_site(relay, told, frame)


@pytest.mark.proves("D7", "I7")
def test_relay_tells_the_native_side_of_its_mtu(relay):
    packet = datagram(FAR, SITE, 1281 - 48)
    relay.wires["six"].send(relay.from_native(packet))
    told = p.icmpv6(NATIVE, FAR, 2, 0, struct.pack("!I", 1280) + packet[:1280 - 48])
    assert relay.wires["six"].take(took_from(told), "packet too big") == on_native(relay, told)


def test_the_forms_are_those_of_the_rfc():
    """RFC 3068 §2.4 and RFC 3056 §2: the mapping that everything above builds on, against what the RFCs print."""
    assert ANYCAST_FORM == "2002:c058:6301::"
    assert p.six_to_four("9.254.253.252", 1, 0) == "2002:9fe:fdfc:1::"
