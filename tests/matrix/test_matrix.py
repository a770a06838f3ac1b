"""Every cell of the matrix: gate41 does what the reference says, moves the one counter it names, and sends that alone."""
import collections
import itertools

import pytest

from . import addresses
from .boxes import BOXES
from .compare import compare, judge, tally
from .reference import rfc3964, rfc4213, rfc5969
from .reference.fate import Packet
from .reference.numbers import LINK_LOCAL, MULTICAST
from .reference.rules import Rule

# What passes the tunnel's checks as UDP is asked as these too (B20, Q6).
ALSO = ("echo", "ipv6", "ipip", "gre")
# What is said on the link of a tunnel is asked as these (C25, D32, D33).
BETWEEN_ENDS = ("echo", *rfc4213.ON_LINK)
tallies = {}  # box -> how often each counter was expected
BY_THE_OUTER_HEADER = ("drop.outer_", "drop.tunnel_", "drop.site_")
BY_THE_TUNNEL = (*BY_THE_OUTER_HEADER, "drop.inner_")


def from_the_tunnel(box):
    return (Packet(*cell) for cell in itertools.product(
        distinct(addresses.outer_sources(box)), distinct(addresses.outer_destinations(box)),
        distinct(addresses.sources(box)), distinct(addresses.destinations(box))))


def from_the_lan(box):
    return (Packet(None, None, *cell) for cell in itertools.product(
        distinct(addresses.sources(box)), distinct(addresses.destinations(box))))


def distinct(classes):
    return dict.fromkeys(classes.values())


def as_other_protocols(box, packets):
    for packet in packets:
        yield packet
        if not judge(box, packet).counter.startswith(BY_THE_TUNNEL):
            yield from (packet._replace(upper=upper) for upper in ALSO)


def is_of_the_link(box, packet):
    scoped = packet.source in LINK_LOCAL or packet.destination in LINK_LOCAL or packet.destination in MULTICAST
    return scoped or any(packet.source == end.peer for end in box.link_ends)


def as_neighbours(box, packets):
    for packet in packets:
        if is_of_the_link(box, packet) and not judge(box, packet).counter.startswith(BY_THE_OUTER_HEADER):
            yield from (packet._replace(upper=upper) for upper in BETWEEN_ENDS)


def cells(box):
    return [*as_other_protocols(box, from_the_tunnel(box)), *as_other_protocols(box, from_the_lan(box)),
            *as_neighbours(box, from_the_tunnel(box))]


@pytest.mark.proves(
    "A6", "A8", "A10", "A11", "A16", "A17", "A20", "A22", "A23", "B8", "B9", "B13", "B20", "B27", "C1", "C2", "C3", "C4",
    "C5", "C6", "C7", "C8", "C9", "C10", "C11", "C12", "C13", "C14", "C15", "C16", "C17", "C18", "C19", "C20", "C21",
    "C22", "C23", "C24", "C25", "D20", "D21", "D29", "D30", "D32", "D33", "E2", "E10", "E11", "E15", "E16", "E17", "E19", "E21", "E22",
    "E23", "E28", "E30", "G9", "G14", "G17", "K1", "K2", "K3", "K5", "K6", "K7", "P6", "P14", "P32", "P34", "Q1", "Q6",
    "S29", "S64", "S65", "X2", "X3", "X22", "X24", "X26", "X27", "X28")
@pytest.mark.parametrize("box", BOXES, ids=repr)
def test_every_cell_has_the_fate_of_the_reference(box):
    tallies[box] = compare(box, cells(box))


def test_there_are_cells_enough():
    """The product is not thinned out unseen, and comes to every reason that a rule names."""
    judged = collections.Counter()
    for box in BOXES:
        judged += tallies.get(box) or tally(box, cells(box))
    assert judged.total() >= 20_000
    assert judged["tx"] >= 200
    assert judged["punt.tunnel_nd"] >= 50
    rules = [rule for module in (rfc3964, rfc4213, rfc5969) for rule in vars(module).values() if isinstance(rule, Rule)]
    assert {f"drop.{rule.counter}" for rule in rules} - set(judged) == set()
