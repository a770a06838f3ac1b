"""Seeds of the fuzz targets: good packets of every kind, built by Scapy. `write(folder)` makes one folder a target."""
from scapy.config import conf
from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.layers.inet6 import (ICMPv6DestUnreach, ICMPv6EchoRequest, ICMPv6MLQuery, ICMPv6MLQuery2, ICMPv6ND_NA,
                                ICMPv6ND_NS, ICMPv6ND_RA, ICMPv6ND_Redirect, ICMPv6ND_RS, ICMPv6NDOptDNSSL,
                                ICMPv6NDOptDstLLAddr, ICMPv6NDOptMTU, ICMPv6NDOptPrefixInfo, ICMPv6NDOptRDNSS,
                                ICMPv6NDOptRouteInfo, ICMPv6NDOptSrcLLAddr, ICMPv6PacketTooBig, ICMPv6TimeExceeded,
                                IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrFragment, IPv6ExtHdrHopByHop, IPv6ExtHdrRouting,
                                PadN, RouterAlert)
from scapy.layers.l2 import ARP, Dot1Q, Ether
from scapy.layers.sctp import SCTP, SCTPChunkAbort, SCTPChunkData, SCTPChunkInit
from scapy.packet import Raw

conf.verb = 0
ETHER = Ether(dst="02:41:00:00:00:02", src="02:00:00:00:00:10")
SITE, OURS, NATIVE = "2002:c00:5:1::5", "2002:b00:2:1::10", "2600:42::80"
DATA = Raw(b"seed")


def uppers():
    quoted = IPv6(src=OURS, dst=NATIVE) / UDP(sport=40000, dport=8080) / DATA
    return [
        UDP(sport=8080, dport=40000) / DATA,
        TCP(sport=8080, dport=40000, flags="SA", options=[("MSS", 1220), ("WScale", 7), ("SAckOK", b""), ("NOP", None)]),
        ICMPv6EchoRequest(id=7, seq=1) / DATA,
        ICMPv6PacketTooBig(mtu=1280) / quoted,
        ICMPv6TimeExceeded() / quoted,
        ICMPv6DestUnreach(code=3) / quoted,
        IPv6(src=NATIVE, dst=OURS) / UDP() / DATA,
        SCTP(sport=8080, dport=40000, tag=7) / SCTPChunkData(data=b"seed"),
        SCTP(sport=8080, dport=40000, tag=0) / SCTPChunkInit(init_tag=7),
        SCTP(sport=8080, dport=40000, tag=7) / SCTPChunkAbort(TCB=1),
    ]


def extensions():
    return [
        IPv6ExtHdrHopByHop(options=PadN(optdata=b"\0" * 4)) / UDP() / DATA,
        IPv6ExtHdrHopByHop() / IPv6ExtHdrDestOpt() / TCP(flags="S"),
        IPv6ExtHdrRouting(type=2, addresses=[SITE]) / UDP() / DATA,
        IPv6ExtHdrFragment(offset=0, m=1, id=41) / UDP() / DATA,
        IPv6ExtHdrFragment(offset=3, m=0, id=41, nh=17) / DATA,
        IPv6ExtHdrDestOpt(nh=33) / Raw(bytes.fromhex("1f909c4005000000" "01000000000000010000002a")),  # a DCCP Request
    ]


def packet():
    inner = [IPv6(src=SITE, dst=OURS) / upper for upper in [*uppers(), *extensions()]]
    outer = IP(src="12.0.0.5", dst="11.0.0.2", proto=41)
    yield from (ETHER / outer / each for each in inner)
    yield from (ETHER / each for each in inner)
    yield from inner
    yield ETHER / Dot1Q(vlan=20) / inner[0]
    yield ETHER / ARP(psrc="11.0.0.1", pdst="11.0.0.2")
    yield ETHER / IP(src="12.0.0.5", dst="11.0.0.2", proto=41, flags="MF", id=9) / inner[0]
    sent = IP(src="11.0.0.2", dst="12.0.0.5", proto=41) / inner[0]
    for error in (ICMP(type=3, code=4, nexthopmtu=1400), ICMP(type=3, code=1), ICMP(type=11)):
        yield ETHER / IP(src="11.9.9.9", dst="11.0.0.2") / error / sent
        yield IP(src="11.9.9.9", dst="11.0.0.2") / error / sent


def tunnel_error():
    """About a packet that the gateway of tunnel_error.cpp sent to its relay."""
    inner = IPv6(src=OURS, dst=NATIVE) / UDP() / Raw(bytes(1400))
    whole = IP(src="11.0.0.2", dst="192.88.99.1", proto=41, flags="DF", id=7) / inner
    too_big = ICMP(type=3, code=4, nexthopmtu=1400)
    for error in (too_big, ICMP(type=3, code=4), ICMP(type=3, code=1), ICMP(type=11), ICMP(type=12)):
        for quoted in (28, 68, 548):
            yield ETHER / IP(src="11.9.9.9", dst="11.0.0.2") / error / Raw(bytes(whole)[:quoted])


# RFC 5969 §7.1.1: IPv4MaskLen, 6rdPrefixLen, 6rdPrefix, a border relay
SIX_RD = bytes([8, 32]) + bytes.fromhex("26000041") + bytes(12) + bytes([11, 0, 0, 9])


def dhcp_options(kind):
    return [("message-type", kind), ("server_id", "11.0.0.1"), ("lease_time", 3600), ("renewal_time", 1800),
            ("rebinding_time", 3150), ("subnet_mask", "255.255.255.0"), ("router", "11.0.0.1"),
            ("name_server", "11.0.0.53", "11.0.0.54"), ("interface-mtu", 1400),
            (121, bytes([24, 11, 5, 0, 11, 0, 0, 7, 0, 11, 0, 0, 1])), (212, SIX_RD), "end"]


def dhcp():
    reply = BOOTP(op=2, xid=0x41, yiaddr="11.0.0.15", siaddr="11.0.0.1", chaddr=b"\x02\x41\0\0\0\2")
    for kind in ("offer", "ack", "nak"):
        yield reply / DHCP(options=dhcp_options(kind))
    # Options go on in `file` and `sname` (option 52).
    overloaded = [("message-type", "ack"), ("server_id", "11.0.0.1"), ("dhcp-option-overload", 3), "end"]
    yield BOOTP(op=2, xid=0x41, yiaddr="11.0.0.15", chaddr=b"\x02\x41\0\0\0\2", file=b"\x33\4\0\0\x0e\x10\xff",
                sname=b"\3\4\x0b\0\0\1\xff") / DHCP(options=overloaded)
    yield DHCP(options=dhcp_options("ack"))
    yield Raw(SIX_RD)


def nd():
    on_link = IPv6(src="fe80::10", dst="fe80::41:ff:fe00:2", hlim=255)
    to_all = IPv6(src="fe80::10", dst="ff02::1", hlim=255)
    mac = "02:00:00:00:00:10"
    yield ETHER / on_link / ICMPv6ND_NS(tgt="fe80::41:ff:fe00:2") / ICMPv6NDOptSrcLLAddr(lladdr=mac)
    yield ETHER / on_link / ICMPv6ND_NA(tgt="fe80::10", R=0, S=1, O=1) / ICMPv6NDOptDstLLAddr(lladdr=mac)
    yield ETHER / to_all / ICMPv6ND_RS() / ICMPv6NDOptSrcLLAddr(lladdr=mac)
    yield (ETHER / to_all / ICMPv6ND_RA(routerlifetime=1800) / ICMPv6NDOptMTU(mtu=1480)
           / ICMPv6NDOptPrefixInfo(prefix="2600:43::", prefixlen=64) / ICMPv6NDOptRDNSS(dns=["2600:43::53"])
           / ICMPv6NDOptDNSSL(searchlist=["home.example"]) / ICMPv6NDOptRouteInfo(prefix="2600:43::", plen=48)
           / ICMPv6NDOptSrcLLAddr(lladdr=mac))
    yield ETHER / on_link / ICMPv6ND_Redirect(tgt="fe80::10", dst=NATIVE) / ICMPv6NDOptDstLLAddr(lladdr=mac)
    alert = IPv6ExtHdrHopByHop(options=[RouterAlert(), PadN(optdata=b"")])
    query = IPv6(src="fe80::10", dst="ff02::1", hlim=1)
    yield ETHER / query / alert / ICMPv6MLQuery()
    yield ETHER / query / alert / ICMPv6MLQuery2()


def reassembly():
    """Steps of five bytes, as reassembly.cpp reads them: datagram, offset, length, rest and more, pause."""
    first, last = bytes([7, 0, 4, 0x80, 0]), bytes([7, 4, 3, 5, 0])
    yield first + last
    yield last + first
    yield first + first + last  # an exact duplicate
    yield first + bytes([7, 2, 4, 0x80, 0]) + last  # an overlap
    yield first + bytes([7, 4, 3, 5, 255])  # too late
    yield b"".join(bytes([number, 0, 1, 0x80, 0]) for number in range(64))  # a flood


TARGETS = {"dhcp": dhcp, "nd": nd, "packet": packet, "reassembly": reassembly, "tunnel_error": tunnel_error}


def write(folder):
    for target, packets in TARGETS.items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for number, content in enumerate(packets()):
            (folder / target / f"seed-{number:02}").write_bytes(bytes(content))
