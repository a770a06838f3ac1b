"""6to4 (RFC 3056): where the IPv4 address stands, and which packet goes to whom (§5.3)."""
from .numbers import Block

SIX_TO_FOUR = Block("2002::/16")
# RFC 3068 §2.4
RELAY_ANYCAST = 0xC0586301


def is_6to4(address):
    return address in SIX_TO_FOUR


def v4addr(address):
    """The V4ADDR of a 6to4 address: the 32 bits behind 2002 (§2)."""
    return address >> 80 & 0xFFFFFFFF


def site_prefix(v4):
    """2002:V4ADDR::/48, as its first address."""
    return 0x2002 << 112 | v4 << 80


def is_router_form(address):
    """2002:V4ADDR:: and 2002:V4ADDR::1, by which relays are spoken to themselves (X22)."""
    return is_6to4(address) and address & (1 << 80) - 1 in (0, 1)
