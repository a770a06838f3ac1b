"""The routers of the matrix: what the reference must know of one, and the same as a scenario for the driver.

`mode: auto` is none of its own: a router's snapshot begins with the plan of a tunnel, where auto has become 6rd or 6to4.
tests/unit/daemon/snapshot_auto_test.cpp shows that the snapshots are the same but for their names.

The WAN is device 1, the LAN (or a relay's native side) device 0: the driver numbers by the ports' names.
"""
import functools
import json

from .reference import gateway, numbers, relay, rfc3056, rfc3964, rfc4213, rfc5969, several
from .reference.rules import first_broken
from .reference.numbers import LINK_LOCAL, MULTICAST, Block, text4, text6, v4, v6

LAN, WAN = 0, 1
DEVICES = {LAN: "lan", WAN: "wan"}
MACS = {LAN: "02:41:00:00:00:00", WAN: "02:41:00:00:00:01"}
LAN_LINK_LOCAL = v6("fe80::41:ff:fe00:0")  # of the LAN's MAC (RFC 4291, appendix A)
ROUTER_MAC, HOST_MAC, NEAR_MAC = "02:00:00:00:01:01", "02:00:00:00:00:10", "02:00:00:00:01:4d"
HOST_ID, NEAR_ID, ROUTER_ID = 0x10, 77, 1


class Box:
    """What gateway and relay have in common. Addresses are numbers, prefixes Blocks."""
    mode = "6to4"
    external = anycast = live_relay = None
    relays = sites = withdrawn = ()
    accepts_relays_only = False
    link_ends = ()  # the configured tunnels among its own, of which each is a link with another end (RFC 4213)

    def __init__(self, name, address):
        self.name = name
        self.address = address  # with the length of its subnet
        self.local = v4(address.partition("/")[0])
        length = int(address.partition("/")[2])
        self.subnet = Block(f"{text4(self.local >> 32 - length << 32 - length)}/{length}")
        self.subnet_edges = (self.subnet.first, self.subnet.last)
        self.router, self.near = self.subnet.first + ROUTER_ID, self.subnet.first + NEAR_ID

    def __repr__(self):
        return f"{self.mode}-{self.role}-{self.name}"

    @functools.cached_property
    def own_v4(self):
        return {self.local} | ({self.anycast} if self.anycast else set())

    def refused(self, packet):
        """The rule of the tunnel that a packet from it breaks, or None."""
        return first_broken([*self.decapsulation.outer, *self.decapsulation.inner], self, packet)

    def is_on_tunnel(self, address):
        """Whether the tunnel itself leads to it, without a relay."""
        return rfc3056.is_6to4(address)

    def v4_of(self, address):
        return rfc3056.v4addr(address)

    def mac_towards(self, side, address):
        """Whose MAC a frame to the outer or inner destination carries."""
        if side == "lan":
            return self.neighbours.get(address, ROUTER_MAC)
        return NEAR_MAC if address == self.near else ROUTER_MAC

    def scenario(self):
        facts = [f"neighbour wan {text4(self.router)} {ROUTER_MAC}", f"neighbour wan {text4(self.near)} {NEAR_MAC}"]
        facts += [f"neighbour lan {text6(address)} {mac}" for address, mac in self.neighbours.items()]
        facts += [f"withdrawn {prefix}" for prefix in self.withdrawn]
        facts += [f"relay {text4(self.live_relay)}"] if self.live_relay else []
        return "\n".join([*facts, "---", json.dumps(self.configuration())])  # JSON is YAML

    def configuration(self):
        return {"role": self.role, "ports": {name: {"device": f"net_null{n}"} for n, name in DEVICES.items()},
                "wan": {"port": "wan", "ipv4": {"address": self.address, "gateway": text4(self.router)}}}


class Gateway(Box):
    """A site with one LAN; on it a host that a pinhole lets the world speak to."""
    role = "gateway"
    from_tunnel, from_lan = staticmethod(gateway.from_tunnel), staticmethod(gateway.from_lan)
    withdrawn = (Block("2002:b00:9:1::/64"),)

    def __init__(self, name, address, relays, live, prefix, tunnel_address=None):
        super().__init__(name, address)
        self.relays = tuple(v4(relay) for relay in relays)
        self.live_relay = self.relays[0] if live else None
        self.prefix = prefix
        subnet = min(1, 64 - prefix.length)  # X28: a /64 is the LAN's as it is
        self.lan_prefix = Block(f"{text6(prefix.first | subnet << 64)}/64")
        self.lan_address = self.lan_prefix.first | 1
        self.lan_link_local = LAN_LINK_LOCAL
        self.pinhole = self.lan_prefix.first | HOST_ID
        self.tunnel_addresses = {tunnel_address or prefix.first | 1} if subnet else set()
        self.own_v6 = self.tunnel_addresses | {self.lan_address, self.lan_prefix.first, prefix.first}  # E21
        hosts = (self.pinhole, self.pinhole + 1, self.lan_prefix.first | 5, self.withdrawn[0].first | HOST_ID, v6("fe80::10"))
        self.neighbours = dict.fromkeys(hosts, HOST_MAC)
        self.tunnel_ends = self.tunnel_addresses or {self.lan_address}
        self.lan_prefixes, self.prefixes, self.pinholes = [self.lan_prefix], [self.prefix], {self.pinhole}

    def tunnel_of(self, source):
        """The tunnel that packets of this source leave by."""
        return self

    def knows(self, packet):
        """C24: whether these inner addresses are of the tunnel at all, once it takes the outer ones."""
        return True

    def tunnels(self):
        return {"main": {"mode": self.mode, **self.tunnel()}}

    def is_reached(self, address):
        """A neighbour on the LAN whose MAC is known."""
        return address in self.neighbours

    def configuration(self):
        host = {"proto": "udp", "lan": "home", "interface_id": f"::{HOST_ID:x}", "port": "1-65535"}
        return super().configuration() | {"tunnels": self.tunnels(),
                                          "lans": {"home": {"port": "lan"}}, "filter": {"inbound": [host]}}

    def relays_text(self):
        return [text4(relay) for relay in self.relays]


class SixToFourGateway(Gateway):
    decapsulation = rfc3964.DECAPSULATION["gateway"]
    send = staticmethod(gateway.send_6to4)

    def __init__(self, name, address="11.0.0.2/24", external=None, relays=("192.88.99.1", "12.9.9.9"), live=True,
                 accept="any"):
        self.external = v4(external or address.partition("/")[0])
        self.accept, self.accepts_relays_only = accept, accept == "relays"
        super().__init__(name, address, relays, live, Block(f"{text6(rfc3056.site_prefix(self.external))}/48"))

    def tunnel(self):
        return {"relays": self.relays_text(), "accept": self.accept}

    def configuration(self):
        config = super().configuration()
        config["wan"]["external_address"] = {"from": text4(self.external)}
        return config


class SixRdGateway(Gateway):
    mode = "6rd"
    decapsulation = rfc5969.DECAPSULATION["gateway"]
    send = staticmethod(gateway.send_6rd)

    def __init__(self, name, address="10.100.100.2/24", mask_length=8, relays=("10.9.9.9", "10.9.9.10"), live=True,
                 hub_and_spoke=False):
        own = self.external = v4(address.partition("/")[0])
        self.hub_and_spoke = hub_and_spoke
        self.domain = rfc5969.Domain("2600:41::/32", mask_length, own)
        prefix = Block(f"{text6(self.domain.prefix_of(own))}/{self.domain.delegated_length}")
        super().__init__(name, address, relays, live, prefix)
        self.probe_address = self.domain.prefix_of(own) | 1  # of a /64 it is the LAN's (X28)

    def is_on_tunnel(self, address):
        return address in self.domain and not self.hub_and_spoke

    def knows(self, packet):
        return packet.destination in self.domain

    def tunnel(self):
        return {"relays": self.relays_text(), "6rd": {
            "prefix": self.domain.prefix.text, "ipv4_mask_len": self.domain.mask_length,
            "hub_and_spoke": self.hub_and_spoke}}


class SixInFourGateway(Gateway):
    mode = "6in4"
    decapsulation = rfc4213.DECAPSULATION
    send = staticmethod(gateway.send_6in4)

    def __init__(self, name, address="11.0.0.2/24", peer="12.9.9.9", live=True):
        self.external = v4(address.partition("/")[0])
        super().__init__(name, address, (peer,), live, Block("2600:45:1::/48"), v6("2600:45:0:2::2"))
        self.peer, self.link_local = v6("2600:45:0:2::1"), rfc4213.link_local_of(self.local)
        self.link_ends = (self,)

    def is_on_tunnel(self, address):
        return False

    def knows(self, packet):
        to = packet.destination
        return to in self.prefix or to in self.tunnel_addresses or to in LINK_LOCAL or to in MULTICAST

    def tunnel(self):
        return {"6in4": {"remote": text4(self.relays[0]), "address": "2600:45:0:2::2/64", "prefix": self.prefix.text}}


class SeveralTunnels(Gateway):
    """One site with 6in4, 6rd and 6to4 on one address, in this order (C24): a LAN with a /64 of each."""
    mode = "several"

    def __init__(self, name, members):
        first = members[0]
        super().__init__(name, first.address, (), False, first.prefix)
        self.members, self.external, self.relays = members, first.external, sum((m.relays for m in members), ())
        self.tunnel_addresses = set().union(*(member.tunnel_addresses for member in members))
        self.own_v6 = set().union(*(member.own_v6 for member in members))
        for member in members:
            self.neighbours.update(member.neighbours)
        self.lan_prefixes, self.prefixes = [m.lan_prefix for m in members], [m.prefix for m in members]
        self.pinholes = {member.pinhole for member in members}
        self.link_ends = sum((member.link_ends for member in members), ())
        for member in members:  # they speak to the LAN as one
            member.neighbours, member.lan_address = self.neighbours, self.lan_address

    def refused(self, packet):
        return several.refused(self, packet)

    def tunnel_of(self, source):
        """P34"""
        return next(member for member in self.members if source in member.lan_prefix)

    def is_on_tunnel(self, address):
        return False

    def scenario(self):
        facts = [f"relay {text4(member.live_relay)}" for member in self.members if member.live_relay]
        return "\n".join([*facts, super().scenario()])

    def configuration(self):
        config = super().configuration()
        for member in self.members:
            config["wan"] |= member.configuration()["wan"]
        return config

    def tunnels(self):
        return {member.name: {"mode": member.mode, **member.tunnel()} for member in self.members}


class Relay(Box):
    """Between its tunnel and a native side with a router."""
    role = "relay"
    from_tunnel, from_lan = staticmethod(relay.from_tunnel), staticmethod(relay.from_lan)
    native, native_address, native_router = Block("2600:43::/64"), v6("2600:43::3"), v6("2600:43::1")

    def __init__(self, name, address, anycast, sites):
        super().__init__(name, address)
        self.external = self.local
        self.anycast = v4(anycast) if anycast else None
        self.source_v4 = self.anycast or self.local
        self.sites = tuple(Block(site) for site in sites)
        self.lan_address = self.native_address
        self.tunnel_addresses = self.tunnel_ends = self.own_forms()
        self.own_v6 = self.tunnel_addresses | {self.native_address}
        self.neighbours = {self.native_router: ROUTER_MAC, self.native.first | HOST_ID: HOST_MAC}

    def is_reached(self, address):
        """By the native router, or a neighbour whose MAC is known."""
        return address in self.neighbours or not (address in self.native or address in numbers.LINK_LOCAL)

    def answers_from(self, asked):
        """What was asked, where a site expects just that (X22)."""
        return asked

    def configuration(self):
        own = {"unicast": text4(self.local), "sites": [site.text for site in self.sites],
               "native": {"port": "lan", "address": f"{text6(self.native_address)}/64",
                          "gateway": text6(self.native_router)}}
        if self.anycast:
            own["anycast"] = text4(self.anycast)
        return super().configuration() | {"tunnels": {"main": {"mode": self.mode, **self.tunnel()}}, "relay": own}


class SixToFourRelay(Relay):
    decapsulation, encapsulation = rfc3964.DECAPSULATION["relay"], rfc3964.ENCAPSULATION["relay"]
    native_sources = rfc3964.NATIVE_SOURCES

    def __init__(self, name, address="11.0.0.3/24", anycast=None, sites=()):
        super().__init__(name, address, anycast, sites)

    def own_forms(self):
        return {rfc3056.site_prefix(own) | last for own in self.own_v4 for last in (0, 1)}

    def tunnel(self):
        return {}


class BorderRelay(Relay):
    mode = "6rd"
    decapsulation, encapsulation = rfc5969.DECAPSULATION["relay"], rfc5969.ENCAPSULATION["relay"]
    native_sources = rfc5969.NATIVE_SOURCES

    def __init__(self, name, address="10.100.100.3/24", anycast=None, sites=(), others=("10.9.9.10",)):
        self.domain = rfc5969.Domain("2600:41::/32", 8, v4(address.partition("/")[0]))
        self.relays = tuple(v4(other) for other in others)
        super().__init__(name, address, anycast, sites)

    def own_forms(self):
        return {self.domain.prefix_of(own) for own in self.own_v4}

    def answers_from(self, asked):
        """An anycast address is no source (RFC 4443 §2.2)."""
        return self.native_address

    def is_on_tunnel(self, address):
        return address in self.domain

    def v4_of(self, address):
        return self.domain.v4_of(address)

    def tunnel(self):
        return {"relays": [text4(relay) for relay in self.relays],
                "6rd": {"prefix": self.domain.prefix.text, "ipv4_mask_len": self.domain.mask_length}}


BOXES = [
    SixToFourGateway("plain"),
    SixToFourGateway("behind-nat", address="192.168.1.2/24", external="11.5.5.5", relays=("12.9.9.9",)),
    SixToFourGateway("relays-only", relays=("11.0.0.77", "192.88.99.1"), accept="relays"),
    SixToFourGateway("relay-dead", live=False),
    SixToFourRelay("unicast"),
    SixToFourRelay("anycast", anycast="192.88.99.1"),
    SixToFourRelay("with-sites", anycast="192.88.99.1", sites=("12.0.0.0/24", "11.0.0.0/24")),
    SixRdGateway("private"),
    SixRdGateway("whole-address", address="11.0.0.2/24", mask_length=0, relays=("12.9.9.9",)),
    SixRdGateway("hub-and-spoke", hub_and_spoke=True),
    SixRdGateway("relay-dead", live=False),
    BorderRelay("unicast"),
    BorderRelay("anycast", anycast="10.9.9.9"),
    SixInFourGateway("plain"),
    SixInFourGateway("peer-dead", live=False),
    SeveralTunnels("three", [SixInFourGateway("pair"),
                             SixRdGateway("domain", address="11.0.0.2/24", relays=("11.9.9.9",)),
                             SixToFourGateway("rest", relays=("192.88.99.1",))]),
]
