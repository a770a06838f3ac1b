"""A gateway and a relay between two wires each: what stands around them is the test itself.

    LAN hosts ── lan wire ── [ gateway ] ── wan wire ── the IPv4 Internet
    native IPv6 ── six wire ── [ relay ] ── wan wire ── the IPv4 Internet
"""
import itertools
import json

from tests.lab.daemon import Daemon
from tests.lab.netns import wait_for
from tests.lab.workers import af_packet

from . import packets as p
from .wire import Wire

WAN, ISP, ANYCAST, OTHER_SITE, NEAR_SITE = "11.0.0.2", "11.0.0.1", "192.88.99.1", "11.0.3.99", "11.0.0.77"
SERVER, FAR = "2600:41::80", "2600:42::80"
HOST, ROUTER, TUNNEL = p.six_to_four(WAN, 1, 0x10), p.six_to_four(WAN, 1, 1), p.six_to_four(WAN, 0, 1)
ABSENT = 0xDEAD  # interface identifier of hosts that do not answer
SITE = p.six_to_four(OTHER_SITE, 1, 5)
RELAY_WAN, NATIVE, NATIVE_ROUTER = "11.0.0.3", "2600:41::3", "2600:41::1"
ANYCAST_FORM = p.six_to_four(ANYCAST)
START = 60.0


class Bench:
    """A daemon and its wires. `devices`: port name -> interface; the wire of the same name is its other end."""

    def __init__(self, world, role, devices):
        self.world, self.lab, self.role = world, world.lab, role
        lab = self.lab
        self.namespace = lab.namespace(role)
        self.devices = devices
        self.daemon = None
        self.wires = {}
        self.macs = {}
        self.numbers = itertools.count(1)
        for name, device in devices.items():
            peer = lab.namespace(f"{role}-{name}")
            lab.link(self.namespace, device, peer, "peer0")
            for place, interface in ((self.namespace, device), (peer, "peer0")):
                place.sysctl(**{f"net__ipv6__conf__{interface}__disable_ipv6": 1})
            self.macs[name] = self.namespace.run("cat", f"/sys/class/net/{device}/address").stdout.strip()

    def open_wires(self):
        for name in self.devices:
            responder = self.answer_wan if name == "wan" else self.answer_lan
            self.wires[name] = Wire(self.lab.namespace(f"{self.role}-{name}"), "peer0", responder)

    def ports(self):
        return {name: {"device": af_packet(i, device)} for i, (name, device) in enumerate(self.devices.items())}

    def run(self, instance, config):
        self.daemon = self.world.daemons[instance] = Daemon(self.namespace, instance, config)
        self.daemon.start()

    def stop(self):
        """Ready for another start()."""
        if self.daemon:
            self.daemon.stop()
        for device in self.devices.values():
            self.namespace.ip("link", "set", device, "up")
        for wire in self.wires.values():
            wire.close()
        self.arp_answered = self.relay_answers = True

    def set_link(self, port, state):
        """`up` or `down`; returns once the daemon has seen it, which looks once a second."""
        self.namespace.ip("link", "set", self.devices[port], state)
        wait_for(lambda: self.link(port) == state, f"the daemon sees that the link of {port} is {state}")

    def link(self, port):
        return next(row["link"] for row in self.daemon.ask("ports") if row["name"] == port)

    def change(self, **changes):
        """A reload, all or nothing."""
        self.daemon.write(self.config(**changes))
        result = self.daemon.reload()
        assert result.returncode == 0, result.stdout + result.stderr

    # What is around ----------------------------------------------------------------------------------------------

    arp_answered = True
    relay_answers = True

    def answer_wan(self, frame):
        """Whoever is asked for on the subnet is there; the relay answers probes."""
        kind = int.from_bytes(frame[12:14], "big")
        if kind == p.ARP and self.arp_answered:
            return self.answer_arp(frame)
        if kind == p.IPV4 and self.relay_answers and is_probe(frame):
            source, destination = frame[26:30], frame[30:34]
            inner = turn_echo(frame[34:])
            return [frame[6:12] + frame[:6] + frame[12:14] + p.ipv4(dotted(destination), dotted(source), inner)]
        return ()

    def answer_arp(self, frame):
        sender, target = dotted(frame[28:32]), dotted(frame[38:42])
        if int.from_bytes(frame[20:22], "big") != 1 or target in (sender, WAN, RELAY_WAN) or sender == "0.0.0.0":
            return ()
        mac = self.wires["wan"].mac
        reply = p.arp(2, mac, target, colons(frame[22:28]), sender)
        return [p.ethernet(colons(frame[6:12]), mac, p.ARP, reply)]

    def answer_lan(self, frame):
        """Each address that is asked for is a host of this wire, but for ABSENT ones; probes of DAD are left alone."""
        at = 18 if frame[12:14] == b"\x81\x00" else 14
        if frame[at - 2:at] != b"\x86\xdd" or frame[at + 6] != p.ICMPV6 or frame[at + 40] != 135:
            return ()
        source, target = frame[at + 8:at + 24], frame[at + 48:at + 64]
        if source == bytes(16) or int.from_bytes(target[8:], "big") == ABSENT:
            return ()
        mac = next(wire.mac for name, wire in self.wires.items() if name != "wan")
        body = b"\x60\0\0\0" + target + b"\x02\x01" + p.mac(mac)
        answer = p.icmpv6(text6(target), text6(source), 136, 0, body, hop_limit=255)
        return [frame[6:12] + p.mac(mac) + frame[12:at] + answer]

    # Counters ----------------------------------------------------------------------------------------------------

    def counters(self):
        return self.daemon.ask("counters")

    def drops(self):
        return self.daemon.drops()

    def moved(self, before):
        after = self.drops()
        return {name: after.get(name, 0) - before.get(name, 0) for name in after if after[name] != before.get(name, 0)}


class GatewayBench(Bench):
    def __init__(self, world, role="gw", devices=None):
        super().__init__(world, role, devices or {"wan": "wan0", "lan": "lan0"})

    def start(self, instance="gateway", healthy=True, **changes):
        self.open_wires()
        self.run(instance, self.config(**changes))
        if healthy:
            self.daemon.wait_healthy(START)
            # What the gateway says itself comes from its address on the LAN, which is probed for duplicates before it is used.
            wait_for(self.announced, "the gateway announces its address on the LAN", START)
            self.settle()

    def announced(self):
        def match(frame):
            at = 18 if frame[12:14] == b"\x81\x00" else 14
            return frame[at + 40:at + 41] == b"\x88" and frame[at + 48:at + 50] != b"\xfe\x80"
        return self.wires["lan"].frames(match)

    def config(self, **changes):
        config = {
            "role": "gateway", "ports": self.ports(),
            "wan": {"port": "wan", "ipv4": {"address": f"{WAN}/24", "gateway": ISP},
                    "external_address": {"from": ["interface"]}},
            "tunnels": {"main": {"mode": "6to4", "relays": [ANYCAST], "probe": {"interval": "5min"}}},
            "lans": {"home": {"port": "lan", "subnet_id": 1}}}
        return merged(config, changes)

    # Frames of the peers -------------------------------------------------------------------------------------------

    def from_lan(self, packet, **ethernet):
        return p.ethernet(self.macs["lan"], self.wires["lan"].mac, p.IPV6, packet, **ethernet)

    def from_isp(self, packet, ether_type=p.IPV4):
        return p.ethernet(self.macs["wan"], self.wires["wan"].mac, ether_type, packet)

    def from_tunnel(self, packet, source=ANYCAST, destination=WAN, **outer):
        return self.from_isp(p.ipv4(source, destination, packet, **outer))

    def settle(self):
        """A ping through: what was sent on either wire before is worked off, for ports are first in, first out."""
        number = next(self.numbers)
        lan, wan = self.wires["lan"], self.wires["wan"]
        request = p.echo(HOST, SERVER, 0x4141, number, hop_limit=64)
        lan.send(self.from_lan(request))
        wan.take(lambda f: f[34:] == request[:7] + b"\x3f" + request[8:], f"ping {number} on the WAN")
        reply = p.echo(SERVER, HOST, 0x4141, number, reply=True, hop_limit=64)
        wan.send(self.from_tunnel(reply))
        lan.take(lambda f: f[14:] == reply[:7] + b"\x3f" + reply[8:], f"answer {number} on the LAN")


class RelayBench(Bench):
    def __init__(self, world, role="relay", devices=None):
        super().__init__(world, role, devices or {"wan": "wan0", "six": "six0"})

    def start(self, instance="relay", **changes):
        self.open_wires()
        self.run(instance, self.config(**changes))
        self.daemon.wait_healthy(START)
        # Its native address is probed for duplicates before it is used.
        wait_for(self.pinged, "the relay answers on its native side", START)
        self.settle()

    def pinged(self):
        self.wires["six"].send(self.from_native(p.echo(FAR, NATIVE, 0x4141, 0)))
        return self.wires["six"].frames(lambda f: f[14:] == p.echo(NATIVE, FAR, 0x4141, 0, reply=True))

    def config(self, **changes):
        config = {
            "role": "relay", "ports": self.ports(),
            "wan": {"port": "wan", "ipv4": {"address": f"{RELAY_WAN}/24", "gateway": ISP}},
            "tunnels": {"main": {"mode": "6to4"}},
            "relay": {"anycast": ANYCAST,
                      "native": {"port": "six", "address": f"{NATIVE}/64", "gateway": NATIVE_ROUTER}}}
        return merged(config, changes)

    def from_native(self, packet):
        return p.ethernet(self.macs["six"], self.wires["six"].mac, p.IPV6, packet)

    def from_site(self, packet, source=OTHER_SITE, destination=ANYCAST, **outer):
        outer_packet = p.ipv4(source, destination, packet, **outer)
        return p.ethernet(self.macs["wan"], self.wires["wan"].mac, p.IPV4, outer_packet)

    def settle(self):
        """A probe on the WAN, a ping of its own address on the native side, both answered by the relay itself."""
        number = next(self.numbers)
        wan, six = self.wires["wan"], self.wires["six"]
        site = p.six_to_four(OTHER_SITE, 0, 1)
        wan.send(self.from_site(p.echo(site, ANYCAST_FORM, 0x4141, number, hop_limit=1)))
        reply = p.echo(ANYCAST_FORM, site, 0x4141, number, reply=True)
        wan.take(lambda f: f[34:] == reply, f"the answer to probe {number}")
        six.send(self.from_native(p.echo(FAR, NATIVE, 0x4141, number)))
        reply = p.echo(NATIVE, FAR, 0x4141, number, reply=True)
        six.take(lambda f: f[14:] == reply, f"the answer to ping {number}")


# Small things --------------------------------------------------------------------------------------------------------


def merged(base, changes):
    """Maps are merged, everything else replaced."""
    result = json.loads(json.dumps(base))
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merged(result[key], value) if both else value
    return result


def wait_moved(bench, before, deadline=10.0):
    """{reason: by how much} once any has moved."""
    return wait_for(lambda: bench.moved(before), "a counter of drops moves", deadline, every=0.02)


def is_probe(frame):
    """An echo request inside protocol 41 to 2002:V4::, V4 being the outer destination."""
    return len(frame) > 34 + 40 and frame[23] == p.PROTOCOL_41 and frame[34 + 6] == p.ICMPV6 and frame[34 + 40] == 128 and \
        frame[34 + 24:34 + 30] == b"\x20\x02" + frame[30:34]


def turn_echo(packet):
    source, destination, body = packet[8:24], packet[24:40], packet[44:]
    return p.icmpv6(text6(destination), text6(source), 129, 0, body)


def dotted(octets):
    return ".".join(map(str, octets))


def colons(octets):
    return octets.hex(":")


def text6(octets):
    import ipaddress
    return str(ipaddress.IPv6Address(octets))
