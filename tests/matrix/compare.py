"""Packets through one box and through the reference, and what differs, for people."""
import collections

from . import driver
from .cells import fate_of, frame_of
from .reference.fate import Leaves
from .reference.numbers import text4, text6

SHOWN = 12


def judge(box, packet):
    return (box.from_lan if packet.outer_source is None else box.from_tunnel)(box, packet)


def tally(box, packets):
    """How often each counter is expected to move."""
    return collections.Counter(judge(box, packet).counter for packet in packets)


def compare(box, packets):
    """The same, if it does."""
    outcomes = driver.run(box.scenario(), [frame_of(packet) for packet in packets])
    expected, found = collections.Counter(), []
    for packet, outcome in zip(packets, outcomes, strict=True):
        wanted, seen = judge(box, packet), fate_of(box, packet, outcome)
        expected[wanted.counter] += 1
        if wanted[:2] != seen[:2]:
            found.append(f"{described(packet)}\n    expected {told(wanted)}  [{wanted.rows}]\n    found    {told(seen)}")
    text = "\n".join(found[:SHOWN])
    assert not found, f"{box}: {len(found)} of {len(packets)} cells differ\n{text}"
    return expected


def described(packet):
    wire = "" if packet.outer_source is None else f"{text4(packet.outer_source)} > {text4(packet.outer_destination)}  "
    return f"{wire}{text6(packet.source)} > {text6(packet.destination)}  {packet.upper}"


def told(fate):
    if not isinstance(fate.leaves, Leaves):
        return f"{fate.counter}, {fate.leaves or 'nothing leaves'}"
    side, outer, source, destination, what = fate.leaves
    wire = f"{text4(outer[0])} > {text4(outer[1])}  " if outer else ""
    return f"{fate.counter}, {side}: {what}  {wire}{text6(source)} > {text6(destination)}"
