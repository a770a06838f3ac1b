"""gate41-gen on both sides of a gateway, a relay, or a gateway and a relay back to back (RFC 8219: single and dual DUT), with 6to4
or 6rd, or a gateway with 6in4.

    tester ── lan ──[ gateway ]── wan ── tester          by the relay, to native addresses
    tester ── six ──[ relay ]── wan ── tester            sites that speak with native addresses
    tester ── lan ──[ gateway ]── wan ──[ relay ]── six ── tester
"""
import dataclasses
import json
import signal
from collections.abc import Callable

from .daemon import Daemon, program
from .internet import BROKERED, SIX_RD, brokered, six_rd, six_to_four
from .workers import af_packet

WAN, ISP, RELAY_WAN, ANYCAST = "11.0.0.2", "11.0.0.1", "11.0.0.3", "192.88.99.1"
NATIVE, NATIVE_ROUTER, FAR = "2600:41::3", "2600:41::1", "2600:42::/32"
SETUPS = ("gateway", "relay", "both")
PROBE = {"interval": "1s", "misses": 3}


@dataclasses.dataclass(frozen=True)
class Mode:
    """What differs: `site`, the addresses of a site; `address`, the relay's, as sites know it; `sites`, whom the generator plays
    opposite a relay."""
    tunnel: dict
    site: Callable
    address: str
    sites: list

    def gateways_tunnel(self):
        """Of the configuration; the peer of 6in4 is in it already."""
        relays = {} if "6in4" in self.tunnel else {"relays": [self.address]}
        return {**self.tunnel, **relays, "probe": PROBE}

    def relay(self):
        """Of the configuration."""
        return {} if self.address == RELAY_WAN else {"anycast": self.address}


MODES = {
    "6to4": Mode({"mode": "6to4"}, six_to_four, ANYCAST, [("--sites", "12.0.0.0/8")]),
    "6rd": Mode({"mode": "6rd", "6rd": SIX_RD}, six_rd, RELAY_WAN,
                [("--sites", "11.128.0.0/9"), ("--domain", SIX_RD["prefix"]), ("--domain-v4", "11.0.0.0/8")]),
    "6in4": Mode({"mode": "6in4", "6in4": {"remote": RELAY_WAN, "address": "2600:41:0:2::2/64", "prefix": BROKERED["site"]}},
                 brokered, RELAY_WAN, [])}


class UnderTest:
    """Devices under test in namespaces of their own, the generator in another. `world`: tests.lab.internet.Internet; `relay`,
    `gateway`: keys of their configurations."""

    def __init__(self, world, setup, mode="6to4", relay=None, **gateway):
        self.lab, self.world, self.mode, self.changes = world.lab, world, MODES[mode], {"relay": relay or {}, "gateway": gateway}
        self.place = self.lab.namespace("tester")
        build = {"gateway": self._gateway, "relay": self._relay, "both": self._both}[setup]
        self.options = build()
        for daemon in world.daemons.values():
            daemon.start()

    def generate(self, *options, **kwargs):
        """What gate41-gen says."""
        return self.generate_with(self.command(), *options, **kwargs)

    def generate_with(self, command, *options, timeout=120):
        """The last of two options that are alike counts."""
        result = self.place.run(*command, *map(str, options), timeout=timeout, check=False)
        if result.returncode != 0:
            raise RuntimeError(f"gate41-gen: exit {result.returncode}\n{result.stdout}{result.stderr}")
        return json.loads(result.stdout)

    def forget_flows(self):
        """The gateway's."""
        self.world.daemons["gateway"].tool("flows", "delete", "--all")

    def restart(self):
        """The devices, as by the reset button. What they had on an interface of the kernel leaves it down."""
        for daemon in self.world.daemons.values():
            daemon.stop(how=signal.SIGKILL)
            for interface in ("wan0", "lan0", "six0"):
                daemon.namespace.ip("link", "set", interface, "up", check=False)
            daemon.start()

    def command(self, without=None):
        """The generator with the options of this set-up, for inside of its namespace; `without` a port."""
        return [str(program("gate41-gen")), *(word for option in self.options if option[0] != without for word in option)]

    def split(self):
        """The commands of a generator on the LAN and of another on the WAN."""
        return self.command(without="--wan"), self.command(without="--lan")

    # The sides ----------------------------------------------------------------------------------------------------

    def _link(self, one, one_if, other, other_if):
        self.lab.link(one, one_if, other, other_if)
        for place, interface in ((one, one_if), (other, other_if)):
            place.sysctl(**{f"net__ipv6__conf__{interface}__disable_ipv6": 1})

    def _add_gateway(self, gateway):
        config = {
            "role": "gateway", "ports": {"wan": {"device": af_packet(0, "wan0")}, "lan": {"device": af_packet(1, "lan0")}},
            "wan": {"port": "wan", "ipv4": {"address": f"{WAN}/24", "gateway": ISP},
                    "external_address": {"from": ["interface"]}},
            "tunnels": {"main": self.mode.gateways_tunnel()},
            "lans": {"home": {"port": "lan", "subnet_id": 1}}, **self.changes["gateway"]}
        self.world.daemons["gateway"] = Daemon(gateway, "gateway", config)

    def _add_relay(self, relay):
        config = {
            "role": "relay", "ports": {"wan": {"device": af_packet(0, "wan0")}, "six": {"device": af_packet(1, "six0")}},
            "wan": {"port": "wan", "ipv4": {"address": f"{RELAY_WAN}/24", "gateway": ISP}},
            "tunnels": {"main": self.mode.tunnel},
            "relay": {**self.mode.relay(), "native": {"port": "six", "address": f"{NATIVE}/64", "gateway": NATIVE_ROUTER}},
            **self.changes["relay"]}
        self.world.daemons["relay"] = Daemon(relay, "relay", config)

    def _lan_options(self):
        """Of the gateway's LAN."""
        return lan_options(self.mode.site(WAN, 1) + "/64", self.mode.site(WAN, 1, 1))

    def _gateway(self):
        gateway = self.lab.namespace("gw")
        self._link(gateway, "wan0", self.place, "wan1")
        self._link(gateway, "lan0", self.place, "lan1")
        self._add_gateway(gateway)
        return [*self._lan_options(), *wan_options("wan1", ISP, WAN), ("--relay", self.mode.address), ("--wan-prefix", FAR)]

    def _relay(self):
        relay = self.lab.namespace("relay")
        self._link(relay, "wan0", self.place, "wan1")
        self._link(relay, "six0", self.place, "lan1")
        self._add_relay(relay)
        return [*lan_options(FAR, NATIVE), ("--lan-address", NATIVE_ROUTER), *wan_options("wan1", ISP, RELAY_WAN),
                ("--outer", self.mode.address), *self.mode.sites]

    def _both(self):
        """The ISP between them is a router of the kernel."""
        gateway, relay, isp = (self.lab.namespace(name) for name in ("gw", "relay", "isp"))
        self._link(gateway, "lan0", self.place, "lan1")
        self._link(relay, "six0", self.place, "six1")
        isp.ip("link", "add", "br0", "type", "bridge", "forward_delay", "0")
        for place, interface in ((gateway, "i0"), (relay, "i1")):
            self._link(place, "wan0", isp, interface)
            isp.ip("link", "set", interface, "master", "br0")
        isp.ip("addr", "add", f"{ISP}/24", "dev", "br0")
        isp.ip("link", "set", "br0", "up")
        isp.ip("route", "add", "192.88.99.0/24", "via", RELAY_WAN)
        isp.sysctl(net__ipv4__ip_forward=1, net__ipv4__conf__all__send_redirects=0, net__ipv4__conf__br0__send_redirects=0)
        self._add_relay(relay)
        self._add_gateway(gateway)
        return [*self._lan_options(), ("--native",), *wan_options("six1", NATIVE_ROUTER, NATIVE), ("--wan-prefix", FAR)]


def port(index, interface):
    """The generator's: it has one queue, however many the devices have."""
    return f"net_af_packet{index},iface={interface}"


def lan_options(prefix, device):
    return [("--lan", port(0, "lan1")), ("--lan-prefix", prefix), ("--lan-device", device)]


def wan_options(interface, address, device):
    return [("--wan", port(1, interface)), ("--wan-address", address), ("--wan-device", device)]
