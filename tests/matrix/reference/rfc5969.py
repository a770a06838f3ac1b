"""6rd (RFC 5969): where a site's IPv4 address stands in its prefix (§4), and who may send what (§9.2, §12; rows E).

Private addresses are welcome inside a domain (E28): of the special blocks only those that no host ever has are refused.
"""
from . import rfc3964
from .numbers import Block
from .rfc3056 import is_6to4, v4addr
from .rules import Decapsulation, rule

NO_HOST = [Block(text) for text in ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4")]
# E23: relays of another mechanism are no sites; RFC 7526 keeps the block for nothing else.
SIX_TO_FOUR_RELAYS = Block("192.88.99.0/24")


class Domain:
    """6rdPrefix, 6rdPrefixLen and IPv4MaskLen (§7); `sites` is what all IPv4 addresses of the domain have in common."""

    def __init__(self, prefix, mask_length, an_address):
        self.prefix, self.mask_length = Block(prefix), mask_length
        common = an_address >> 32 - mask_length << 32 - mask_length if mask_length else 0
        self.common = common
        self.delegated_length = self.prefix.length + 32 - mask_length

    def __contains__(self, address):
        return address in self.prefix

    def has_site(self, v4):
        return v4 >> 32 - self.mask_length == self.common >> 32 - self.mask_length if self.mask_length else True

    def v4_of(self, address):
        """Bit by bit: the bits behind the domain's prefix, below those that all have in common."""
        v4 = self.common
        for bit in range(32 - self.mask_length):
            position = 127 - self.prefix.length - bit  # from the right
            v4 |= (address >> position & 1) << 31 - self.mask_length - bit
        return v4

    def prefix_of(self, v4):
        """The delegated prefix, as its first address."""
        low = v4 & (1 << 32 - self.mask_length) - 1
        return self.prefix.first | low << 128 - self.delegated_length


def is_no_host(box, v4):
    return any(v4 in block for block in NO_HOST) or v4 in box.subnet_edges


# --- the outer header

@rule("E30", "outer_source_forbidden")
def no_host_sends(box, p):
    return p.outer_source not in box.relays and is_no_host(box, p.outer_source)


@rule("E23 E30", "outer_source_forbidden")
def no_site_sends(box, p):
    return is_no_host(box, p.outer_source) or p.outer_source in SIX_TO_FOUR_RELAYS or p.outer_source in box.relays


@rule("E16 X26", "outer_source_unlisted")
def stranger_to_the_domain(box, p):
    from_border_relay = box.role == "gateway" and p.outer_source in box.relays
    return not from_border_relay and not box.domain.has_site(p.outer_source)


# --- inner against outer

@rule("D30 K6 E19", "inner_source_own")
def claims_delegated_prefix(box, p):
    probe = p.source == p.destination == box.probe_address and p.outer_source in box.relays
    return p.source in box.prefix and not probe


@rule("E15 E16 X26", "outer_source_unlisted")
def native_without_border_relay(box, p):
    return p.outer_source not in box.relays and p.source not in box.domain


@rule("E15", "inner_source_mismatch")
def source_is_not_the_site(box, p):
    return p.outer_source not in box.relays and box.domain.v4_of(p.source) != p.outer_source


@rule("E17", "inner_destination_not_ours")
def beyond_the_delegated_prefix(box, p):
    return p.destination not in box.prefix


@rule("E15", "inner_source_mismatch")
def no_source_of_this_site(box, p):
    return p.source not in box.domain or box.domain.v4_of(p.source) != p.outer_source


@rule("Q1", "destination_embeds_own")
def leads_back_by_6to4_in(box, p):
    """RFC 6324 §3.3: whoever routes by 6to4 would bring it back to us."""
    return is_6to4(p.destination) and v4addr(p.destination) in box.own_v4


EACH_INNER = [rule_ for rule_ in rfc3964.EACH_INNER
              if rule_ not in (rfc3964.no_6to4_address, rfc3964.source_is_not_the_sender)]
TO_US = [rfc3964.arrived_at_many, rfc3964.not_for_us, rfc3964.comes_from_ourselves]
DECAPSULATION = {
    "gateway": Decapsulation([*TO_US, no_host_sends, stranger_to_the_domain],
                             [*EACH_INNER, claims_delegated_prefix, native_without_border_relay, source_is_not_the_site,
                              beyond_the_delegated_prefix, rfc3964.tunnel_in_the_tunnel]),
    "relay": Decapsulation([*TO_US, no_site_sends, stranger_to_the_domain, rfc3964.site_not_listed],
                           [*EACH_INNER, leads_back_by_6to4_in, no_source_of_this_site, rfc3964.tunnel_in_the_tunnel]),
}


# --- encapsulation; p.outer_destination: where the sending rule would send it

@rule("E23 E30", "destination_embeds_forbidden")
def no_site_is_there(box, p):
    v4 = p.outer_destination
    if box.role == "gateway":
        return v4 not in box.relays and is_no_host(box, v4)
    return is_no_host(box, v4) or v4 in SIX_TO_FOUR_RELAYS or v4 in box.relays


@rule("E22 Q1", "destination_embeds_own")
def border_relay_is_no_site(box, p):
    """The prefix made of a border relay's own address leads nowhere."""
    return p.outer_destination in box.own_v4


@rule("Q1", "source_embeds_own")
def leads_back_by_6to4_out(box, p):
    return is_6to4(p.source) and v4addr(p.source) in box.own_v4


@rule("E15 Q1", "source_embeds_other")
def site_on_the_native_side(box, p):
    return p.source in box.domain


@rule("A17", "site_unlisted")
def site_not_listed_out(box, p):
    return bool(box.sites) and not any(p.outer_destination in block for block in box.sites)


NATIVE_SOURCES = [rfc3964.multicast_source, site_on_the_native_side, rfc3964.insane_native_source]
SANE_DESTINATION = [rfc3964.insane_destination_out, rfc3964.loops_to_ourselves, rfc3964.destination_embeds_insane_out]
ENCAPSULATION = {
    "gateway": [*SANE_DESTINATION, no_site_is_there],
    "relay": [rfc3964.link_local_source_out, leads_back_by_6to4_out, *SANE_DESTINATION, border_relay_is_no_site,
              no_site_is_there, site_not_listed_out],
}
