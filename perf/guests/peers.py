"""What stands around the guest: an ISP with a 6to4 relay behind its first NIC, hosts behind the second one. They answer who
asks for them, and send and take the packets that are measured."""
import ipaddress
import itertools
import random

from tests.e2e import packets as p

WAN, ISP, RELAY = "11.0.0.2", "11.0.0.1", "192.88.99.1"
MACS = ("02:41:00:00:00:01", "02:41:00:00:00:02")  # the guest's: WAN, LAN
PEER_MACS = ("02:00:00:00:01:01", "02:00:00:00:00:10")
FLOWS, HOSTS = 1000, 50
DATA = bytes(22)  # 84 bytes of Ethernet, IPv6 and UDP
ECHO_REQUEST, NEIGHBOUR_SOLICITATION, NEIGHBOUR_ADVERTISEMENT = 128, 135, 136


def flows():
    """(host, its port, server, its port): random addresses and ports (RFC 4814), the same in every run."""
    chance = random.Random(41)
    for number in range(FLOWS):
        host = p.six_to_four(WAN, 1, 0x1000 + number % HOSTS)
        server = str(ipaddress.IPv6Address(0x2600_0042 << 96 | chance.getrandbits(64)))
        yield host, chance.randrange(1024, 65536), server, chance.randrange(1024, 65536)


def outward():
    """What hosts send, as it arrives at the LAN's NIC."""
    return [p.ethernet(MACS[1], PEER_MACS[1], p.IPV6, p.udp(host, server, port, there, DATA)) for host, port, server, there in flows()]


def inward():
    """The answers, as the relay sends them to the WAN's NIC."""
    return [p.ethernet(MACS[0], PEER_MACS[0], p.IPV4, p.ipv4(RELAY, WAN, p.udp(server, host, there, port, DATA)))
            for host, port, server, there in flows()]


def is_forwarded(frame):
    """UDP, in a tunnel or not: the guest says nothing by UDP itself."""
    if frame[12:14] == b"\x86\xdd":
        return frame[20] == p.UDP
    return frame[12:14] == b"\x08\x00" and frame[23] == p.PROTOCOL_41 and frame[40] == p.UDP


def answer(number, frame):
    """What comes back on NIC `number`, or None."""
    kind = int.from_bytes(frame[12:14], "big")
    if kind == p.ARP and frame[21] == 1 and frame[38:42] == p.ip4(ISP):
        reply = p.arp(2, PEER_MACS[0], ISP, frame[22:28].hex(), str(ipaddress.IPv4Address(frame[28:32])))
        return p.ethernet(frame[6:12].hex(), PEER_MACS[0], p.ARP, reply)
    if kind == p.IPV4 and frame[23] == p.PROTOCOL_41 and frame[40] == p.ICMPV6 and frame[74] == ECHO_REQUEST:
        source, destination = text6(frame[42:58]), text6(frame[58:74])
        reply = p.icmpv6(destination, source, ECHO_REQUEST + 1, 0, frame[78:])
        return p.ethernet(MACS[0], PEER_MACS[0], p.IPV4, p.ipv4(RELAY, WAN, reply))
    if number == 1 and kind == p.IPV6 and frame[20] == p.ICMPV6 and frame[54] == NEIGHBOUR_SOLICITATION:
        return neighbour(frame[22:38], frame[62:78])
    return None


def neighbour(source, target):
    """Every address but the guest's own is a host's; probes for duplicates are left alone."""
    if source == bytes(16) or int.from_bytes(target[8:], "big") < 0x1000:
        return None
    body = b"\x60\0\0\0" + target + b"\x02\x01" + p.mac(PEER_MACS[1])
    reply = p.icmpv6(text6(target), text6(source), NEIGHBOUR_ADVERTISEMENT, 0, body, hop_limit=255)
    return p.ethernet(MACS[1], PEER_MACS[1], p.IPV6, reply)


def text6(octets):
    return str(ipaddress.IPv6Address(octets))


class Stream:
    """Frames in turn into one NIC; counts those that leave by the other one."""

    def __init__(self, frames, into, passed):
        self.frames = itertools.cycle(frames)
        self.into, self.passed = into, passed
        self.sent = self.received = 0

    @property
    def under_way(self):
        return self.sent - self.received
