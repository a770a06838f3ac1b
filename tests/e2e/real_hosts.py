"""Real hosts at both ends of the filter, and what they do to each other: the kernel's TCP, UDP and ICMPv6, nothing made up.

    host ──[ gateway ]── isp ──[ relay ]── six (web, DNS, iperf3) ──( 1300 bytes )── mid ── far

No end knows of the narrow link. Sockets are opened inside a namespace and stay there, so that one test holds both ends.
"""
import contextlib
import json
import re
import socket

from tests.lab import internet as net
from tests.lab.flood import Flood, Template
from tests.lab.netns import inside, wait_for

from . import packets as p
from .sites import merged

FAR, MID = "2600:41:0:81::81", "2600:41:0:82"
NARROW = 1300
DNS, IPERF = 53, 5201
WAN = "11.0.0.2"
PATIENCE = 20.0  # seconds for one answer on a busy machine
TUNNEL = {"probe": {"interval": "1s", "misses": 3}, "mode": "6to4", "mtu": 1480}
NOWHERE = p.six_to_four("11.9.9.9", 1, 0x80)  # a site that is not there
RATE = 40_000  # new flows a second
ALMOST = 0.95  # of them: a busy machine's interface drops some
SOURCE_MAC, SOURCE, DESTINATION, PORTS = 6, 14 + 8, 14 + 24, 14 + 40  # in a frame of the LAN
BROKEN = ("filter_tcp_invalid", "filter_tcp_window", "filter_tcp_no_flow")  # what no connection of these may meet


class RealHosts:
    """Everything around the gateway, started. `settings`: of the gateway's configuration."""

    def __init__(self, world, **settings):
        self.world, self.lab = world, world.lab
        self.profile = "strict"
        world.build_isp()
        self.relay = world.build_relay(tunnels={"main": {"mode": "6to4", "mtu": 1480}})
        self.gateway = world.add_gateway(
            tunnels={"main": {**TUNNEL, "relays": [net.RELAY]}}, **settings,
            wan={"ipv4": {"address": f"{WAN}/24", "gateway": "11.0.0.1"}, "external_address": {"from": ["interface"]}})
        self.host, self.six, self.isp = (self.lab.namespace(name) for name in ("host", "six", "isp"))
        self.far = self._behind_a_narrow_link()
        for daemon in (self.relay, self.gateway):
            daemon.start()
        world.serve_web()
        self._serve()
        for daemon in (self.relay, self.gateway):
            daemon.wait_healthy()
        self.address = net.wait_address(self.host, "2002:")
        wait_for(lambda: net.default_router(self.host), "the host has a default router")

    def _behind_a_narrow_link(self):
        mid, far = self.lab.namespace("mid"), self.lab.namespace("far")
        for place in (self.six, mid):
            place.sysctl(net__ipv6__conf__all__forwarding=1)
        for place in (self.six, mid, far):
            place.sysctl(net__ipv6__icmp__ratelimit=0)  # each probe of a traceroute is answered
        self.lab.link(self.six, "mid0", mid, "six0", mtu=NARROW)
        self.lab.link(mid, "far0", far, "mid0")
        for place, interface, address in ((self.six, "mid0", f"{MID}::1/64"), (mid, "six0", f"{MID}::2/64"),
                                          (mid, "far0", "2600:41:0:81::1/64"), (far, "mid0", f"{FAR}/64")):
            place.ip("addr", "add", address, "dev", interface, "nodad")
        self.six.ip("route", "add", "2600:41:0:81::/64", "via", f"{MID}::2")
        mid.ip("-6", "route", "add", "default", "via", f"{MID}::1")
        far.ip("-6", "route", "add", "default", "via", "2600:41:0:81::1")
        return far

    def _serve(self):
        self.six.popen("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root",
                       "--bind-interfaces", f"--listen-address={net.WEB}", f"--address=/web.lab/{net.WEB}",
                       f"--pid-file={self.lab.folder}/dns.pid", log="dns")
        self.six.popen("iperf3", "--server", "--bind", net.WEB, log="iperf3")
        for port in (DNS, IPERF):
            wait_for(lambda at=port: self.six.run("ss", "-ltnH", f"sport = :{at}").stdout, f"a server listens on {port}")

    # Sockets -------------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def listener(self, place, address):
        with inside(place):
            server = socket.create_server((address, 0), family=socket.AF_INET6)
        server.settimeout(PATIENCE)
        with server:
            yield server

    @contextlib.contextmanager
    def connected(self, place=None, address=net.WEB):
        """(the host's end, the server's end) of a connection that the host has opened."""
        with self.listener(place or self.six, address) as server, self.socket(self.host, socket.SOCK_STREAM) as client:
            client.connect(server.getsockname())
            accepted, _ = server.accept()
            accepted.settimeout(PATIENCE)
            with accepted:
                yield client, accepted

    @contextlib.contextmanager
    def socket(self, place, kind, port=0, address="::"):
        with inside(place):
            made = socket.socket(socket.AF_INET6, kind)
        made.settimeout(PATIENCE)
        with made:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind((address, port))
            yield made

    def change(self, **changes):
        """A reload, which takes all of it or nothing."""
        config = merged(json.loads(self.gateway.config_path.read_text(encoding="utf-8")), changes)
        self.gateway.config_path.write_text(json.dumps(config), encoding="utf-8")
        result = self.gateway.reload()
        assert result.returncode == 0, result.stdout + result.stderr

    # What the gateway says -------------------------------------------------------------------------------------------

    def flow(self, port):
        """The flow with this port at either end, or None."""
        return next((row for row in self.gateway.ask_all("flows", "--port", port)), None)

    @contextlib.contextmanager
    def unbroken(self):
        """Meanwhile the filter drops nothing of any TCP connection."""
        before = self.gateway.drops()
        yield
        after = self.gateway.drops()
        broken = {reason: after[reason] - before.get(reason, 0) for reason in BROKEN if reason in after}
        assert not any(broken.values()), broken

    def open_flows(self, count):
        """So many flows, each of another host of the LAN to another host of a site that is not there; nobody answers.
        How many are there then."""
        self.isp.ip("route", "add", "blackhole", "11.9.9.9/32")
        router = next(row["mac"] for row in self.gateway.ask("ports") if row["name"] == "lan")
        frame = p.ethernet(router, "02:66:66:66:66:66", p.IPV6, p.udp(self.address, NOWHERE, 1, 1, bytes(12)))
        template = Template(frame, ((SOURCE_MAC + 2, 4), (SOURCE + 8, 8), (DESTINATION + 6, 10), (PORTS, 4)))
        Flood(self.host, "eth0", [template], RATE, 2 * count / RATE, count=count).wait()
        return wait_for(lambda: (n := self.flows()) >= ALMOST * count and n, f"{count} flows are open")

    def flows(self):
        return self.gateway.status()["flows"]["current"]

    # Programs --------------------------------------------------------------------------------------------------------

    def hops(self, *options):
        """The addresses on the way to the far host, by traceroute; "*" where none answered."""
        output = self.host.run("traceroute", "-6", "-n", "-q", "1", "-w", "5", "-m", "8", *options, FAR).stdout
        return re.findall(r"^ *\d+  (\S+)", output, re.MULTILINE)

    def iperf(self, seconds, streams, *options):
        """Bytes that each stream carried."""
        words = ("iperf3", "-6", "-c", net.WEB, "-t", seconds, "-P", streams, "-J", *options)
        result = json.loads(self.host.run(*words, timeout=seconds + 60).stdout)
        assert "error" not in result, result["error"]
        return [stream["receiver"]["bytes"] for stream in result["end"]["streams"]]


def receive(connection, size):
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        assert piece, f"closed after {len(data)} bytes of {size}"
        data += piece
    return data
