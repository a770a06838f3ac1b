"""6in4 (RFC 4213 §3): a tunnel to one configured peer, which sends for the whole IPv6 Internet (rows D20..D34)."""
import dataclasses

from . import rfc3964, rfc5969
from .numbers import LINK_LOCAL, v6
from .rules import Decapsulation, rule

ALL_NODES, ALL_ROUTERS, SOLICITED_NODES = v6("ff02::1"), v6("ff02::2"), v6("ff02::1:ff00:0")
# ICMPv6 of RFC 4861, as a link's ends send it; one that was passed on by a router; what tells hosts of routers.
NEIGHBOUR_DISCOVERY, PASSED_ON, OF_ROUTERS = ("ns", "na"), ("ns passed on",), ("rs", "ra", "redirect")
ON_LINK = NEIGHBOUR_DISCOVERY + PASSED_ON + OF_ROUTERS


def link_local_of(v4):
    """§3.7"""
    return LINK_LOCAL.first | v4


def solicited_node(address):
    """RFC 4291 §2.7.1"""
    return SOLICITED_NODES | address & 0xFFFFFF


def groups(box):
    """What a node listens to (RFC 4291 §2.8)."""
    own = {box.link_local, *box.tunnel_addresses}
    return {ALL_NODES, ALL_ROUTERS} | {solicited_node(address) for address in own}


def is_other_end(box, address):
    """Its link-local address is not configured anywhere."""
    return address == box.peer or address in LINK_LOCAL and address != box.link_local


def is_discovery(box, p):
    """§3.8: the ends ask each other whether they live."""
    for_us = {box.link_local, *box.tunnel_addresses} | groups(box)
    return p.upper in NEIGHBOUR_DISCOVERY and is_other_end(box, p.source) and p.destination in for_us


def is_between_ends(box, p):
    """§3.7: besides, they may ping the link-local address."""
    pinged = p.upper == "echo" and is_other_end(box, p.source) and p.destination == box.link_local
    return pinged or is_discovery(box, p)


def of_all_but_ends(rule_):
    return dataclasses.replace(rule_, is_broken=lambda box, p: not is_between_ends(box, p) and rule_.is_broken(box, p))


def is_ours(box, address):
    return address in box.prefix or address in box.tunnel_addresses


@rule("D21 X2 X26", "outer_source_unlisted")
def not_the_peer(box, p):
    return p.outer_source not in box.relays


@rule("D30 K6", "inner_source_own")
def claims_our_prefix(box, p):
    return is_ours(box, p.source)


@rule("C20", "inner_destination_not_ours")
def beyond_the_site(box, p):
    return not is_ours(box, p.destination)


INNER = [*rfc5969.EACH_INNER, claims_our_prefix, beyond_the_site, rfc3964.tunnel_in_the_tunnel]
DECAPSULATION = Decapsulation([*rfc5969.TO_US, not_the_peer], [of_all_but_ends(rule_) for rule_ in INNER])
ENCAPSULATION = rfc5969.SANE_DESTINATION
