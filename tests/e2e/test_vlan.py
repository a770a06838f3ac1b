"""A LAN on a VLAN (802.1Q): everything that leaves for it has the tag, what comes without it is not its."""
import pytest
from scapy.layers.inet6 import ICMPv6ND_RA, ICMPv6NDOptMTU, ICMPv6NDOptPrefixInfo, ICMPv6NDOptSrcLLAddr
from scapy.layers.l2 import Dot1Q, Ether

from . import packets as p
from .sites import ANYCAST, HOST, ROUTER, SERVER, WAN, GatewayBench, wait_moved

TAG = 10
RA, NS, NA = 134, 135, 136


@pytest.fixture(scope="module")
def gateway(module_internet):
    bench = VlanBench(module_internet("g41dv"))
    bench.start("vlan")
    yield bench
    bench.stop()


class VlanBench(GatewayBench):
    def ports(self):
        ports = super().ports()
        ports["lan"]["vlan"] = TAG
        return ports

    def from_lan(self, packet, vlan=TAG):
        return super().from_lan(packet, **({} if vlan is None else {"vlan": vlan}))

    def settle(self):
        """As the untagged one, four bytes later on the LAN."""
        number = next(self.numbers)
        self.wires["lan"].send(self.from_lan(p.echo(HOST, SERVER, 0x4141, number)))
        passed = p.echo(HOST, SERVER, 0x4141, number, hop_limit=63)
        self.wires["wan"].take(lambda f: f[34:] == passed, f"ping {number} on the WAN")


def icmp(kind):
    """Frames with this ICMPv6 type behind one tag."""
    head = b"\x81\x00\x00\x0a\x86\xdd"
    return lambda frame: frame[12:18] == head and frame[24] == p.ICMPV6 and frame[58] == kind


def tagged(bench, packet):
    return p.ethernet(bench.wires["lan"].mac, bench.macs["lan"], p.IPV6, packet, vlan=TAG)


def test_router_advertisement_is_tagged_and_says_what_it_should(gateway):
    frame = Ether(gateway.wires["lan"].take(lambda f: icmp(RA)(f) and p.ip6(p.six_to_four(WAN, 1)) in f, "an RA", 20))
    assert (frame.dst, frame.src, frame[Dot1Q].vlan) == ("33:33:00:00:00:01", gateway.macs["lan"], TAG)
    assert frame[ICMPv6ND_RA].chlim == 64 and frame[ICMPv6ND_RA].routerlifetime > 0
    prefix = frame[ICMPv6NDOptPrefixInfo]
    assert (prefix.prefix, prefix.prefixlen, prefix.L, prefix.A) == (p.six_to_four(WAN, 1), 64, 1, 1)
    assert frame[ICMPv6NDOptMTU].mtu == 1280
    assert frame[ICMPv6NDOptSrcLLAddr].lladdr == gateway.macs["lan"]


def test_solicitation_is_answered_with_the_tag(gateway):
    body = bytes(4) + p.ip6(ROUTER) + b"\x01\x01" + p.mac(gateway.wires["lan"].mac)
    gateway.wires["lan"].forget()
    gateway.wires["lan"].send(gateway.from_lan(p.icmpv6(HOST, ROUTER, NS, 0, body, hop_limit=255)))
    frame = gateway.wires["lan"].take(icmp(NA), "an NA")
    router_solicited_override = b"\xe0\0\0\0"
    body = router_solicited_override + p.ip6(ROUTER) + b"\x02\x01" + p.mac(gateway.macs["lan"])
    assert frame == tagged(gateway, p.icmpv6(ROUTER, HOST, NA, 0, body, hop_limit=255))


def test_neighbours_are_asked_for_with_the_tag(gateway):
    stranger = p.six_to_four(WAN, 1, 0x5353)
    gateway.wires["lan"].send(gateway.from_lan(p.echo(stranger, ROUTER, 1, 1)))
    frame = gateway.wires["lan"].take(lambda f: icmp(NS)(f) and f[66:82] == p.ip6(stranger), "an NS")
    assert frame[:18] == p.mac("33:33:ff:00:53:53") + p.mac(gateway.macs["lan"]) + b"\x81\x00\x00\x0a\x86\xdd"


def test_forwarded_packets_lose_and_get_the_tag(gateway):
    out = p.udp(HOST, SERVER, 6001, 6002, b"out")
    gateway.wires["lan"].send(gateway.from_lan(out))
    passed = p.udp(HOST, SERVER, 6001, 6002, b"out", hop_limit=63)
    frame = gateway.wires["wan"].take(lambda f: f[34:] == passed, "the packet on the WAN")
    ident = int.from_bytes(frame[18:20], "big")
    outer = p.ipv4(WAN, ANYCAST, passed, ident=ident)
    assert frame == p.ethernet(gateway.wires["wan"].mac, gateway.macs["wan"], p.IPV4, outer)
    back = tagged(gateway, p.udp(SERVER, HOST, 6002, 6001, b"back", hop_limit=63))
    gateway.wires["wan"].send(gateway.from_tunnel(p.udp(SERVER, HOST, 6002, 6001, b"back")))
    assert gateway.wires["lan"].take(lambda f: f == back, "the answer on the LAN")


@pytest.mark.parametrize("vlan", [None, 0, 11])
def test_frames_of_no_or_another_vlan_are_dropped(gateway, vlan):
    before = gateway.drops()
    gateway.wires["lan"].send(gateway.from_lan(p.udp(HOST, SERVER, 6003, 6004), vlan=vlan))
    wait_moved(gateway, before)
    gateway.settle()
    assert gateway.moved(before) == {"link_unknown": 1}
