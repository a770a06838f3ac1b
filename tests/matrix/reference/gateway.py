"""A gateway around its tunnel: filter and routes (RFC 6092 rows K, RFC 7084 rows P, vmv6r's rows S)."""
from . import rfc3964, rfc4213, rfc4443, rfc5969, rfc6890
from .fate import Fate, Leaves, Packet, dropped
from .numbers import LINK_LOCAL, MULTICAST
from .rfc3056 import is_6to4, v4addr
from .rules import first_broken

WAITS = "punt.unresolved"  # what goes to a neighbour that is not known yet is control's until it is


def silent(counter, rows):
    return Fate(f"drop.{counter}", None, rows)


def told(box, packet, counter, error, rows):
    """X24: a host of ours hears why (P6, P14, S29)."""
    if not box.is_reached(packet.source):
        return Fate(f"drop.{counter}, {WAITS}", None, rows)
    return Fate(f"drop.{counter}", Leaves("lan", (), box.lan_address, packet.source, "error %d/%d" % error), rows)


def forwarded(side, packet, outer=()):
    return Fate("tx", Leaves(side, outer, packet.source, packet.destination, "forwarded"))


# --- from the tunnel

def from_tunnel(box, packet):
    broken = box.refused(packet)
    if broken:
        return dropped(broken)
    end = next((end for end in box.link_ends if packet.outer_source in end.relays and end.knows(packet)), None)
    if end and rfc4213.is_discovery(end, packet):
        return Fate("punt.tunnel_nd", None, "D33")
    if packet.upper in rfc4213.ON_LINK:
        return silent("filter_icmpv6_type", "J4")
    # A returned probe, too, that nobody has sent (E19).
    if packet.destination in box.own_v6 or end and packet.destination == end.link_local:
        return asked_through_the_tunnel(box, end, packet)
    if packet.upper == "udp" and packet.destination in box.pinholes:
        return forwarded("lan", packet)
    return silent("filter_unsolicited", "S65")


def asked_through_the_tunnel(box, end, packet):
    """The other end of a configured tunnel is answered."""
    if packet.upper != "echo" or not end or not rfc4213.is_other_end(end, packet.source):
        return silent("filter_own_unsolicited", "S64 X7")
    answering = answers_from(box, packet.destination)
    return Fate("tx", Leaves("wan", (box.local, packet.outer_source), answering, packet.source, "echo reply"), "D32 D33")


# --- from the LAN

def from_lan(box, packet):
    """The order: may it be forwarded at all, may the host send it, is it for us, where does it go."""
    if packet.destination in MULTICAST:
        return silent("multicast_not_forwarded", "K2 A20")
    for_us = packet.destination in box.own_v6 or packet.destination == box.lan_link_local
    refused = None if for_us and packet.source in LINK_LOCAL else refuse_host(box, packet)
    if refused:
        return refused
    if for_us:
        return to_ourselves(box, packet)
    return route(box, packet)


def refuse_host(box, packet):
    """What asks our link-local address must be of the LAN, like all else: the answer would go elsewhere."""
    if packet.destination != box.lan_link_local:
        if packet.source in MULTICAST:
            return silent("policy_source_multicast", "K1")
        if rfc6890.is_special_v6(packet.source) or rfc6890.is_special_v6(packet.destination):
            return silent("policy_forbidden_block", "C1 C13 K3 K7")
    if is_within(packet.source, box.lan_prefixes):
        return None
    if is_within(packet.source, box.withdrawn):
        return told(box, packet, "policy_source_withdrawn", rfc4443.SOURCE_FAILED_POLICY, "P14")
    return silent("policy_source_not_lan", "K5")


def to_ourselves(box, packet):
    if packet.upper in rfc3964.TUNNELS:
        return told(box, packet, "filter_own_protocol", rfc4443.UNKNOWN_NEXT_HEADER, "I12")
    if packet.upper != "echo":
        return silent("filter_own_closed", "S68")
    if not box.is_reached(packet.source):
        return Fate(WAITS, None, "S68 I11")
    answering = answers_from(box, packet.destination)
    return Fate("tx", Leaves("lan", (), answering, packet.source, "echo reply"), "S68 I11")


def answers_from(box, asked):
    """An anycast address is no source (RFC 4443 §2.2): a unicast one of the same link speaks for it (E21)."""
    if asked in [prefix.first for prefix in box.lan_prefixes]:
        return box.lan_address
    return asked + 1 if asked in [prefix.first for prefix in box.prefixes] else asked


def is_within(address, prefixes):
    return any(address in prefix for prefix in prefixes)


def route(box, packet):
    if is_within(packet.destination, box.lan_prefixes):
        return forwarded("lan", packet) if box.is_reached(packet.destination) else Fate(WAITS, None, "H26")
    if is_within(packet.destination, box.prefixes):
        return told(box, packet, "null_route", rfc4443.NO_ROUTE, "P6")
    tunnel = box.tunnel_of(packet.source)
    return tunnel.send(tunnel, packet)


def send_6to4(box, packet):
    """RFC 3056 §5.3: a site is its own next hop; everything else is the relay's."""
    direct = v4addr(packet.destination) if is_6to4(packet.destination) else None
    return send(box, packet, direct, rfc3964.ENCAPSULATION["gateway"])


def send_6rd(box, packet):
    """RFC 5969 §7.1.1: the domain is on the tunnel's link, unless its sites speak through the border relay (P32)."""
    on_link = packet.destination in box.domain and not box.hub_and_spoke
    return send(box, packet, box.domain.v4_of(packet.destination) if on_link else None, rfc5969.ENCAPSULATION["gateway"])


def send_6in4(box, packet):
    return send(box, packet, None, rfc4213.ENCAPSULATION)


def send(box, packet, direct, rules):
    """To a site itself, or to the live relay."""
    if direct is None and box.live_relay is None:
        return told(box, packet, "relay_down", rfc4443.ADDRESS_UNREACHABLE, "S29")
    next_hop = box.live_relay if direct is None else direct
    onward = Packet(box.local, next_hop, packet.source, packet.destination, packet.upper)
    broken = first_broken(rules, box, onward)
    return dropped(broken) if broken else forwarded("wan", packet, (box.local, next_hop))
