"""6in4 (RFC 4213 §3.6): a tunnel to one configured peer, which sends for the whole IPv6 Internet (rows D20..D31)."""
from . import rfc3964, rfc5969
from .rules import Decapsulation, rule


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


DECAPSULATION = Decapsulation([*rfc5969.TO_US, not_the_peer], [*rfc5969.EACH_INNER, claims_our_prefix, beyond_the_site,
                                                              rfc3964.tunnel_in_the_tunnel])
ENCAPSULATION = rfc5969.SANE_DESTINATION
