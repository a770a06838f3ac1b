"""What is sent. An attack is a side (lan or tunnel), and templates of frames made for the scene when its probes run."""
import dataclasses
import struct
import subprocess
import typing

from tests.e2e import packets as p
from tests.lab import internet as net
from tests.lab.daemon import build_folder
from tests.lab.flood import Template
from tests.lab.workers import af_packet, seeing_fragments

from .scene import HOST, OUTSIDER, SITE, TARGET, WAN

LAN, TUNNEL = 14, 34  # where the IPv6 packet begins in a frame from there
SOURCE, DESTINATION, HALF, UPPER = 8, 24, 8, 40  # of an IPv6 packet; HALF: of an address, the interface identifier
ATTACKER = p.six_to_four(WAN, 1, 0x66)
FRAGMENT = 44
COLLIDING = 20_000


@dataclasses.dataclass(frozen=True)
class Attack:
    name: str
    what: str
    side: str
    templates: typing.Callable
    rate: float = 1  # times the rate that is asked for
    wan: typing.Callable = af_packet  # its port; this one's kernel puts IPv4 fragments together
    profile: str = "strict"


def syn_flood(scene):
    frame = scene.from_lan(p.tcp(SITE, TARGET, 1, 443, p.SYN))
    return [Template(frame, ((LAN + SOURCE + HALF, 8), (LAN + UPPER, 2), (LAN + UPPER + 4, 4)))]


def udp_flood(scene):
    frame = scene.from_lan(p.udp(SITE, TARGET, 1, 443, bytes(12)))
    return [Template(frame, ((LAN + SOURCE + HALF, 8), (LAN + UPPER, 4)))]


def many_flows(scene):
    """Never the same flow twice, as good as: a hundred random bits."""
    frame = scene.from_lan(p.udp(ATTACKER, TARGET, 1, 1, bytes(12)))
    return [Template(frame, ((LAN + DESTINATION + 6, 10), (LAN + UPPER, 4)))]


def sweep(scene):
    ping = scene.from_tunnel(p.echo(OUTSIDER, SITE, 1, 1))
    syn = scene.from_tunnel(p.tcp(OUTSIDER, SITE, 40000, 80, p.SYN))
    return [Template(frame, ((TUNNEL + DESTINATION + HALF, 8),)) for frame in (ping, syn)]


def forged_resets(scene):
    """The attacker knows both addresses and both ports, not the numbers."""
    client, server = scene.probes.local_ports()
    segment = TUNNEL + UPPER
    frame = scene.from_tunnel(p.tcp(net.WEB, HOST, server, client, p.RST, sequence=0))
    return [Template(frame, ((segment + 4, 4, segment + 16),))]


def forged_packet_too_big(scene):
    """Of the connection, with a number that is drawn; and of connections that are not there."""
    client, server = scene.probes.local_ports()
    quote = p.tcp(HOST, net.WEB, client, server, p.ACK, sequence=0, data=bytes(100))
    message = TUNNEL + UPPER
    frame = scene.from_tunnel(p.icmpv6(OUTSIDER, HOST, 2, 0, struct.pack("!I", 1280) + quote))
    quoted_segment = message + 8 + UPPER
    return [Template(frame, ((quoted_segment + 4, 4, message + 2),)),
            Template(frame, ((quoted_segment, 4, message + 2),))]


def unrelated_errors(scene):
    quote = p.udp(HOST, net.WEB, 0, 0, bytes(12))
    message = TUNNEL + UPPER
    frame = scene.from_tunnel(p.icmpv6(OUTSIDER, HOST, 1, 0, bytes(4) + quote))
    return [Template(frame, ((message + 8 + UPPER, 4, message + 2),))]


def provoked_errors(scene):
    """Each packet would have the gateway answer: its hop limit ends here."""
    frame = scene.from_lan(p.udp(SITE, TARGET, 1, 33434, bytes(12), hop_limit=1))
    return [Template(frame, ((LAN + SOURCE + HALF, 8), (LAN + UPPER, 2)))]


def fragment(source, destination, offset, more, data):
    """RFC 8200 §4.5, of UDP; its identification is at byte 4 of the header."""
    header = struct.pack("!BBHI", p.UDP, 0, offset | more, 0)
    return p.ipv6(source, destination, FRAGMENT, header + data)


def fragments_out(scene):
    """First fragments of datagrams that never end, in turn with others whose first was never there."""
    first = fragment(ATTACKER, TARGET, 0, 1, struct.pack("!HHHH", 9, 9, 2000, 0) + bytes(504))
    later = fragment(ATTACKER, TARGET, 1024, 0, bytes(512))
    ident = LAN + UPPER + 4
    return [Template(scene.from_lan(packet), ((ident, 4),)) for packet in (first, later)]


def fragments_in(scene):
    """To a host that has flows, none of them this one."""
    later = fragment(net.WEB, HOST, 1024, 0, bytes(512))
    return [Template(scene.from_tunnel(later), ((TUNNEL + UPPER + 4, 4),))]


def outer_fragments(scene):
    """First IPv4 fragments of packets that never end; the identification and the source are drawn."""
    packet = p.udp(OUTSIDER, HOST, 9, 9, bytes(1000))
    frame = scene.from_tunnel(packet, fragment=0x2000)
    return [Template(frame, ((14 + 4, 2, 14 + 10), (14 + 14, 2, 14 + 10)))]


def colliding_flows(scene):
    """Flows that all fall into one bucket of a table with another key, from one source; as random ones would be."""
    text = subprocess.run([build_folder() / "perf/attacks/collisions", "--list", str(COLLIDING), ATTACKER, TARGET],
                          check=True, capture_output=True, text=True).stdout
    pairs = (map(int, line.split()) for line in text.splitlines())
    return [Template(scene.from_lan(p.udp(ATTACKER, TARGET, one, other, bytes(12)))) for one, other in pairs]


ATTACKS = [
    Attack("syn", "TCP SYNs, each from another address of the /64", "lan", syn_flood),
    Attack("udp", "UDP flows of one packet, each from another address of the /64", "lan", udp_flood),
    Attack("flows", "one host opens a flow a packet", "lan", many_flows, rate=4),
    Attack("collide", "flows that collide under another key", "lan", colliding_flows),
    Attack("sweep", "pings and SYNs to each address of the /64", "tunnel", sweep),
    Attack("sweep-open", "the same, where the profile `transparent` lets them in", "tunnel", sweep, profile="transparent"),
    Attack("reset", "forged resets of a connection", "tunnel", forged_resets),
    Attack("too-big", "forged packet-too-big errors about a connection", "tunnel", forged_packet_too_big),
    Attack("errors", "ICMPv6 errors about flows that are not there", "tunnel", unrelated_errors),
    Attack("hop-limit", "packets that each ask for an error", "lan", provoked_errors),
    Attack("fragments-out", "IPv6 fragments of datagrams that never end", "lan", fragments_out),
    Attack("fragments-in", "IPv6 fragments whose first part was never there", "tunnel", fragments_in),
    Attack("outer", "IPv4 fragments of packets that never end", "tunnel", outer_fragments, wan=seeing_fragments),
]
