"""Outer IPv4 packets in fragments through the real ports: Scapy cuts them, the gateway puts them together.

net_af_packet cannot show it: there the kernel puts IPv4 fragments together before it hands them over. So the WAN is a
net_pcap device here, which sees what is on the wire and has a MAC of its own where several workers send by it.
"""
import pytest
from scapy.layers.inet import IP, fragment

from tests.lab.netns import wait_for
from tests.lab.workers import WORKERS, seeing_fragments

from . import packets as p
from .sites import ANYCAST, HOST, OTHER_SITE, SERVER, WAN, GatewayBench, wait_moved

ECT0, CE = 2, 3


class FragmentBench(GatewayBench):
    def ports(self):
        ports = super().ports()
        wan = self.devices["wan"]
        ports["wan"]["device"] = f"net_pcap0,iface={wan},phy_mac=1" if WORKERS == 1 else seeing_fragments(0, wan)
        return ports

    def run(self, instance, config):
        super().run(instance, config)
        self.macs = {row["name"]: row["mac"] for row in self.daemon.ask("ports")}

    def fragments(self, packet, size=552, ident=1, source=ANYCAST):
        """Frames, first to last."""
        whole = IP(p.ipv4(source, WAN, packet, ident=ident))
        return [self.from_isp(bytes(part)) for part in fragment(whole, fragsize=size)]


@pytest.fixture(scope="module")
def gateway(module_internet):
    bench = FragmentBench(module_internet("g41df"))
    bench.start("fragments")
    yield bench
    bench.stop()


def opened(gateway, port):
    """A flow of the host's; returns the answer that may come in."""
    out = p.udp(HOST, SERVER, port, 6002, b"out")
    gateway.wires["lan"].send(gateway.from_lan(out))
    gateway.wires["wan"].take(lambda f: f[34:] == out[:7] + b"\x3f" + out[8:], "the packet that opens the flow")
    data = bytes(i & 0xFF for i in range(1200))
    return lambda **header: p.udp(SERVER, HOST, 6002, port, data, **header)


def reached_host(gateway, packet):
    frame = p.ethernet(gateway.wires["lan"].mac, gateway.macs["lan"], p.IPV6, packet)
    return gateway.wires["lan"].take(lambda f: f == frame, "the whole packet on the LAN")


@pytest.mark.proves("D24", "D26")
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 1, 2, 0)], ids=["in order", "backwards", "one twice"])
def test_fragments_reach_the_host_as_one_packet(gateway, order):
    answer = opened(gateway, 6100 + order[0])
    frames = gateway.fragments(answer(), ident=10 + order[0])
    assert len(frames) == 3
    before, away = gateway.drops(), gateway.counters()["totals"]["reassembled_away"]
    gateway.wires["wan"].send(*(frames[i] for i in order))
    reached_host(gateway, answer(hop_limit=63))
    assert gateway.moved(before) == ({"fragment_duplicate": 1} if len(order) > 3 else {})
    counters = gateway.counters()
    assert counters["conserved"] and counters["totals"]["held"] == 0
    assert counters["totals"]["reassembled_away"] == away + 2


@pytest.mark.proves("D26", "F6")
def test_mark_on_one_fragment_reaches_the_host(gateway):
    answer = opened(gateway, 6110)
    frames = gateway.fragments(answer(traffic_class=ECT0), ident=20)
    marked = [IP(frame[14:]) for frame in frames]
    for i, packet in enumerate(marked):
        packet.tos = CE if i == 1 else ECT0
        del packet.chksum
    gateway.wires["wan"].send(*(gateway.from_isp(bytes(packet)) for packet in marked))
    reached_host(gateway, answer(traffic_class=CE, hop_limit=63))


def part(offset, length, more, ident, tos=0, source=OTHER_SITE):
    return p.ipv4(source, WAN, bytes(length), ident=ident, tos=tos, fragment=(0x2000 if more else 0) | offset // 8)


CASES = {
    "fragment_malformed": [part(0, 12, True, 31)],
    "fragment_too_long": [part(1968, 8, False, 32)],
    "fragment_duplicate": [part(0, 8, True, 33), part(0, 8, True, 33)],
    "fragment_overlap": [part(0, 16, True, 34), part(8, 16, True, 34)],
    "fragment_ecn_mixed": [part(0, 8, True, 35), part(8, 8, True, 35, tos=CE)],
    "fragment_evicted": [part(0, 8, True, 100 + i, source="11.0.3.200") for i in range(16 * WORKERS + 1)],
}


@pytest.mark.proves("D26")
@pytest.mark.parametrize("reason", CASES)
def test_fragments_that_make_no_packet_move_their_counter_and_no_other(gateway, reason):
    before = gateway.drops()
    gateway.wires["wan"].send(*(gateway.from_isp(packet) for packet in CASES[reason]))
    wait_moved(gateway, before)
    gateway.settle()
    lost = 2 if reason in ("fragment_overlap", "fragment_ecn_mixed") else 1
    moved = gateway.moved(before)
    if reason == "fragment_evicted" and WORKERS > 1:
        lost = moved.get(reason)  # of the workers one at least has more than it has room for
    assert moved == {reason: lost}
    assert gateway.counters()["conserved"]


@pytest.mark.proves("D26")
@pytest.mark.long
def test_fragment_whose_rest_does_not_come_is_dropped_in_time(gateway):
    wait_for_no_fragments(gateway)
    before = gateway.drops()
    gateway.wires["wan"].send(gateway.from_isp(part(0, 8, True, 40)))
    wait_moved(gateway, before, 40)
    assert gateway.moved(before) == {"fragment_timeout": 1}


def wait_for_no_fragments(gateway):
    wait_for(lambda: gateway.counters()["totals"]["held"] == 0, "no fragment is held", 40)
