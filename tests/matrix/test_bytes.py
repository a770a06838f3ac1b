"""Byte for byte what leaves, built by Scapy from the fields that the RFCs give: what tests/e2e/test_bytes.py, which asks
the daemons over real interfaces, has no state or no place for.
"""
import pytest
from scapy.layers.inet import ICMP, IP, TCP, UDP, IPOption_Router_Alert
from scapy.layers.inet6 import (ICMPv6DestUnreach, ICMPv6EchoReply, ICMPv6EchoRequest, ICMPv6PacketTooBig,
                                ICMPv6TimeExceeded, IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrHopByHop, PadN)
from scapy.layers.l2 import Ether
from scapy.packet import Raw

from . import driver
from .boxes import HOST_MAC, LAN, MACS, NEAR_MAC, ROUTER_MAC, WAN, SixToFourGateway, SixToFourRelay

GATEWAY, DEAD = SixToFourGateway("plain"), SixToFourGateway("relay-dead", live=False)
RELAY = SixToFourRelay("anycast", anycast="192.88.99.1")
NAT = SixToFourGateway("behind-nat", address="192.168.1.2/24", external="11.5.5.5", relays=("12.9.9.9",))
OWN, ANYCAST, SITE_V4, NEAR_V4 = "11.0.0.2", "192.88.99.1", "12.0.0.5", "11.0.0.77"
HOST, ROUTER, TUNNEL = "2002:b00:2:1::10", "2002:b00:2:1::1", "2002:b00:2::1"
SERVER, SITE, NEAR = "2600:42::80", "2002:c00:5:1::5", "2002:b00:4d:1::5"
NATIVE = "2600:43::3"  # the relay's own
MINIMUM = 1280
QUOTE = MINIMUM - 40 - 8  # RFC 4443 §2.4 (c)


def udp(source, destination, size=20, **fields):
    return IPv6(src=source, dst=destination, **fields) / UDP(sport=40000, dport=8080) / Raw((bytes(range(256)) * 8)[:size])


def ends(source, destination, payload):
    """One IPv6 header in front, with no other field than the two addresses and RFC 8200's defaults."""
    return IPv6(src=source, dst=destination, hlim=64) / payload


def tunnelled(source, destination, inner, **fields):
    """RFC 4213 §3.5: IHL 5, ToS 0, TTL 64, protocol 41."""
    return IP(src=source, dst=destination, proto=41, ttl=64, **fields) / inner


def quoted(packet):
    return Raw(bytes(packet)[:QUOTE])


def from_lan(packet):
    return LAN, bytes(Ether(dst=MACS[LAN], src=HOST_MAC, type=0x86DD) / packet)


def from_wan(packet):
    return WAN, bytes(Ether(dst=MACS[WAN], src=ROUTER_MAC) / packet)


def to_lan(packet, mac=HOST_MAC):
    return LAN, Ether(dst=mac, src=MACS[LAN], type=0x86DD) / packet


def to_wan(packet, mac=ROUTER_MAC):
    return WAN, Ether(dst=mac, src=MACS[WAN]) / packet


def passes_on(box, sent, *expected):
    outcome, = driver.run(box.scenario(), [sent])
    assert len(outcome.frames) == len(expected), outcome
    for (device, frame), (wanted_device, wanted) in zip(outcome.frames, expected):
        if wanted_device == WAN:
            wanted[IP].id = int.from_bytes(frame[18:20], "big")  # the sender's to choose (RFC 6864)
        assert (device, frame.hex()) == (wanted_device, bytes(wanted).hex())


# --- encapsulated


@pytest.mark.proves("D14", "D27", "Q9")
def test_what_is_inside_is_carried_as_it_is():
    def packet(hop_limit):
        header = IPv6(src=HOST, dst=SERVER, hlim=hop_limit, fl=0xABCDE, tc=0xB8)
        options = IPv6ExtHdrHopByHop(options=PadN(optdata=b"\0" * 4)) / IPv6ExtHdrDestOpt(options=PadN(optdata=b"\0" * 12))
        return header / options / TCP(sport=40000, dport=80, flags="S", options=[("MSS", 1220), ("WScale", 7)])
    passes_on(GATEWAY, from_lan(packet(64)), to_wan(tunnelled(OWN, ANYCAST, packet(63))))


@pytest.mark.proves("X3")
def test_behind_a_nat_the_local_address_is_on_the_wire():
    host = "2002:b05:505:1::10"
    sent = from_lan(udp(host, SERVER))
    passes_on(NAT, sent, to_wan(tunnelled("192.168.1.2", "12.9.9.9", udp(host, SERVER, hlim=63))))


@pytest.mark.proves("A10")
def test_a_site_on_the_wans_subnet_gets_it_without_the_router():
    sent = from_lan(udp(HOST, NEAR))
    passes_on(GATEWAY, sent, to_wan(tunnelled(OWN, NEAR_V4, udp(HOST, NEAR, hlim=63)), mac=NEAR_MAC))


# --- decapsulated


@pytest.mark.proves("D27", "D28")
@pytest.mark.parametrize("fields", [{"options": [IPOption_Router_Alert()]}, {"flags": "DF"}, {"ttl": 1}, {"tos": 0xB8},
                                    {"id": 0xFFFF}], ids=str)
def test_nothing_of_the_outer_header_goes_inside(fields):
    outer = IP(**{"src": ANYCAST, "dst": OWN, "proto": 41, "ttl": 64, **fields})
    packet = udp(SERVER, HOST, tc=0x28, fl=0x12345)
    passes_on(GATEWAY, from_wan(outer / packet), to_lan(udp(SERVER, HOST, tc=0x28, fl=0x12345, hlim=63)))


# --- errors to the LAN


@pytest.mark.proves("P6", "I1", "I6", "I9")
@pytest.mark.parametrize("size", [0, 1, 20, QUOTE - 48, QUOTE - 47, 1400])
def test_a_subnet_without_a_lan_is_unreachable(size):
    sent = udp(HOST, "2002:b00:2:9::5", size)
    passes_on(GATEWAY, from_lan(sent), to_lan(ends(ROUTER, HOST, ICMPv6DestUnreach(code=0) / quoted(sent))))


@pytest.mark.proves("S29", "I6", "X24")
def test_without_a_live_relay_natives_are_unreachable():
    sent = udp(HOST, SERVER)
    passes_on(DEAD, from_lan(sent), to_lan(ends(ROUTER, HOST, ICMPv6DestUnreach(code=3) / quoted(sent))))


@pytest.mark.proves("P14", "I6")
def test_a_withdrawn_prefix_fails_the_policy():
    sent = udp("2002:b00:9:1::10", SERVER)
    passes_on(GATEWAY, from_lan(sent),
              to_lan(ends(ROUTER, "2002:b00:9:1::10", ICMPv6DestUnreach(code=5) / quoted(sent))))


@pytest.mark.proves("I2")
def test_an_error_is_not_answered():
    error = ends(HOST, "2002:b00:2:9::5", ICMPv6TimeExceeded() / quoted(udp("2002:b00:2:9::5", HOST)))
    passes_on(GATEWAY, from_lan(error))


# --- errors into the tunnel


@pytest.mark.proves("I8", "I9", "D12")
@pytest.mark.parametrize("source, sender, receiver", [(SERVER, ANYCAST, ANYCAST), (SITE, SITE_V4, SITE_V4)])
def test_exceeded_hops_are_told_through_the_tunnel(source, sender, receiver):
    sent = udp(source, HOST, hlim=1)
    told = ends(TUNNEL, source, ICMPv6TimeExceeded() / quoted(sent))
    passes_on(GATEWAY, from_wan(tunnelled(sender, OWN, sent)), to_wan(tunnelled(OWN, receiver, told)))


@pytest.mark.proves("I1", "I7")
def test_what_the_lan_does_not_take_is_told_through_the_tunnel():
    sent = udp(SERVER, HOST, 1501 - 48)
    told = ends(TUNNEL, SERVER, ICMPv6PacketTooBig(mtu=1500) / quoted(sent))
    passes_on(GATEWAY, from_wan(tunnelled(ANYCAST, OWN, sent)), to_wan(tunnelled(OWN, ANYCAST, told)))


@pytest.mark.proves("I7", "E12", "X27")
def test_a_relay_tells_a_site_what_the_native_side_takes():
    sent = udp(SITE, SERVER, 1501 - 48)
    told = ends(NATIVE, SITE, ICMPv6PacketTooBig(mtu=1500) / quoted(sent))
    passes_on(RELAY, from_wan(tunnelled(SITE_V4, "11.0.0.3", sent)),
              to_wan(tunnelled(ANYCAST, SITE_V4, told, flags="DF")))


# --- echo


@pytest.mark.proves("B20", "I11")
@pytest.mark.parametrize("size", [0, 1, 1232])
def test_a_relay_answers_its_native_side(size):
    data = Raw((bytes(range(256)) * 5)[:size])
    asked = IPv6(src="2600:43::10", dst=NATIVE, hlim=3) / ICMPv6EchoRequest(id=7, seq=9) / data
    passes_on(RELAY, from_lan(asked), to_lan(ends(NATIVE, "2600:43::10", ICMPv6EchoReply(id=7, seq=9) / data)))


@pytest.mark.proves("S62", "S63")
def test_ipv4_echo_is_not_answered():
    passes_on(GATEWAY, from_wan(IP(src=SITE_V4, dst=OWN) / ICMP()))
