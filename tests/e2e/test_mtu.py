"""`mtu: auto` on the wire: DF, what routers on the path say, what hosts are told, and MSS clamping."""
import struct

import pytest
from scapy.layers.inet import IP, fragment
from scapy.layers.inet6 import ICMPv6DestUnreach, ICMPv6PacketTooBig, IPv6
from scapy.layers.l2 import Ether
from scapy.packet import Raw

from . import packets as p
from .sites import ANYCAST, HOST, ISP, OTHER_SITE, ROUTER, SERVER, WAN, GatewayBench

DONT_FRAGMENT = 0x4000


@pytest.fixture(scope="module")
def world(module_internet):
    return module_internet("g41dm")


@pytest.fixture(scope="module")
def bench(world):
    return GatewayBench(world)


@pytest.fixture
def gateway(bench):
    """Started anew: it knows nothing of any path."""
    bench.start(tunnels={"main": {"mode": "6to4", "relays": [ANYCAST], "probe": {"interval": "5min"}, "mtu": "auto",
                                  "mss_clamp": "auto"}})
    yield bench
    bench.stop()


def datagram(length, hop_limit=64):
    return p.udp(HOST, SERVER, 6001, 6002, bytes(i & 0xFF for i in range(length - 48)), hop_limit=hop_limit)


def with_packet(packet):
    return lambda frame: packet[40:] in frame


def sends(gateway, length):
    gateway.wires["lan"].send(gateway.from_lan(datagram(length)))


def passes(gateway, length):
    """The outer packet."""
    sends(gateway, length)
    return gateway.wires["wan"].take(with_packet(datagram(length)), "the packet on the WAN")[14:]


def is_told(gateway, mtu):
    def match(frame):
        return p.ip6(ROUTER) + p.ip6(HOST) + bytes((2, 0)) in frame
    frame = gateway.wires["lan"].take(match, "packet too big")
    assert struct.unpack("!I", frame[14 + 40 + 4:14 + 40 + 8])[0] == mtu


def icmpv4_error(outer, code, mtu, quoted=548):
    """RFC 792, RFC 1191 §4: what a router on the path says of the packet."""
    body = struct.pack("!BBHHH", 3, code, 0, 0, mtu) + outer[:quoted]
    body = body[:2] + struct.pack("!H", p.checksum(body)) + body[4:]
    return p.ipv4(ISP, WAN, body, protocol=1)


def router_says(gateway, outer, mtu, code=4):
    gateway.wires["wan"].send(p.ethernet(gateway.macs["wan"], gateway.wires["wan"].mac, p.IPV4,
                                         icmpv4_error(outer, code, mtu)))


def passed_on(gateway, error, outer, quoted=548):
    """RFC 4213 §3.4: to the inner source, with as much of its packet as the router sent back."""
    frame = Ether(dst=gateway.wires["lan"].mac, src=gateway.macs["lan"])
    return bytes(frame / IPv6(src=ROUTER, dst=HOST, hlim=64) / error / Raw(outer[20:quoted]))


@pytest.mark.proves("D17", "I1")
@pytest.mark.parametrize("code, mtu, error", [(4, 1400, ICMPv6PacketTooBig(mtu=1380)), (1, 0, ICMPv6DestUnreach(code=3))],
                         ids=["too-big", "unreachable"])
def test_what_a_router_says_is_passed_on_byte_for_byte(gateway, code, mtu, error):
    outer = passes(gateway, 1480)
    router_says(gateway, outer, mtu, code)
    expected = passed_on(gateway, error, outer)
    frame = gateway.wires["lan"].take(lambda f: p.ip6(ROUTER) + p.ip6(HOST) + bytes((error.type,)) in f, "the error")
    assert frame.hex() == expected.hex()


@pytest.mark.proves("D9", "D10", "D16", "D17", "X1")
def test_what_a_router_on_the_path_says_is_kept_and_passed_on(gateway):
    outer = passes(gateway, 1480)
    assert int.from_bytes(outer[6:8], "big") == DONT_FRAGMENT
    sends(gateway, 1481)
    is_told(gateway, 1480)
    router_says(gateway, outer, 1400)
    is_told(gateway, 1380)
    sends(gateway, 1480)
    is_told(gateway, 1380)
    assert int.from_bytes(passes(gateway, 1380)[6:8], "big") == DONT_FRAGMENT
    tunnel = gateway.daemon.ask("tunnels")[0]
    assert tunnel["mtu_mode"] == "auto" and tunnel["narrow_paths"] == 1
    assert [(path["endpoint"], path["mtu"]) for path in tunnel["paths"]] == [(ANYCAST, 1400)]


@pytest.mark.proves("D7", "D8", "Q7")
def test_a_path_below_1300_bytes_is_left_to_fragment(gateway):
    router_says(gateway, passes(gateway, 1480), 600)
    is_told(gateway, 1280)
    assert int.from_bytes(passes(gateway, 1280)[6:8], "big") == 0


@pytest.mark.proves("D18", "Q14", "X8")
def test_what_is_said_of_others_packets_changes_nothing(gateway):
    outer = passes(gateway, 1480)
    router_says(gateway, p.ipv4(WAN, OTHER_SITE, outer[20:], fragment=DONT_FRAGMENT), 1300)
    router_says(gateway, outer, 67)
    router_says(gateway, outer, 1500)
    gateway.settle()
    assert gateway.daemon.ask("tunnels")[0]["narrow_paths"] == 0
    assert len(passes(gateway, 1480)) == 1500


@pytest.mark.proves("H7", "X10")
def test_hosts_hear_of_the_wans_mtu_less_the_outer_header(gateway):
    assert gateway.daemon.status()["tunnels"][0]["mtu"] == 1480
    assert "mtu 1480" in " ".join(gateway.daemon.ask("ra")[0]["ra"]).lower()


@pytest.fixture
def narrow(bench):
    """A WAN that carries less than IPv6 needs."""
    bench.namespace.ip("link", "set", bench.devices["wan"], "mtu", "1200")
    bench.start()
    yield bench
    bench.stop()
    bench.namespace.ip("link", "set", bench.devices["wan"], "mtu", "1500")


@pytest.mark.proves("D8", "D19")
@pytest.mark.parametrize("length", [1181, 1280])
def test_a_narrow_wan_gets_ipv4_fragments_byte_for_byte(narrow, length):
    def fragment_at(offset):
        return lambda f: f[23] == p.PROTOCOL_41 and f[20:22] == struct.pack("!H", offset)
    sends(narrow, length)
    parts = [narrow.wires["wan"].take(fragment_at(at), f"fragment {at:#x}") for at in (0x2000, 1176 // 8)]
    ident = int.from_bytes(parts[0][18:20], "big")
    whole = IP(src=WAN, dst=ANYCAST, proto=41, ttl=64, id=ident) / Raw(datagram(length, hop_limit=63))
    expected = [Ether(dst=narrow.wires["wan"].mac, src=narrow.macs["wan"]) / part for part in fragment(whole, 1176)]
    assert [part.hex() for part in parts] == [bytes(part).hex() for part in expected]
