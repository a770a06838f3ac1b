"""Addresses as numbers (RFC 791, RFC 4291): nothing but arithmetic."""
import functools
import ipaddress


@functools.cache
def v4(text):
    return int(ipaddress.IPv4Address(text))


@functools.cache
def v6(text):
    return int(ipaddress.IPv6Address(text))


def text4(address):
    return str(ipaddress.IPv4Address(address))


def text6(address):
    return str(ipaddress.IPv6Address(address))


class Block:
    """A prefix: `address in Block("2002::/16")`."""

    def __init__(self, text):
        address, _, length = text.partition("/")
        self.text, self.length = text, int(length)
        self.bits, number = (128, v6(address)) if ":" in address else (32, v4(address))
        self.shift = self.bits - self.length
        self.first = number >> self.shift << self.shift
        self.last = self.first | (1 << self.shift) - 1
        if self.first != number:
            raise ValueError(f"{text}: bits behind the prefix")

    def __contains__(self, address):
        return self.first <= address <= self.last

    def __repr__(self):
        return self.text


MULTICAST_V4 = Block("224.0.0.0/4")
LIMITED_BROADCAST = v4("255.255.255.255")
LINK_LOCAL = Block("fe80::/10")
MULTICAST = Block("ff00::/8")
UNSPECIFIED = 0
