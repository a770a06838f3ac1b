"""A packet's fate: the one counter that moves, and what leaves."""
import typing


class Packet(typing.NamedTuple):
    """Outer addresses are those of the frame (decapsulation) or None. upper: udp, echo, ipv6, ipip, gre."""
    outer_source: int
    outer_destination: int
    source: int
    destination: int
    upper: str = "udp"


class Leaves(typing.NamedTuple):
    """What goes out: on which side, to which MAC's owner, the outer addresses if there are any, and the IPv6 packet's."""
    side: str  # lan | wan
    outer: tuple  # () or (source, destination)
    source: int
    destination: int
    what: str  # forwarded | echo reply | error TYPE/CODE


class Fate(typing.NamedTuple):
    counter: str  # drop.NAME or tx
    leaves: Leaves | None
    rows: str = ""


def dropped(broken):
    return Fate(f"drop.{broken.counter}", None, broken.rows)
