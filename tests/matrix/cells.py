"""A cell as a frame on the wire, and an outcome as a fate: the same words as the reference's."""
import functools
import struct

from tests.e2e import packets as p

from .boxes import DEVICES, HOST_MAC, LAN, MACS, ROUTER_MAC, WAN
from .reference.fate import Fate, Leaves
from .reference.numbers import text4, text6

# Type and hop limit of what is said on a link (RFC 4861 §4).
NEIGHBOURS = {"rs": (133, 255), "ra": (134, 255), "ns": (135, 255), "na": (136, 255), "redirect": (137, 255),
              "ns passed on": (135, 254)}
NESTED = {"ipv6": (41, b"\x60" + bytes(39)), "ipip": (4, b"\x45" + bytes(19)), "gre": (47, bytes(8))}
ETHERNET, IPV4, IPV6 = 14, 20, 40


@functools.cache
def inner(source, destination, upper):
    source, destination = text6(source), text6(destination)
    if upper == "udp":
        return p.udp(source, destination, 40000, 8080, b"a datagram")
    if upper == "echo":
        return p.echo(source, destination, 7, 1)
    if upper in NEIGHBOURS:
        kind, hop_limit = NEIGHBOURS[upper]
        return p.icmpv6(source, destination, kind, body=bytes(36), hop_limit=hop_limit)
    number, content = NESTED[upper]
    return p.ipv6(source, destination, number, content)


@functools.cache
def outer(source, destination, length):
    return p.ipv4(text4(source), text4(destination), bytes(length))[:IPV4]


def frame_of(packet):
    """(device, bytes). Without outer addresses: from the LAN."""
    content = inner(packet.source, packet.destination, packet.upper)
    if packet.outer_source is not None:
        header = outer(packet.outer_source, packet.outer_destination, len(content))
        return WAN, p.ethernet(MACS[WAN], ROUTER_MAC, p.IPV4, header + content)
    return LAN, p.ethernet(MACS[LAN], HOST_MAC, p.IPV6, content)


def fate_of(box, packet, outcome):
    """What happened, as the reference would say it."""
    verdicts = [name for name in outcome.moved if name.startswith(("drop.", "punt."))]
    counter = ", ".join(verdicts) or "tx"
    leaves = [leaving(box, packet, device, frame) for device, frame in outcome.frames]
    return Fate(counter, leaves[0] if len(leaves) == 1 else tuple(leaves) or None)


def leaving(box, packet, device, frame):
    side, at = DEVICES[device], ETHERNET
    ether_type, = struct.unpack_from("!H", frame, 12)
    addresses = ()
    if ether_type == p.IPV4:
        addresses = struct.unpack_from("!II", frame, at + 12)
        at += IPV4
    content = frame[at:]
    source, destination = (int.from_bytes(content[i:i + 16], "big") for i in (8, 24))
    towards = addresses[1] if addresses else destination
    if frame[:12] != p.mac(box.mac_towards(side, towards)) + p.mac(MACS[device]):
        return "wrong MAC addresses"
    return Leaves(side, addresses, source, destination, what(packet, content))


def what(packet, content):
    sent = inner(packet.source, packet.destination, packet.upper)
    if content == sent[:7] + bytes([sent[7] - 1]) + sent[8:]:
        return "forwarded"
    if content[6] != p.ICMPV6:
        return "changed"
    kind, code = content[IPV6:IPV6 + 2]
    return "echo reply" if kind == 129 else f"error {kind}/{code}"
