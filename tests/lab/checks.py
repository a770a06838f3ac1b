"""The checks of the lab, each a sentence about what a user of the site sees. They raise when it is not so."""
import hashlib
import os
import re
import signal
import time

from . import internet as net
from .netns import wait_for

PING = ("ping", "-6", "-n", "-i", "0.2", "-W", "1")


def expect(condition, text):
    if not condition:
        raise AssertionError(text)


def fetch(host, out, *words, server=net.WEB):
    return host.run("curl", "-6", "-s", "-S", "--max-time", "60", "-o", out, f"http://[{server}]/file", *words)


def has_address(world, host="host", site="gateway"):
    """SLAAC alone gives the host an address of the site's prefix."""
    namespace = world.lab.namespace(host)
    external = wait_for(lambda: own_address(world.daemons[site]), "the WAN's address is known", 30)
    prefix = world.site_address(external, 1).removesuffix("::")
    address = net.wait_address(namespace, prefix, 30)
    wait_for(lambda: net.default_router(namespace), "the host has a default router", 30)
    return address


def own_address(daemon):
    """What a site's prefix is made of: the address that others see, where the mode asks for it."""
    wan = daemon.status()["wan"]
    return wan["external"] or (wan["address"] or "").split("/")[0]


def fetches_file(world):
    """10 MB by curl -6 from the IPv6-only server, byte-identical."""
    folder = world.lab.folder
    begin = time.monotonic()
    fetch(world.lab.namespace("host"), folder / "got", server=world.web)
    seconds = time.monotonic() - begin
    digests = [hashlib.sha256(p.read_bytes()).hexdigest() for p in (folder / "got", folder / "web" / "file")]
    expect(digests[0] == digests[1], "the file that arrived differs from the server's")
    return f"10 MB in {seconds:.1f} s, byte-identical"


def pings(world):
    output = world.lab.namespace("host").run(*PING, "-c", "5", world.web).stdout
    expect(" 0% packet loss" in output, output)
    return output.splitlines()[-1]


def exchanges_udp(world):
    program = ("import socket,sys; s=socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); s.settimeout(5);"
               "s.sendto(b'gate41', (sys.argv[1], 7)); sys.exit(s.recv(100) != b'gate41')")
    world.lab.namespace("host").run("/usr/bin/python3", "-c", program, world.web)
    return "a datagram went and its echo came back"


def refuses_server(world):
    """The server can't open a connection to the host, and the drop stands under its reason."""
    address = has_address(world)
    gateway = world.daemons["gateway"]
    before = gateway.drops().get("filter_unsolicited", 0)
    result = world.lab.namespace("six").run("curl", "-6", "-s", "--max-time", "2", f"http://[{address}]:8080/", check=False)
    expect(result.returncode == 28, f"curl should have timed out, exit {result.returncode}")
    after = gateway.drops().get("filter_unsolicited", 0)
    expect(after > before, f"filter_unsolicited stayed at {before}")
    return f"counted {after - before} times as filter_unsolicited"


def reaches_other_site(world):
    """Site to site, both ways, never through the relay (C18)."""
    here, there = world.lab.namespace("host"), world.lab.namespace("b1")
    relay = world.daemons["relay"]
    addresses = {"host": has_address(world), "b1": has_address(world, "b1", "gatewayb")}
    before = relay_packets(relay)
    here.run(*PING, "-c", "3", addresses["b1"])
    there.run(*PING, "-c", "3", addresses["host"])
    passed = relay_packets(relay) - before
    # The relay watches its native gateway too; one ping's packets would be three.
    expect(passed < 3, f"{passed} packets went through the relay")
    return "pings both ways, none through the relay"


def relay_packets(relay):
    """What the relay carried between tunnel and native side; its answers to probes are not among them."""
    return next(p["tx_packets"] for p in relay.ask("ports") if p["name"] == "six")


def routes_between_lans(world):
    """P8: a /64 each, and they reach each other."""
    one, two = world.lab.namespace("b1"), world.lab.namespace("b2")
    external = world.daemons["gatewayb"].status()["wan"]["external"]
    net.wait_address(two, world.site_address(external, 2).removesuffix("::"))
    target = net.wait_address(two, world.site_address(external, 2).removesuffix("::"))
    one.run(*PING, "-c", "3", target)
    return f"{one.name} reaches {target}"


def learns_mtu(world):
    host = world.lab.namespace("host")
    mtu = int(host.run("sysctl", "-n", "net.ipv6.conf.eth0.mtu").stdout)
    expect(mtu == 1280, f"the host's IPv6 MTU is {mtu}, the RA says 1280")
    return "the RA's MTU option is honoured: 1280"


def ignores_mtu(world):
    """PTB alone: TCP works, and ping reports 1280."""
    host = world.lab.namespace("host")
    host.sysctl(net__ipv6__conf__eth0__accept_ra_mtu=0)
    host.sysctl(net__ipv6__conf__eth0__mtu=1500)
    try:
        result = host.run("ping", "-6", "-n", "-c", "2", "-W", "2", "-M", "do", "-s", "1400", world.web, check=False)
        said = result.stdout + result.stderr
        expect(re.search(r"(mtu|MTU)[ =:]*1280", said), said)
        host.ip("-6", "route", "flush", "cache")
        return "ping -M do -s 1400 reports MTU 1280; " + fetches_file(world)
    finally:
        host.sysctl(net__ipv6__conf__eth0__mtu=1280)
        host.sysctl(net__ipv6__conf__eth0__accept_ra_mtu=1)


def survives_dead_relay(world):
    """Killed relay: lifetime 0, unreachable instead of silence; it returns and all works again."""
    host, relay, gateway = world.lab.namespace("host"), world.daemons["relay"], world.daemons["gateway"]
    begin = time.monotonic()
    relay.stop(how=signal.SIGKILL)
    wait_for(lambda: not net.default_router(host), "the host has no default router any more", 20)
    gone = time.monotonic() - begin
    # The host would not even try without a route: it is given one to hear what the gateway answers.
    via = gateway.ask("ra")[0] if isinstance(gateway.ask("ra"), list) else gateway.ask("ra")
    expect("lifetime 0" in " ".join(via["ra"]), f"the RA does not say lifetime 0: {via['ra']}")
    answer = unreachable_answer(world, host, gateway)
    relay.start()
    wait_for(lambda: net.default_router(host), "the host has its default router again", 20)
    wait_for(lambda: not pings_once(world), "the host reaches the server again", 20)
    return f"router lifetime 0 after {gone:.1f} s, {answer}; the relay is back"


def unreachable_answer(world, host, gateway):
    """What a ping says with a route that the RA no longer gives."""
    link_local = next(line.split()[0] for line in host.ip("-6", "neigh", "show", "dev", "eth0").stdout.splitlines()
                      if line.startswith("fe80"))
    host.ip("-6", "route", "add", f"{world.web}/128", "via", link_local, "dev", "eth0")
    try:
        said = host.run(*PING, "-c", "2", world.web, check=False).stdout
        expect("unreachable" in said.lower(), said)
        return "hosts are told: address unreachable"
    finally:
        host.ip("-6", "route", "del", f"{world.web}/128")


def survives_kill(world):
    """kill -9 of the gateway and restart: no leftovers in the way."""
    gateway = world.daemons["gateway"]
    os.kill(daemon_pid(gateway), signal.SIGKILL)
    gateway.process.wait(5)
    begin = time.monotonic()
    gateway.start()
    gateway.wait_healthy(30)
    wait_for(lambda: not pings_once(world), "the host reaches the server again", 20)
    return f"working again {time.monotonic() - begin:.1f} s after the start"


def pings_once(world):
    return world.lab.namespace("host").run("ping", "-6", "-n", "-c", "1", "-W", "1", world.web, check=False).returncode


def daemon_pid(daemon):
    """`ip netns exec` becomes the program it runs."""
    return daemon.process.pid


def survives_new_lease(world):
    """Another address from the DHCP server: a new prefix on the host within 10 s of the ACK, the old one deprecated."""
    host, gateway = world.lab.namespace("host"), world.daemons["gateway"]
    old = has_address(world)
    external = gateway.status()["wan"]["external"]
    # Just after a renewal: one that meets no server is repeated only a minute later (RFC 2131 §4.4.5).
    wait_for(lambda: gateway.ask("dhcp")["lease"]["renew_in"] >= 2, "the lease was renewed", 10)
    world.dhcp["w0"].restart(pool=("11.0.0.60", "11.0.0.69"))
    wait_for(lambda: gateway.status()["wan"]["external"] not in (None, external), "another address is leased", 30)
    begin = time.monotonic()
    new_external = gateway.status()["wan"]["external"]
    new = net.wait_address(host, world.site_address(new_external, 1).removesuffix("::"), 10)
    wait_for(lambda: dict(net.global_addresses(host)).get(old) is not True, "the old address is deprecated", 10)
    seconds = time.monotonic() - begin
    expect(seconds < 10, f"it took {seconds:.1f} s")
    wait_for(lambda: not pings_once(world), "the new address works", 10)
    return f"{new} after {seconds:.1f} s; {old} is deprecated"
