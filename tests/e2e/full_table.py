"""A table like the Internet's, and the peers of a relay that has it: a site's host pings through it all the while.

    host ──[ gateway ]── isp ──[ relay ]── six, which answers as whoever is asked behind it
"""
import ipaddress
import pathlib
import random
import re
import signal
import time

from tests.lab import internet as net
from tests.lab.checks import daemon_pid
from tests.lab.netns import wait_for

from .interop import add_gateway

# Shares of a full table's prefixes by length, and where on the Internet they lie.
LENGTHS = {48: 47, 32: 11, 44: 9, 40: 8, 46: 6, 36: 5, 47: 4, 42: 4, 29: 3, 33: 2, 64: 1}
REGIONS = ["2400::/12", "2604::/14", "2800::/12", "2a00::/11"]
ROUTERS = [f"2600:41::{number:x}" for number in range(0x11, 0x19)]
GATEWAY = "2600:41::1"  # of the configuration: by it go the pings, whose next hop needs no look-up
UNREACHABLE = None  # one route in sixteen; the others are by one of ROUTERS
NOTHING = "nowhere"  # as the product says it
LOADED = 60.0  # on a machine with much else to do: seconds from the kernel's last change until the packet path has all
INTERFACE, ROUTING_DAEMON = "g41native", 12  # as BIRD's routes are marked


def full_table(count):
    """{prefix: next hop}, always the same ones."""
    numbers = random.Random(41)
    regions = [ipaddress.IPv6Network(region) for region in REGIONS]
    table = {}
    while len(table) < count:
        region = numbers.choice(regions)
        length = numbers.choices(list(LENGTHS), list(LENGTHS.values()))[0]
        value = int(region.network_address) | numbers.getrandbits(length - region.prefixlen) << (128 - length)
        table[ipaddress.IPv6Network((value, length))] = numbers.choice([UNREACHABLE, *ROUTERS, *ROUTERS[1:]])
    return table


def longest_match(table, address):
    """(prefix, next hop), or None; by its own arithmetic."""
    value = int(ipaddress.IPv6Address(address))
    for length in range(128, -1, -1):
        prefix = ipaddress.IPv6Network((value >> (128 - length) << (128 - length), length))
        if prefix in table:
            return prefix, table[prefix]
    return None


def some_addresses(table, count):
    """One inside each of some routes."""
    numbers = random.Random(42)
    prefixes = numbers.sample(sorted(table), count)
    return [str(ipaddress.IPv6Address(int(p.network_address) | numbers.getrandbits(128 - p.prefixlen))) for p in prefixes]


class KernelRoutes:
    """Routes that the kernel of a relay's namespace is handed, like a routing daemon's. `kernel`: that namespace."""

    def __init__(self, relay, kernel):
        self.relay, self.kernel = relay, kernel

    def batch(self, command, routes):
        """`ip -batch` in the namespace where the relay's kernel interfaces are."""
        path = self.kernel.lab.folder / "batch"
        path.write_text("".join(f"route {command} {words(*route)} proto {ROUTING_DAEMON}\n" for route in routes))
        self.kernel.ip("-6", "-batch", path, timeout=300)

    def native(self):
        """The daemon's counts of native routes."""
        return self.relay.ask("routes", "--count", "1")["native"]

    def wait_complete(self, count):
        """Until the packet path has all of the kernel's, so many. Not asked more often: each costs the daemon a look at all."""
        def holds():
            native = self.native()
            return native["complete"] and native["count"] == count
        wait_for(holds, f"{count} routes are in the packet path", LOADED, every=0.2)


class FullTableRelay(KernelRoutes):
    """gate41's relay and site, started."""

    def __init__(self, world, max_routes):
        world.build_isp()
        self.world, self.lab = world, world.lab
        relay = world.build_relay(relay={
            "anycast": net.RELAY, "routes": {"max": max_routes},
            "native": {"port": "six", "address": "2600:41::3/64", "gateway": GATEWAY}})
        # Made here, as for a routing daemon: one that the daemon makes is seen by no other process of a lab.
        super().__init__(relay, self.lab.namespace("relay-k"))
        self.gateway = add_gateway(world)
        self.host, self.six = self.lab.namespace("host"), self.lab.namespace("six")
        for router in ROUTERS:
            self.six.ip("addr", "add", f"{router}/64", "dev", "s0", "nodad")
        for region in REGIONS:
            self.six.ip("route", "add", "local", region, "dev", "lo")
        for daemon in (self.relay, self.gateway):
            daemon.start()
        for daemon in (self.relay, self.gateway):
            daemon.wait_healthy()
        net.wait_address(self.host, "2002:")
        # The relay probes its native address for duplicates before it asks for neighbours from it.
        wait_for(lambda: self.answered(net.WEB), "the host reaches the web server")

    def way_to(self, address):
        """(prefix, next hop), as full_table() has them."""
        route = self.relay.ask("routes", address)["routes"][0]
        next_hop = UNREACHABLE if route["way"] == NOTHING else route["next_hop"]
        return ipaddress.IPv6Network(route["prefix"]), next_hop

    def memory(self):
        """MiB that the daemon has of the machine."""
        status = pathlib.Path(f"/proc/{daemon_pid(self.relay)}/status").read_text()
        return int(re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE).group(1)) / 1024

    def answered(self, address):
        """A ping of the host's goes through the packet path to this address, and back."""
        return self.host.run("ping", "-6", "-n", "-c", "1", "-W", "2", address, check=False).returncode == 0


def words(prefix, next_hop):
    if next_hop is UNREACHABLE:
        return f"unreachable {prefix} metric 32"
    return f"{prefix} via {next_hop} dev {INTERFACE} metric 32"


class Pings:
    """A hundred a second and more from the host to the web server, until the block ends; then what was lost and when."""

    INTERVAL = 0.005  # the kernel's timer makes up to ten milliseconds of it
    LEAST = 0.5  # seconds: a short block is no measure

    def __init__(self, relay):
        self.relay = relay

    def __enter__(self):
        argv = ["ping", "-6", "-n", "-D", "-i", str(self.INTERVAL), net.WEB]
        self.log = self.relay.lab.folder / "pings.log"
        self.log.unlink(missing_ok=True)
        self.process = self.relay.host.popen(*argv, log="pings")  # to a file: a pipe would fill
        self.began = time.monotonic()
        return self

    def __exit__(self, *_):
        wait_for(lambda: time.monotonic() > self.began + self.LEAST, "the pings have run for a while")
        self.relay.lab.stop(self.process, signal.SIGINT)
        output = self.log.read_text()
        answers = re.findall(r"^\[([\d.]+)\] \d+ bytes from .* icmp_seq=(\d+)", output, re.MULTILINE)
        times, numbers = [float(at) for at, _ in answers], {int(number) for _, number in answers}
        assert len(times) > 10, output
        self.answers, self.seconds = len(numbers), times[-1] - times[0]
        self.lost = max(numbers) - len(numbers)
        self.longest_gap = max(later - earlier for earlier, later in zip(times, times[1:]))

    def __str__(self):
        gap = f"at most {self.longest_gap * 1000:.0f} ms between two"
        return f"{self.answers} pings answered in {self.seconds:.1f} s, {self.lost} lost, {gap}"
