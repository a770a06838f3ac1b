"""What every test against a Linux peer has around it: gate41's relay and site, a guest, a server, and a file at each end.

No end knows how wide the path is: hosts believe in 1500 bytes, and sit, which lets 1480 into its tunnel, has to find out.
"""
import contextlib
import json

from tests.lab import checks, internet as net
from tests.lab.workers import seeing_fragments

from .ends import PINGS, PORT, End, fetch, serve
from .linux_peer import GATEWAY, LinuxPeer

PATHS = [1500, 1400, 1300]
START = 60.0
OPEN = [{"proto": "echo", "lan": "home", "interface_id": net.HOST_ID},
        {"proto": "tcp", "lan": "home", "interface_id": net.HOST_ID, "port": PORT}]


def add_gateway(world, **tunnel):
    """gate41's site, not started: one host, which ignores the MTU that it is told; pings and the server's port come in."""
    world.lab.namespace("host").sysctl(net__ipv6__conf__default__accept_ra_mtu=0)
    wanted = tunnel or {"mode": "6to4", "relays": [net.RELAY]}
    main = {"probe": {"interval": "1s", "misses": 3}, **wanted}
    return world.add_gateway(tunnels={"main": main}, filter={"inbound": OPEN}, wan={
        "ipv4": {"address": f"{GATEWAY}/24", "gateway": "11.0.0.1"}, "external_address": {"from": ["interface"]}})


def see_fragments(daemon):
    """Its WAN by AF_XDP: net_af_packet has the kernel put IPv4 fragments together before gate41 sees them."""
    config = json.loads(daemon.config_path.read_text())
    config["ports"]["wan"]["device"] = seeing_fragments(0, "wan0")
    daemon.config_path.write_text(json.dumps(config))


class Scene:
    """`host` and `guest` are the addresses of these two ends; daemons run, the guest is booted here."""

    def __init__(self, world, host, guest):
        self.relay, self.gateway = world.daemons["relay"], world.daemons["gateway"]
        self.peer = LinuxPeer(world)
        six, home = world.lab.namespace("six"), world.lab.namespace("host")
        self.server, self.host, self.guest = End(six, net.WEB), End(home, host), End(self.peer.guest, guest)
        folders = {six: world.lab.folder / "six", home: world.lab.folder / "host", self.peer.guest: "/tmp/guest"}
        self._digests = {place: serve(place, folder) for place, folder in folders.items()}
        net.wait_address(home, host)

    @contextlib.contextmanager
    def without_the_relay(self):
        """What happens meanwhile does not go through gate41's relay, which sends at most its own neighbour discovery."""
        before = checks.relay_packets(self.relay)
        yield
        assert checks.relay_packets(self.relay) - before < PINGS

    def megabyte(self, server, client):
        assert fetch(client, server) == self._digests[server.place]

    def megabyte_each_way(self, near, far, path, endpoint):
        """`near` sends through the guest's tunnel, whose other end is `endpoint`: the guest must learn of the path.

        It sends first, while nobody knows: a known MTU shows in the MSS that is offered.
        """
        self.peer.set_path_mtu(path)
        self.megabyte(near, far)
        self.megabyte(far, near)
        assert self.peer.learnt_mtu(endpoint) == (path if path < 1500 else None)
