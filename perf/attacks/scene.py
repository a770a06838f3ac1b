"""The lab around the gateway that is attacked.

    host, attacker ──[ gateway ]── isp ──[ relay ]── six: echoes
                                    └── 11.9.9.9, a site that is not there: what goes to it ends at the ISP

The attacker of the LAN sends by the host's link with a MAC of its own; the one outside sends from the ISP, as if the relay
had. Nothing answers to an attack, so that what it costs is the gateway's.
"""
import json
import socket

from tests.e2e import packets as p
from tests.lab import internet as net
from tests.lab.flood import Flood, Template
from tests.lab.netns import inside, wait_for
from tests.lab.probes import Probes

WAN, NOWHERE = "11.0.0.2", "11.9.9.9"
SITE = p.six_to_four(WAN, 1)
HOST = p.six_to_four(WAN, 1, 0x41)
TARGET = p.six_to_four(NOWHERE, 1, 0x80)
OUTSIDER = "2600:42::bad"
ATTACKER_MAC = "02:66:66:66:66:66"
HARMLESS_PORT = 20009  # below those that the kernel gives to probes


class Scene:
    """Built once; the gateway and the probes are new for each attack."""

    def __init__(self, world, max_flows):
        self.world, self.lab = world, world.lab
        isp = world.build_isp()
        isp.ip("route", "add", "blackhole", f"{NOWHERE}/32")
        self.relay = world.build_relay()
        self.gateway = world.add_gateway(
            filter={"max_flows": max_flows}, eal={"hugepages": False, "memory": "512M"},
            wan={"ipv4": {"address": f"{WAN}/24", "gateway": "11.0.0.1"}, "external_address": {"from": ["interface"]}})
        self.host, self.isp, self.six = (self.lab.namespace(name) for name in ("host", "isp", "six"))
        self.macs = {"isp": mac_of(self.isp, "w0"), "host": mac_of(self.host, "eth0")}
        self.relay.start()
        self.relay.wait_healthy()
        world.serve_web()
        self.probes = self.harmless = None

    def begin(self, wan, profile):
        """A gateway that has seen nothing yet, and the probes' flows through it. `wan`: its kind of port there."""
        config = json.loads(self.gateway.config_path.read_text(encoding="utf-8"))
        config["ports"]["wan"]["device"] = wan(0, "wan0")
        config["filter"]["profile"] = profile
        self.gateway.config_path.write_text(json.dumps(config), encoding="utf-8")
        self.gateway.start()
        self.macs.update({port["name"]: port["mac"] for port in self.gateway.ask("ports")})
        self.gateway.wait_healthy()
        net.wait_address(self.host, "2002:")
        wait_for(lambda: net.default_router(self.host), "the host has a default router")
        self.probes = Probes(self.host, self.six, self.gateway)
        self.harmless = self._open_harmless()
        self.probes.run(2.5)  # each flow once at least

    def _open_harmless(self):
        """A flow to nowhere that has been answered; nobody reads what comes for it."""
        with inside(self.host):
            one = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        one.bind(("::", HARMLESS_PORT))
        one.sendto(b"first", (TARGET, 9))
        self.flood("tunnel", [self.harmless_frame("tunnel")], rate=100, seconds=0.1)
        return one

    def harmless_frame(self, side):
        if side == "lan":
            return Template(self.from_lan(p.udp(HOST, TARGET, HARMLESS_PORT, 9, bytes(12)), mac=self.macs["host"]))
        return Template(self.from_tunnel(p.udp(TARGET, HOST, 9, HARMLESS_PORT, bytes(12)), source=NOWHERE))

    def end(self):
        self.harmless.close()
        self.probes.close()
        self.gateway.stop()

    # What attackers send -------------------------------------------------------------------------------------------

    def from_lan(self, packet, mac=ATTACKER_MAC):
        return p.ethernet(self.macs["lan"], mac, p.IPV6, packet)

    def from_tunnel(self, packet, source=net.RELAY, **outer):
        return p.ethernet(self.macs["wan"], self.macs["isp"], p.IPV4, p.ipv4(source, WAN, packet, **outer))

    def start_flood(self, side, templates, rate, seconds):
        place, interface = (self.host, "eth0") if side == "lan" else (self.isp, "w0")
        return Flood(place, interface, templates, rate, seconds)

    def flood(self, *words, **settings):
        return self.start_flood(*words, **settings).wait()


def mac_of(place, interface):
    return place.run("cat", f"/sys/class/net/{interface}/address").stdout.strip()
