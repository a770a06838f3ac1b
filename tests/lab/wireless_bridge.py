"""A wireless adapter that a hypervisor bridges its guest to: one MAC for both on the air (S52..S57).

    wireless_bridge.py GUEST AIR ADAPTER [--neighbours]

GUEST and AIR are interfaces, ADAPTER is the adapter's MAC. What the guest sends leaves with that MAC; with --neighbours the MAC in
its neighbour and router advertisements and solicitations is rewritten too. What comes to that MAC reaches the guest if it is for
an IP address that the guest has sent from, since nothing else tells whose it is; what comes to the guest's own MAC is lost, for
the access point knows no such station.
"""
import argparse
import selectors
import socket
import struct

from scapy.utils import checksum

ALL = 3  # ETH_P_ALL
OUTGOING = 4  # PACKET_OUTGOING
ARP, IPV4, IPV6 = 0x0806, 0x0800, 0x86DD
ICMPV6 = 58
# The options' offset behind the ICMPv6 header, by type (RFC 4861 §4).
OPTIONS = {133: 8, 134: 16, 135: 24, 136: 24}


def ether_type(frame):
    return int.from_bytes(frame[12:14], "big")


def addresses(frame):
    """(source, destination), or nothing."""
    places = {ARP: ((28, 32), (38, 42)), IPV4: ((26, 30), (30, 34)), IPV6: ((22, 38), (38, 54))}
    return [frame[first:last] for first, last in places.get(ether_type(frame), ())]


def with_lladdr(frame, was, now):
    """The MAC `was` in a message of neighbour discovery is `now`."""
    if ether_type(frame) != IPV6 or frame[20] != ICMPV6 or frame[54] not in OPTIONS:
        return frame
    message = bytearray(frame[54:])
    at = OPTIONS[message[0]]
    while at + 8 <= len(message) and message[at + 1]:
        if message[at] in (1, 2) and message[at + 2:at + 8] == was:
            message[at + 2:at + 8] = now
        at += 8 * message[at + 1]
    message[2:4] = b"\0\0"
    pseudo = frame[22:54] + struct.pack("!IHBB", len(message), 0, 0, ICMPV6)
    message[2:4] = checksum(pseudo + bytes(message)).to_bytes(2, "big")
    return frame[:54] + bytes(message)


class Bridge:
    def __init__(self, adapter, neighbours):
        self.adapter, self.neighbours = adapter, neighbours
        self.guest = None
        self.own = set()  # addresses that the guest has sent from

    def to_air(self, frame):
        self.guest = frame[6:12]
        self.own.update(addresses(frame)[:1])
        if self.neighbours:
            frame = with_lladdr(frame, self.guest, self.adapter)
        return frame[:6] + self.adapter + frame[12:]

    def to_guest(self, frame):
        """The frame as the guest gets it, or None."""
        if frame[0] & 1:
            return frame
        if frame[:6] != self.adapter or self.guest is None or not self.own.intersection(addresses(frame)[1:]):
            return None
        return self.guest + frame[6:]


def open_interface(name):
    end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL))
    end.bind((name, 0))
    return end


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("guest")
    parser.add_argument("air")
    parser.add_argument("adapter", type=lambda text: bytes.fromhex(text.replace(":", "")))
    parser.add_argument("--neighbours", action="store_true")
    options = parser.parse_args()
    bridge = Bridge(options.adapter, options.neighbours)
    guest, air = open_interface(options.guest), open_interface(options.air)
    ways = {guest: (air, bridge.to_air), air: (guest, bridge.to_guest)}
    with selectors.DefaultSelector() as waiting:
        for end in ways:
            waiting.register(end, selectors.EVENT_READ)
        while True:
            for key, _ in waiting.select():
                frame, sender = key.fileobj.recvfrom(65535)
                other, rewrite = ways[key.fileobj]
                rewritten = None if sender[2] == OUTGOING else rewrite(frame)
                if rewritten is not None:
                    other.send(rewritten)


if __name__ == "__main__":
    main()
