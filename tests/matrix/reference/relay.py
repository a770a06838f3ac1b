"""A relay or border relay between its tunnel and its native side: no filter, no flows (RFC 6343 §4.4; rows B, E)."""
from . import rfc3964, rfc4443
from .fate import Fate, Leaves, Packet, dropped
from .gateway import WAITS, forwarded, silent, told
from .numbers import LINK_LOCAL, MULTICAST
from .rules import first_broken


def from_tunnel(box, packet):
    broken = box.refused(packet)
    if broken:
        return dropped(broken)
    if packet.destination in box.own_v6:
        return asked_by_site(box, packet)
    if box.is_on_tunnel(packet.destination):  # 6rd: a site's probe of the way, or another site (E19)
        return to_site(box, packet)
    return forwarded("lan", packet)


def asked_by_site(box, packet):
    if packet.upper != "echo":
        return silent("filter_own_unsolicited", "S64")
    # X27: from the address that was asked; the native one has none in IPv4.
    outer = box.v4_of(packet.destination) if packet.destination in box.tunnel_addresses else box.source_v4
    return echo_reply(box, "wan", packet, (outer, box.v4_of(packet.source)))


def echo_reply(box, side, packet, outer=()):
    answering = box.answers_from(packet.destination)
    return Fate("tx", Leaves(side, outer, answering, packet.source, "echo reply"), "B20 E21 I11")


def from_lan(box, packet):
    if packet.destination in MULTICAST:
        return silent("multicast_not_forwarded", "K2 A20")
    refused = first_broken(box.native_sources, box, packet)
    if refused:
        return dropped(refused)
    if packet.destination in box.own_v6:
        return to_ourselves(box, packet)
    if packet.destination in LINK_LOCAL:
        return silent("policy_forbidden_block", "C13")
    if box.is_on_tunnel(packet.destination):
        return to_site(box, packet)
    return silent("redirected_back", "B27 C4")


def to_ourselves(box, packet):
    if packet.upper in rfc3964.TUNNELS:
        return told(box, packet, "filter_own_protocol", rfc4443.UNKNOWN_NEXT_HEADER, "I12")
    if packet.upper != "echo":
        return silent("filter_own_closed", "S68")
    return echo_reply(box, "lan", packet) if box.is_reached(packet.source) else Fate(WAITS, None, "H26")


def to_site(box, packet):
    """RFC 3056 §5.3, RFC 5969 §7.1.1; the source is X27's."""
    site = box.v4_of(packet.destination)
    onward = Packet(box.source_v4, site, packet.source, packet.destination, packet.upper)
    broken = first_broken(box.encapsulation, box, onward)
    return dropped(broken) if broken else forwarded("wan", packet, (box.source_v4, site))
