"""Every reason why a packet is not forwarded: one packet through the real ports moves its counter and no other."""
import pathlib
import re

import pytest

from tests.lab.netns import wait_for

from . import packets as p
from .drop_cases import FEW_FLOWS, NOT_HERE, ROWS, SMALL_SHARE
from .sites import HOST, WAN, GatewayBench, RelayBench, wait_moved

pytestmark = pytest.mark.two_workers

DEFINITIONS = pathlib.Path(__file__).resolve().parents[2] / "dataplane/base/drop_reasons.def"


def renumbered(bench):
    """Behind a NAT whose outside address has changed: the old prefix is withdrawn."""
    def outside(address):
        return {"wan": {"external_address": {"from": address}}}
    bench.start("renumbered", healthy=False, **outside("11.5.0.2"))
    bench.change(**outside("11.6.0.2"))
    wait_for(lambda: bench.daemon.status()["tunnels"][0]["prefix"] == "2002:b06:2::/48", "the prefix follows the outside address")


def dead_relay(bench):
    bench.relay_answers = False
    bench.start("dead", healthy=False, tunnels={"main": {"probe": {"interval": "1s", "misses": 1}}})
    wait_dead(bench)


def no_arp(bench):
    """Nobody answers ARP on the WAN, so that no relay is probed either."""
    bench.arp_answered = False
    bench.start("noarp", healthy=False)
    wait_for(lambda: bench.daemon.status()["tunnels"][0]["prefix"] == "2002:b00:2::/48", "the site has its prefix")


def no_link(bench):
    bench.start("nolink")
    bench.set_link("wan", "down")


def wait_dead(bench):
    wait_for(lambda: "dead" in str(bench.daemon.ask("tunnels")), "the relay is judged dead")


VARIANTS = {
    "gateway": (GatewayBench, lambda bench: bench.start("gateway")),
    "renumbered": (GatewayBench, renumbered),
    "few flows": (GatewayBench, lambda bench: bench.start("few", filter={"max_flows": FEW_FLOWS, "host_flows": 2 * FEW_FLOWS})),
    "small share": (GatewayBench, lambda bench: bench.start("share", filter={"host_flows": SMALL_SHARE})),
    "dead relay": (GatewayBench, dead_relay),
    "no ARP": (GatewayBench, no_arp),
    "no link": (GatewayBench, no_link),
    "relay": (RelayBench, lambda bench: bench.start("relay")),
}

BY_VARIANT = sorted(ROWS, key=lambda row: list(VARIANTS).index(row.variant))


class Boxes:
    """One box runs at a time: that of the variant which was asked for last, started once for all its rows."""

    def __init__(self, world):
        self.boxes = {GatewayBench: GatewayBench(world), RelayBench: RelayBench(world)}
        self.variant = self.running = None

    def of(self, variant):
        if variant != self.variant:
            self.stop()
            kind, start = VARIANTS[variant]
            self.running, self.variant = self.boxes[kind], variant
            start(self.running)
        return self.running

    def stop(self):
        if self.running:
            self.running.stop()
        self.variant = self.running = None


@pytest.fixture(scope="module")
def boxes(module_internet):
    boxes = Boxes(module_internet("g41d"))
    yield boxes
    boxes.stop()


def settle(bench, row):
    """Where nothing gets through, the counter alone tells that the packet was worked off."""
    if row.variant in ("renumbered", "dead relay", "no ARP", "no link"):
        return
    bench.settle()
    if row.many:
        wait_still(bench)


def wait_still(bench):
    """The ping overtakes what waits in the queue of another worker."""
    readings = []

    def still():
        readings.append(bench.drops())
        return readings[-1] in readings[:-1]
    wait_for(still, "the counters of drops stand still", every=0.2)


@pytest.mark.proves("C1", "C2", "C3", "C5", "C6", "C7", "C8", "C10", "C11", "C12", "C13", "C14", "C15", "C16", "C20",
                    "C21", "C22", "C25", "D20", "D29", "F4", "A17", "B27", "K1", "K3", "K4", "K5", "K53", "K54", "K55",
                    "K58", "Q6", "X26")
@pytest.mark.parametrize("row", BY_VARIANT, ids=[row.reason for row in BY_VARIANT])
def test_packet_moves_its_counter_and_no_other(boxes, row):
    bench = boxes.of(row.variant)
    if row.settings:
        bench.change(**row.settings)
    before = bench.drops()
    row.act(bench)
    wait_moved(bench, before, row.deadline)
    settle(bench, row)
    moved = bench.moved(before)
    expected = moved.get(row.reason, 0) if row.many else 1
    assert moved == {row.reason: expected} and expected > 0
    assert bench.counters()["conserved"]
    if row.settings:
        bench.change()


@pytest.mark.proves("C27", "S87")
def test_a_dropped_packets_outer_source_is_remembered(boxes):
    bench = boxes.of("gateway")
    bogus = p.udp(p.six_to_four(WAN, 1, 0x11), HOST, 5001, 5002, b"bogus")

    def last():
        bench.wires["wan"].send(bench.from_tunnel(bogus, source="11.9.8.7"))
        return bench.daemon.tool("drops", "--reason", "inner_source_own", "-n", "1").stdout
    expected = f"inner_source_own  wan  from 11.9.8.7 to {WAN}: 2002:b00:2:1::11 > {HOST} udp 5001 > 5002\n"
    wait_for(lambda: last().endswith(expected), "the drop and its outer source are listed")


def test_every_reason_has_a_packet_or_says_why_not():
    reasons = re.findall(r"^G41_DROP\((\w+),", DEFINITIONS.read_text(), re.MULTILINE)
    rows = [row.reason for row in ROWS]
    assert sorted(rows + list(NOT_HERE)) == sorted(reasons)
