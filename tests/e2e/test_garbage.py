"""Mutated frames through the real ports of gateway and relay: each is counted once, and good packets still pass."""
import itertools
import struct

import pytest

from tests.lab.netns import wait_for

from . import packets as p
from .drop_cases import ROUTING_0, fragment, with_chain
from .garbage import Mutator
from .sites import (ANYCAST, ANYCAST_FORM, FAR, HOST, ISP, NATIVE, ROUTER, SERVER, SITE, TUNNEL, WAN, GatewayBench,
                    RelayBench)

BURST = 250
ARRIVE = 3 / 4  # at least: the kernel keeps what looks like fragments of IPv4 or like half a VLAN tag to itself
CORE, LONG = 20_000, 400_000


@pytest.fixture(scope="module")
def world(module_internet):
    return module_internet("g41dg")


@pytest.fixture(params=[GatewayBench, RelayBench], ids=["gateway", "relay"])
def bench(request, world):
    bench = request.param(world)
    bench.start()
    yield bench
    bench.stop()


def seeds(bench):
    """{wire: good frames of every kind that it meets}"""
    if isinstance(bench, RelayBench):
        return {"wan": [bench.from_site(packet) for packet in (
                    p.udp(SITE, FAR, 1, 2, bytes(40)), p.echo(SITE, ANYCAST_FORM, 1, 1, hop_limit=1),
                    p.tcp(SITE, FAR, 1, 2, p.SYN),
                    p.icmpv6(SITE, FAR, 2, 0, struct.pack("!I", 1280) + p.udp(FAR, SITE, 2, 1)))],
                "six": [bench.from_native(packet) for packet in (
                    p.udp(FAR, SITE, 1, 2, bytes(40)), p.echo(FAR, NATIVE, 1, 1), p.udp(FAR, SITE, 1, 2, bytes(1300)),
                    neighbour_solicitation(bench.wires["six"].mac, FAR, NATIVE))]}
    return {"lan": [bench.from_lan(packet) for packet in lan_packets(bench)], "wan": wan_frames(bench)}


def neighbour_solicitation(mac, source, target):
    return p.icmpv6(source, target, 135, 0, bytes(4) + p.ip6(target) + b"\x01\x01" + p.mac(mac), hop_limit=255)


def lan_packets(bench):
    return [p.udp(HOST, SERVER, 1, 2, bytes(40)), p.udp(HOST, SITE, 1, 2), p.tcp(HOST, SERVER, 3, 80, p.SYN),
            p.tcp(HOST, SERVER, 3, 80, p.ACK, 1001, 1, b"data"), p.echo(HOST, ROUTER, 1, 1),
            p.udp(HOST, SERVER, 1, 2, bytes(1400)),
            p.icmpv6("fe80::10", "ff02::2", 133, 0, bytes(4), hop_limit=255),
            p.icmpv6("fe80::10", "ff02::16", 143, 0, bytes(4), hop_limit=1),
            neighbour_solicitation(bench.wires["lan"].mac, HOST, ROUTER), with_chain(ROUTING_0),
            with_chain(fragment(0, 1, 9), data=bytes(64)), with_chain((60, p.padding_options(64)), fragment(0, 0, 9))]


def wan_frames(bench):
    inside = [p.udp(SERVER, HOST, 2, 1, bytes(40)), p.tcp(SERVER, HOST, 80, 3, p.SYN | p.ACK, 1, 1001),
              p.echo(SERVER, TUNNEL, 1, 1),
              p.icmpv6(SERVER, HOST, 2, 0, struct.pack("!I", 1280) + p.udp(HOST, SERVER, 1, 2)),
              p.ipv6(SERVER, HOST, 44, struct.pack("!BBHI", p.UDP, 0, 1, 9) + bytes(64))]
    unreachable = struct.pack("!BBHI", 3, 1, 0, 0) + p.ipv4(WAN, ANYCAST, p.udp(HOST, SERVER, 1, 2))
    unreachable = unreachable[:2] + struct.pack("!H", p.checksum(unreachable)) + unreachable[4:]
    dhcp = struct.pack("!HHHH", 67, 68, 308, 0) + bytes(300)
    return [bench.from_tunnel(packet) for packet in inside] + [
        bench.from_isp(p.ipv4(ISP, WAN, unreachable, 1)),
        bench.from_isp(p.ipv4(ISP, WAN, dhcp, p.UDP)),
        bench.from_isp(p.arp(1, bench.wires["wan"].mac, ISP, "00:00:00:00:00:00", WAN), p.ARP)]


def flood(bench, count, seed):
    """Bursts on each wire in turn. The ports' buffers are not to overflow: nobody would count what they lose."""
    mutator = Mutator(seed)
    good = seeds(bench)
    wires = itertools.cycle(good)
    for _ in range(count // BURST):
        name = next(wires)
        before = received(bench)
        bench.wires[name].send(*[mutator.frame(good[name]) for _ in range(BURST)])
        wait_for(lambda: received(bench) - before >= BURST * ARRIVE, "the burst is received", 10, every=0.005)


def received(bench):
    return bench.counters()["totals"]["rx"]


def still_works(bench):
    """What garbage made it believe of its neighbours mends itself by their next answers."""
    try:
        bench.settle()
        return True
    except AssertionError:
        return False


@pytest.mark.parametrize("count", [CORE // 2, pytest.param(LONG // 2, marks=pytest.mark.long)])
def test_garbage_is_counted_and_good_packets_pass(bench, count):
    before = bench.counters()["totals"]
    flood(bench, count, seed=41)
    wait_for(lambda: still_works(bench), "a good packet passes", 60)
    assert bench.daemon.process.poll() is None
    wait_for(lambda: bench.counters()["conserved"], "every packet is accounted for, once")
    after = bench.counters()["totals"]
    assert after["rx"] - before["rx"] >= count * ARRIVE
    assert after["dropped"] - before["dropped"] > count // 4
    assert len(bench.drops()) >= 10  # many kinds of it
