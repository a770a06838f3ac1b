"""Frames by formulas of their own (RFC 791, 1071, 3056, 4213, 8200): nothing here is shared with the product.

Addresses are text, everything else bytes and numbers; a function a header, innermost first.
"""
import ipaddress
import struct

ARP, IPV4, IPV6, VLAN = 0x0806, 0x0800, 0x86DD, 0x8100
TCP, UDP, DCCP, PROTOCOL_41, GRE, ICMPV6, SCTP = 6, 17, 33, 41, 47, 58, 132
SYN, FIN, RST, ACK = 2, 1, 4, 16
BROADCAST = "ff:ff:ff:ff:ff:ff"


def ip4(text):
    return ipaddress.IPv4Address(text).packed


def ip6(text):
    return ipaddress.IPv6Address(text).packed


def mac(text):
    return bytes.fromhex(text.replace(":", ""))


def six_to_four(v4, subnet=0, interface=0):
    """2002:V4ADDR:SUBNET::INTERFACE (RFC 3056 §2)."""
    return str(ipaddress.IPv6Address(b"\x20\x02" + ip4(v4) + struct.pack("!HQ", subnet, interface)))


def checksum(data):
    """RFC 1071, without any cleverness."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return 0xFFFF - total


def ethernet(destination, source, ether_type, payload, vlan=None):
    tag = b"" if vlan is None else struct.pack("!HH", VLAN, vlan)
    return mac(destination) + mac(source) + tag + struct.pack("!H", ether_type) + payload


def arp(operation, sender_mac, sender, target_mac, target):
    ends = mac(sender_mac) + ip4(sender) + mac(target_mac) + ip4(target)
    return struct.pack("!HHBBH", 1, IPV4, 6, 4, operation) + ends


def ipv4(source, destination, payload, protocol=PROTOCOL_41, tos=0, ident=0, fragment=0, ttl=64, spoil=0):
    """Twenty bytes of header. `fragment`: flags and offset as on the wire; `spoil` is added to the checksum."""
    def header(total):
        return struct.pack("!BBHHHBBH", 0x45, tos, 20 + len(payload), ident, fragment, ttl, protocol, total) + \
            ip4(source) + ip4(destination)
    return header((checksum(header(0)) + spoil) & 0xFFFF) + payload


def ipv6(source, destination, next_header, payload, hop_limit=64, traffic_class=0, label=0, length=None):
    first = 6 << 28 | traffic_class << 20 | label
    length = len(payload) if length is None else length
    return struct.pack("!IHBB", first, length, next_header, hop_limit) + ip6(source) + ip6(destination) + payload


def _upper(source, destination, protocol, segment, at):
    """Fills in the checksum over the pseudo-header (RFC 8200 §8.1) at offset `at`."""
    pseudo = ip6(source) + ip6(destination) + struct.pack("!IxxxB", len(segment), protocol)
    return segment[:at] + struct.pack("!H", checksum(pseudo + segment) or 0xFFFF) + segment[at + 2:]


def udp(source, destination, source_port, destination_port, data=b"", **header):
    segment = struct.pack("!HHHH", source_port, destination_port, 8 + len(data), 0) + data
    return ipv6(source, destination, UDP, _upper(source, destination, UDP, segment, 6), **header)


def tcp(source, destination, source_port, destination_port, flags, sequence=1000, acknowledgement=0, data=b"",
        **header):
    segment = struct.pack("!HHIIBBHHH", source_port, destination_port, sequence, acknowledgement, 5 << 4, flags, 65535,
                          0, 0)
    return ipv6(source, destination, TCP, _upper(source, destination, TCP, segment + data, 16), **header)


def sctp(source, destination, source_port, destination_port, tag=0, chunks=b"", **header):
    """The checksum is left 0: a router looks at none."""
    segment = struct.pack("!HHII", source_port, destination_port, tag, 0) + chunks
    return ipv6(source, destination, SCTP, segment, **header)


def dccp(source, destination, source_port, destination_port, kind, **header):
    """20 bytes, with long sequence numbers."""
    segment = struct.pack("!HHBBHB", source_port, destination_port, 5, 0, 0, kind << 1 | 1) + bytes(11)
    return ipv6(source, destination, DCCP, _upper(source, destination, DCCP, segment, 6), **header)


def icmpv6(source, destination, kind, code=0, body=b"", **header):
    """`body` starts behind the checksum."""
    message = struct.pack("!BBH", kind, code, 0) + body
    return ipv6(source, destination, ICMPV6, _upper(source, destination, ICMPV6, message, 2), **header)


def echo(source, destination, ident, sequence, data=b"gate41", reply=False, **header):
    return icmpv6(source, destination, 129 if reply else 128, 0, struct.pack("!HH", ident, sequence) + data, **header)


def padding_options(length):
    """A hop-by-hop or destination options header of `length` bytes but for its first (next header): PadN only."""
    rest = length - 2
    body = b""
    while rest:
        piece = min(rest, 257)
        body += struct.pack("!BB", 1, piece - 2) + bytes(piece - 2)
        rest -= piece
    return struct.pack("!B", length // 8 - 1) + body
