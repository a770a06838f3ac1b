"""Security checks of 6to4 (RFC 3964 §5), and what other RFCs add to them: 4213 §3.6 (D), 6324 §3.3 (Q1), 6169 (Q6).

Decisions where RFCs disagree or are silent are rows X; each rule names its rows. Everything from the tunnel that breaks
one is dropped silently (X24).
"""
from . import rfc6890
from .numbers import LIMITED_BROADCAST, LINK_LOCAL, MULTICAST, MULTICAST_V4
from .rfc3056 import RELAY_ANYCAST, is_6to4, is_router_form, v4addr
from .rules import Decapsulation, rule

# An IPv6, IPv4 or GRE packet within the packet (Q6).
TUNNELS = ("ipv6", "ipip", "gre")


def is_insane_v4(box, address):
    """§5.3.1: not a global unicast address, or the broadcast (or network) address of an own subnet."""
    return rfc6890.is_special_v4(address) or address in box.subnet_edges


def is_insane_peer(box, address):
    """On the wire, relays may have addresses that no site may have (B9, G9)."""
    return is_insane_v4(box, address) and address != RELAY_ANYCAST and address not in box.relays


def embeds_insane(box, address):
    """§5.3.2"""
    return is_6to4(address) and is_insane_v4(box, v4addr(address))


def is_relays_form(box, address):
    """X22: at a 6to4 gateway, what probes of a configured relay go to and come from."""
    return box.mode == "6to4" and box.role == "gateway" and is_router_form(address) and v4addr(address) in box.relays


def is_own_form(box, address):
    """X22: at a 6to4 relay, what means the relay itself."""
    return box.mode == "6to4" and box.role == "relay" and is_router_form(address) and v4addr(address) in box.own_v4


def known_as(box, address):
    """X3: behind a NAT the own address is known outside by another one."""
    return box.external if address == box.local else address


# --- §5.2, decapsulation: the outer header

@rule("C12 C16", "outer_destination")
def arrived_at_many(box, p):
    many = p.outer_destination in MULTICAST_V4 or p.outer_destination == LIMITED_BROADCAST
    return p.outer_destination not in box.own_v4 and (many or p.outer_destination in box.subnet_edges)


@rule("C16 D20", "tunnel_unmatched")
def not_for_us(box, p):
    return p.outer_destination not in box.own_v4


@rule("C5 Q1", "outer_source_own")
def comes_from_ourselves(box, p):
    return p.outer_source in box.own_v4 or p.outer_source == box.external


@rule("C5 C11 C12 C23 B9", "outer_source_forbidden")
def insane_outer_source(box, p):
    return is_insane_peer(box, p.outer_source)


@rule("A17", "site_unlisted")
def site_not_listed(box, p):
    return bool(box.sites) and not any(p.outer_source in block for block in box.sites)


# --- §5.2, decapsulation: each inner address

@rule("A8 C13 C25", "inner_link_local")
def link_local_source(_, p):
    return p.source in LINK_LOCAL


@rule("C6 C13 D29 K3", "inner_source_forbidden")
def insane_source(_, p):
    return rfc6890.is_special_v6(p.source)


@rule("C15 D30 K6 Q1", "inner_source_own")
def claims_own_prefix(box, p):
    return is_6to4(p.source) and (v4addr(p.source) in box.own_v4 or v4addr(p.source) == box.external)


@rule("C6 C14 C23 G17", "inner_source_embeds_forbidden")
def source_embeds_insane(box, p):
    return embeds_insane(box, p.source) and not is_relays_form(box, p.source)


@rule("A8 C13 C25", "inner_link_local")
def link_local_destination(_, p):
    return p.destination in LINK_LOCAL


@rule("A20 C6 C13 C17", "inner_destination_forbidden")
def insane_destination(_, p):
    return rfc6890.is_special_v6(p.destination)


@rule("C6 C14 C23 G17", "inner_destination_embeds_forbidden")
def destination_embeds_insane(box, p):
    return embeds_insane(box, p.destination) and not is_own_form(box, p.destination)


# --- §5.2, decapsulation: inner against outer, inner against inner

@rule("C10", "inner_native_native")
def no_6to4_address(_, p):
    return not is_6to4(p.source) and not is_6to4(p.destination)


@rule("C8 C9 C19", "inner_source_mismatch")
def source_is_not_the_sender(_, p):
    return is_6to4(p.source) and v4addr(p.source) != p.outer_source


@rule("X2 X26", "outer_source_unlisted")
def relay_not_listed(box, p):
    return box.accepts_relays_only and not is_6to4(p.source) and p.outer_source not in box.relays


@rule("A16 C20", "inner_destination_not_ours")
def beyond_the_site(_, p):
    return not is_6to4(p.destination)


@rule("C7 C8", "inner_destination_mismatch")
def destination_is_not_the_receiver(box, p):
    return v4addr(p.destination) != known_as(box, p.outer_destination)


@rule("C9", "inner_source_mismatch")
def native_through_the_tunnel(_, p):
    return not is_6to4(p.source)


@rule("C21", "inner_6to4_to_6to4")
def site_to_site_by_a_relay(box, p):
    return is_6to4(p.destination) and not is_own_form(box, p.destination)


@rule("Q6", "nested_tunnel")
def tunnel_in_the_tunnel(box, p):
    return p.upper in TUNNELS and p.destination in box.tunnel_ends


OUTER = [arrived_at_many, not_for_us, comes_from_ourselves, insane_outer_source, site_not_listed]
EACH_INNER = [link_local_source, insane_source, claims_own_prefix, source_embeds_insane, link_local_destination,
              insane_destination, destination_embeds_insane, no_6to4_address, source_is_not_the_sender]
DECAPSULATION = {
    "gateway": Decapsulation(OUTER, [*EACH_INNER, relay_not_listed, beyond_the_site, destination_is_not_the_receiver,
                                     tunnel_in_the_tunnel]),
    "relay": Decapsulation(OUTER, [*EACH_INNER, native_through_the_tunnel, site_to_site_by_a_relay,
                                   tunnel_in_the_tunnel]),
}


# --- §5.1, encapsulation. p.outer_destination: where the sending rule would send it.

@rule("C2 C22", "source_embeds_other")
def source_is_not_ours(box, p):
    return is_6to4(p.source) and v4addr(p.source) != box.external


@rule("C22", "source_embeds_other")
def site_on_the_native_side(_, p):
    return is_6to4(p.source)


@rule("C1 K1", "policy_source_multicast")
def multicast_source(_, p):
    return p.source in MULTICAST


@rule("C1 C13 K3", "policy_forbidden_block")
def insane_native_source(_, p):
    return rfc6890.is_special_v6(p.source) and p.source not in LINK_LOCAL


@rule("C1 C13", "policy_forbidden_block")
def link_local_source_out(_, p):
    return p.source in LINK_LOCAL


@rule("C1 C13 K3", "policy_forbidden_block")
def insane_destination_out(_, p):
    return rfc6890.is_special_v6(p.destination)


@rule("C3 Q1", "destination_embeds_own")
def loops_to_ourselves(box, p):
    return is_6to4(p.destination) and (v4addr(p.destination) in box.own_v4 or v4addr(p.destination) == box.external)


@rule("C14 G17 X22", "destination_embeds_forbidden")
def destination_embeds_insane_out(box, p):
    return embeds_insane(box, p.destination) and not is_relays_form(box, p.destination)


@rule("A17", "site_unlisted")
def site_not_listed_out(box, p):
    return bool(box.sites) and not any(v4addr(p.destination) in block for block in box.sites)


# At a relay, of everything from its native side, for whomever: what is answered must not go to somebody else.
NATIVE_SOURCES = [multicast_source, site_on_the_native_side, insane_native_source]
ENCAPSULATION = {
    "gateway": [source_is_not_ours, insane_destination_out, loops_to_ourselves, destination_embeds_insane_out],
    "relay": [link_local_source_out, insane_destination_out, loops_to_ourselves, destination_embeds_insane_out,
              site_not_listed_out],
}
