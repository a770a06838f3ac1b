"""The first and last address of every special block, and the ones just outside, in each place where one can stand."""
import pytest

from .boxes import BOXES
from .addresses import HOST, SITE
from .compare import compare
from .reference.fate import Packet
from .reference.numbers import v6
from .reference.rfc3056 import site_prefix
from .reference.rfc6890 import NEVER_EMBED, NEVER_ON_TUNNEL

NATIVE = v6("2600:42::80")


def edges(blocks, bits):
    found = {edge for block in blocks for edge in (block.first - 1, block.first, block.last, block.last + 1)}
    return sorted(edge for edge in found if 0 <= edge < 1 << bits)


EDGES_V4, EDGES_V6 = edges(NEVER_EMBED, 32), edges(NEVER_ON_TUNNEL, 128)


def from_the_tunnel(box):
    """Each special address with everything else as it should be."""
    inside = box.pinhole if box.role == "gateway" else NATIVE
    site = site_prefix(SITE) | HOST
    for edge in EDGES_V4:
        yield Packet(edge, box.local, site_prefix(edge) | HOST, inside)
        yield Packet(edge, box.local, NATIVE, inside)
        yield Packet(SITE, box.local, site_prefix(edge) | HOST, inside)
        yield Packet(SITE, box.local, site, site_prefix(edge) | HOST)
        yield Packet(SITE, edge, site, inside)
    for edge in EDGES_V6:
        yield Packet(SITE, box.local, edge, inside)
        yield Packet(SITE, box.local, site, edge)


def from_the_lan(box):
    host = box.pinhole if box.role == "gateway" else NATIVE
    for address in [*(site_prefix(edge) | HOST for edge in EDGES_V4), *EDGES_V6]:
        yield Packet(None, None, host, address)
        yield Packet(None, None, address, site_prefix(SITE) | HOST)


@pytest.mark.proves("G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10", "G11", "G12", "G13", "G15", "G16", "G17",
                    "G18")
@pytest.mark.parametrize("box", [box for box in BOXES if box.mode == "6to4"], ids=repr)
def test_edges_of_special_blocks(box):
    compare(box, [*from_the_tunnel(box), *from_the_lan(box)])
