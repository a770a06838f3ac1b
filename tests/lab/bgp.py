"""`scripts/lab --bgp`: two relays that announce the same prefixes by BGP, and a network that balances between them.

                                  ┌─ 11.0.1.0/24 ─[ relay a ]─ 2600:41::/64 ───┐
    host ─[ gateway ]── 11.0.0.0 ─ isp                                        six (web6)
    b1 ───[ gateway b ]─ 11.0.2.0 ─┘└─ 11.0.3.0/24 ─[ relay b ]─ 2600:41:0:1::/64 ┘

isp and six are routers of the kernel with BIRD; each relay's own BIRD runs in the namespace of its interfaces.
"""
import re
import signal
import subprocess
import time

from . import checks, internet as net
from .bird import QUICK, Bird
from .daemon import Daemon
from .netns import ENDS_WITH_US, wait_for

WEB_NET = "2600:41:0:80::/64"
LIMIT = 3.0  # seconds without service when a relay dies
RELAYS = {"a": {"wan": "11.0.1", "isp_if": "r0", "native": "2600:41:0:0:", "six_if": "s0"},
          "b": {"wan": "11.0.3", "isp_if": "r1", "native": "2600:41:0:1:", "six_if": "s1"}}

ISP = f"""
protocol kernel {{ ipv4 {{ import none; export where source = RTS_BGP; }}; merge paths on; }}
template bgp relay {{ local as 65001; {QUICK} ipv4 {{ import where net = 192.88.99.0/24; export none; }}; }}
protocol bgp a from relay {{ neighbor 11.0.1.2 as 65002; }}
protocol bgp b from relay {{ neighbor 11.0.3.2 as 65002; }}
"""
SIX = f"""
protocol kernel {{ ipv6 {{ import none; export where source = RTS_BGP; }}; merge paths on; }}
protocol static {{ ipv6; route {WEB_NET} unreachable; }}
template bgp relay {{
  local as 65010; {QUICK}
  ipv6 {{ import where net = 2002::/16; export where source = RTS_STATIC; next hop self; }};
}}
protocol bgp a from relay {{ neighbor 2600:41::3 as 65002; }}
protocol bgp b from relay {{ neighbor 2600:41:0:1::3 as 65002; }}
"""
# What docs/operating.md tells operators: import what gate41 offers (141), export it, hand native routes to the kernel.
RELAY = """
protocol kernel {{ learn; ipv4 {{ import where krt_source = 141; export none; }}; }}
protocol kernel {{ learn; ipv6 {{ import where krt_source = 141; export where source = RTS_BGP; }}; }}
protocol bgp isp {{
  local {wan}.2 as 65002; neighbor {wan}.1 as 65001; {quick}
  ipv4 {{ import none; export where net = 192.88.99.0/24; }};
}}
protocol bgp native {{
  local {native}:3 as 65002; neighbor {native}:1 as 65010; {quick}
  ipv6 {{ import all; export where net = 2002::/16; next hop self; }};
}}
"""


class BgpInternet(net.Internet):
    def __init__(self, folder, **kwargs):
        super().__init__(folder, **kwargs)
        self.birds = {}

    def build_six(self):
        six = self.lab.namespace("six")
        six.sysctl(net__ipv6__conf__all__forwarding=1)
        six.ip("addr", "add", f"{net.WEB}/128", "dev", "lo", "nodad")

    def build_relay_at(self, letter):
        """A relay, and the namespace of its interfaces before it: BIRD stays when the relay dies."""
        place = RELAYS[letter]
        name = f"relay{letter}"
        isp, six, relay = (self.lab.namespace(n) for n in ("isp", "six", name))
        self.lab.namespace(f"{name}-k")
        self.lab.link(isp, place["isp_if"], relay, "wan0")
        self.lab.link(relay, "six0", six, place["six_if"])
        for interface in ("wan0", "six0"):
            relay.sysctl(**{f"net__ipv6__conf__{interface}__disable_ipv6": 1})
        isp.ip("addr", "add", f"{place['wan']}.1/24", "dev", place["isp_if"])
        six.ip("addr", "add", f"{place['native']}:1/64", "dev", place["six_if"], "nodad")
        self.daemons[name] = Daemon(relay, name, {
            "role": "relay",
            "ports": {"wan": {"device": net.af_packet(0, "wan0")}, "six": {"device": net.af_packet(1, "six0")}},
            "wan": {"port": "wan", "ipv4": {"address": f"{place['wan']}.2/24", "gateway": f"{place['wan']}.1"}},
            "tunnels": {"main": {"mode": "6to4"}},
            "relay": {"anycast": net.RELAY, "native": {
                "port": "six", "address": f"{place['native']}:3/64", "gateway": f"{place['native']}:1"}},
            "host": {"netns": self.lab.namespace(f"{name}-k").name, "accept": ["bgp", "bfd"]}})
        return self.daemons[name]

    def start_birds(self):
        self.birds["isp"] = Bird(self.lab.namespace("isp"), "bird-isp", "11.0.0.1", ISP)
        self.birds["six"] = Bird(self.lab.namespace("six"), "bird-six", "11.0.9.6", SIX)
        for letter, place in RELAYS.items():
            config = RELAY.format(quick=QUICK, **place)
            self.birds[letter] = Bird(self.lab.namespace(f"relay{letter}-k"), f"bird-{letter}", f"{place['wan']}.2", config)
        for bird in self.birds.values():
            bird.start()


def bring_up(world, story):
    story.step("an ISP and the native IPv6 Internet, each a router with BIRD")
    world.build_isp()
    world.build_six()
    world.serve_web()
    story.step("two relays (gate41d), each with a BIRD beside it")
    relays = [world.build_relay_at(letter).start() for letter in RELAYS]
    world.start_birds()
    story.step("two sites (gate41d)")
    gateway, second = world.add_gateway(), world.add_second_site()
    world.serve_dhcp("w0", "11.0.0")
    world.serve_dhcp("w2", "11.0.2")
    gateway.start()
    second.start()
    for daemon in (*relays, gateway, second):
        daemon.wait_healthy()


def run_checks(world, story):
    story.check("both relays are announced, and nothing longer", lambda: announced(world))
    story.check("relays take native routes from BIRD", lambda: learns_routes(world))
    story.check("both sites reach the web server", lambda: reaches(world))
    story.check("a relay is killed", lambda: survives(world, kill))
    story.check("it returns", lambda: returns(world))
    story.check("a relay loses its native side", lambda: survives(world, cut_native_side))
    story.check("it returns, too", lambda: returns(world))
    story.check("a relay is stopped", lambda: survives(world, stop))
    story.check("both sites still reach the web server", lambda: reaches(world))
    story.complete = True


def next_hops(namespace, family, prefix):
    """How many ways the kernel has to the prefix."""
    routes = namespace.ip(family, "route", "show", prefix).stdout
    return len(re.findall(r"via ", routes))


def ways(world):
    """(to the anycast prefix at the ISP, to 2002::/16 at the native side)"""
    return (next_hops(world.lab.namespace("isp"), "-4", "192.88.99.0/24"),
            next_hops(world.lab.namespace("six"), "-6", "2002::/16"))


def announced(world):
    """A14, A18, B4."""
    wait_for(lambda: ways(world) == (2, 2), "two ways to 192.88.99.0/24 and to 2002::/16", 30)
    inside = world.birds["six"].show("route", "in", "2002::/16", "table", "master6").stdout
    prefixes = set(re.findall(r"2002:\S*/\d+", inside))
    checks.expect(prefixes == {"2002::/16"}, inside)
    back = world.birds["a"].show("route", "export", "isp").stdout
    checks.expect("2002:" not in back, back)  # A18: not into the IPv4 side
    return "two ways each way; 2002::/16 alone"


def learns_routes(world):
    for letter, place in RELAYS.items():
        daemon = world.daemons[f"relay{letter}"]
        route = wait_for(lambda d=daemon: [r for r in d.ask("routes")["routes"] if r["prefix"] == WEB_NET],
                         f"relay {letter} has a route to {WEB_NET}", 20)[0]
        checks.expect(route["way"] == "native", route)
        taken = daemon.ask("routes", net.WEB)["routes"][0]["prefix"]
        checks.expect(taken == WEB_NET, taken)
    return f"{WEB_NET} by BGP, in the packet path of both"


HOSTS = {"host": "gateway", "b1": "gatewayb"}


def reaches(world):
    for host, site in HOSTS.items():
        checks.has_address(world, host, site)
        wait_for(lambda h=host: reached(world, h), f"{host} reaches the web server", 20)
    return "through the anycast address"


def reached(world, host):
    return world.lab.namespace(host).run("ping", "-6", "-n", "-c", "1", "-W", "1", net.WEB, check=False).returncode == 0


# What is done to a relay; the letter is the one that carries the first site's packets.

def kill(world, letter):
    world.daemons[f"relay{letter}"].stop(how=signal.SIGKILL)


def stop(world, letter):
    world.daemons[f"relay{letter}"].stop()


def cut_native_side(world, letter):
    world.lab.namespace("six").ip("link", "set", RELAYS[letter]["six_if"], "down")


def carrier(world):
    """The relay that a site's packets take now."""
    before = {letter: checks.relay_packets(world.daemons[f"relay{letter}"]) for letter in RELAYS}
    world.lab.namespace("host").run("ping", "-6", "-n", "-c", "5", "-i", "0.2", "-W", "1", net.WEB)
    moved = {letter: checks.relay_packets(world.daemons[f"relay{letter}"]) - before[letter] for letter in RELAYS}
    return max(moved, key=moved.get)


def survives(world, action):
    """Pings ten times a second from both sites while it happens: the longest silence of each, by its timestamps."""
    letter = carrier(world)
    pings = {host: start_pings(world, host) for host in HOSTS}
    time.sleep(1)  # service before, to be measured against
    begin = time.time()
    action(world, letter)
    wait_for(lambda: ways(world) == (1, 1), "the network knows one way less", 20)
    known = time.time() - begin
    time.sleep(LIMIT)
    gaps = {host: longest_silence(process) for host, process in pings.items()}
    world.hurt = letter
    checks.expect(max(gaps.values()) < LIMIT, f"without service for {gaps}; the network knew after {known:.1f} s")
    told = ", ".join(f"{host} {gap:.1f} s" for host, gap in gaps.items())
    return f"relay {letter}; known after {known:.1f} s; longest silence: {told}"


def start_pings(world, host):
    argv = [*ENDS_WITH_US, "ip", "netns", "exec", world.lab.namespace(host).name, "ping", "-6", "-n", "-D", "-i", "0.1", net.WEB]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def longest_silence(process):
    process.send_signal(signal.SIGINT)
    end = time.time()
    output = process.communicate(timeout=10)[0]
    times = [float(t) for t in re.findall(r"^\[([\d.]+)\] \d+ bytes from", output, re.MULTILINE)] + [end]
    checks.expect(len(times) > 10, output)
    return max(later - earlier for earlier, later in zip(times, times[1:]))


def returns(world):
    daemon = world.daemons[f"relay{world.hurt}"]
    begin = time.monotonic()
    world.lab.namespace("six").ip("link", "set", RELAYS[world.hurt]["six_if"], "up")
    native = RELAYS[world.hurt]["native"]
    # IPv6 addresses go with the link.
    world.lab.namespace("six").ip("addr", "replace", f"{native}:1/64", "dev", RELAYS[world.hurt]["six_if"], "nodad")
    if daemon.process.poll() is not None:
        daemon.start()
    daemon.wait_healthy()
    wait_for(lambda: ways(world) == (2, 2), "two ways again", 40)
    seconds = time.monotonic() - begin
    for host in HOSTS:
        wait_for(lambda h=host: reached(world, h), f"{host} reaches the web server", 10)
    return f"announced again after {seconds:.1f} s"
