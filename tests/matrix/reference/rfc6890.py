"""Special-purpose addresses (RFC 6890 and the registries that it made; rows G1..G18).

A later RFC stands beside its block. Documentation and benchmark blocks are special here: no box of the matrix lifts them.
"""
import functools

from .numbers import Block

# Not a global unicast address, so never the V4ADDR of a 6to4 site (RFC 3056 §2, §9).
NEVER_EMBED = [Block(text) for text in (
    "0.0.0.0/8",        # this host on this network
    "10.0.0.0/8",       # private use
    "100.64.0.0/10",    # shared address space
    "127.0.0.0/8",      # loopback
    "169.254.0.0/16",   # link-local
    "172.16.0.0/12",    # private use
    "192.0.0.0/24",     # IETF protocol assignments
    "192.0.2.0/24",     # documentation
    "192.88.99.0/24",   # 6to4 relay anycast (deprecated by RFC 7526), 6a44
    "192.168.0.0/16",   # private use
    "198.18.0.0/15",    # benchmarking
    "198.51.100.0/24",  # documentation
    "203.0.113.0/24",   # documentation
    "224.0.0.0/4",      # multicast (RFC 5771)
    "240.0.0.0/4",      # reserved, limited broadcast
)]
# Never the source or the destination of a packet in a tunnel.
NEVER_ON_TUNNEL = [Block(text) for text in (
    "::/16",            # unspecified, loopback, IPv4-compatible, IPv4-mapped: RFC 3964 §5.3.2 takes the whole /16
    "64:ff9b:1::/48",   # local-use translation (RFC 8215)
    "100::/64",         # discard only (RFC 6666)
    "2001:2::/48",      # benchmarking (RFC 5180)
    "2001:10::/28",     # ORCHID (RFC 4843)
    "2001:db8::/32",    # documentation (RFC 3849)
    "3fff::/20",        # documentation (RFC 9637)
    "5f00::/16",        # SRv6 SIDs (RFC 9602)
    "fc00::/7",         # unique local (RFC 4193)
    "fe80::/10",        # link-local
    "fec0::/10",        # site-local (RFC 3879)
    "ff00::/8",         # multicast
)]


@functools.cache
def is_special_v4(address):
    return any(address in block for block in NEVER_EMBED)


@functools.cache
def is_special_v6(address):
    return any(address in block for block in NEVER_ON_TUNNEL)
