"""What one site sends, another gets: encapsulated and decapsulated again, nothing of a packet is other than it was but the
hop limit, which each of the two routers lowers by one.
"""
import random

import pytest
from scapy.layers.inet import UDP
from scapy.layers.inet6 import IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrHopByHop, PadN
from scapy.layers.l2 import Ether
from scapy.packet import Raw

from . import driver
from .boxes import HOST_MAC, LAN, MACS, WAN, SixRdGateway, SixToFourGateway
from .reference.numbers import text6

PACKETS, SEED, LARGEST = 2000, 41, 1280
PAIRS = {
    "6to4": (SixToFourGateway("here"), SixToFourGateway("there", address="12.0.0.5/24")),
    "6rd": (SixRdGateway("here"), SixRdGateway("there", address="10.100.200.7/24")),
}


def extensions(chance):
    def options():
        return PadN(optdata=bytes(chance.choice((4, 12, 20))))
    headers = [IPv6ExtHdrHopByHop(options=options())] if chance.random() < 0.2 else []
    return headers + [IPv6ExtHdrDestOpt(options=options()) for _ in range(chance.choice((0, 0, 0, 1, 2)))]


def packet(chance, source, destination):
    whole = IPv6(src=source, dst=destination, hlim=chance.randint(3, 255), tc=chance.getrandbits(8), fl=chance.getrandbits(20))
    for header in extensions(chance):
        whole /= header
    whole /= UDP(sport=chance.randint(1, 65535), dport=chance.randint(1, 65535))
    room = LARGEST - len(bytes(whole))
    return bytes(whole / Raw(chance.randbytes(chance.choice((0, 1, room - 1, room, chance.randint(0, room))))))


def with_hop_limit_less(data, by):
    return data[:7] + bytes((data[7] - by,)) + data[8:]


def left(box, device, frames):
    """What each frame came out as, on the other side."""
    outcomes = driver.run(box.scenario(), [(device, frame) for frame in frames])
    return [[frame for out, frame in outcome.frames if out != device] for outcome in outcomes]


def over_the_wan(frame):
    """As it arrives at the other site, by whichever routers."""
    return bytes.fromhex(MACS[WAN].replace(":", "")) + frame[6:]


@pytest.mark.proves("D12", "D13", "D27", "F9")
@pytest.mark.parametrize("kind", PAIRS)
def test_a_packet_between_sites_changes_in_its_hop_limit_alone(kind):
    here, there = PAIRS[kind]
    chance = random.Random(SEED)
    sent = [packet(chance, text6(here.pinhole), text6(there.pinhole)) for _ in range(PACKETS)]
    ether = bytes(Ether(dst=MACS[LAN], src=HOST_MAC, type=0x86DD))
    tunnelled = left(here, LAN, [ether + data for data in sent])
    assert [len(frames) for frames in tunnelled] == [1] * PACKETS
    arrived = left(there, WAN, [over_the_wan(frames[0]) for frames in tunnelled])
    expected = [[with_hop_limit_less(data, 2).hex()] for data in sent]
    assert [[frame[14:].hex() for frame in frames] for frames in arrived] == expected
