"""A site with one host at an ISP that leases addresses: what its hosts and its ISP see over time.

One lab for the whole module; a test that changes the gateway's configuration puts it back.
"""
import contextlib
import hashlib
import json
import os
import select
import signal
import socket
import time

import pytest
from scapy.layers.inet6 import (Ether, ICMPv6ND_RA, ICMPv6ND_RS, ICMPv6NDOptPrefixInfo, ICMPv6NDOptSrcLLAddr, IPv6,
                                UDP)

from tests.lab import checks, internet as net
from tests.lab.netns import wait_for

PREFIX = "g41s"
RENEWAL = 3  # seconds, option 58
PINHOLES = [{"proto": "tcp", "lan": "home", "interface_id": net.HOST_ID, "port": 8080},
            {"proto": "udp", "lan": "home", "interface_id": net.HOST_ID, "port": "7000-7001"},
            {"proto": "echo", "lan": "home", "interface_id": net.HOST_ID}]
GOODBYES = 3  # final RAs of a router that steps back
STRANGER = "02:00:00:00:00:99"
STRANGER_LINK_LOCAL = "fe80::99"


class Listener:
    """Frames that an interface of a namespace receives, as Scapy reads them; it can send as well."""

    def __init__(self, namespace, interface):
        script = ("import socket,sys,os;s=socket.socket(socket.AF_PACKET,socket.SOCK_RAW,socket.htons(3));"
                  "s.bind((sys.argv[1],3));socket.send_fds(socket.socket(fileno=int(sys.argv[2])),[b'x'],[s.fileno()])")
        here, there = socket.socketpair()
        namespace.run("/usr/bin/python3", "-c", script, interface, there.fileno(), pass_fds=[there.fileno()])
        _, descriptors, _, _ = socket.recv_fds(here, 1, 1)
        here.close()
        there.close()
        self.socket = socket.socket(fileno=descriptors[0])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, frame):
        self.socket.send(bytes(frame))

    def frames(self, deadline):
        """Those that come within `deadline` seconds."""
        end = time.monotonic() + deadline
        while select.select([self.socket], [], [], max(0.0, end - time.monotonic()))[0]:
            data, address = self.socket.recvfrom(65535)
            if address[2] != socket.PACKET_OUTGOING:
                yield Ether(data)

    def advertisement(self, accept, what, deadline=30.0):
        """The first RA of the gateway for which accept(ra) is true."""
        seen = []
        for frame in self.frames(deadline):
            if ICMPv6ND_RA in frame and frame.src != STRANGER:
                if accept(frame[ICMPv6ND_RA]):
                    return frame[ICMPv6ND_RA]
                seen.append(frame.summary())
        raise AssertionError(f"no RA within {deadline:.0f} s: {what}; came: {seen}")


def prefixes(ra):
    """{prefix: (valid, preferred, on-link, autonomous)} of an RA's prefix information options."""
    found = {}
    while ICMPv6NDOptPrefixInfo in ra:
        option = ra[ICMPv6NDOptPrefixInfo]
        found[option.prefix] = (option.validlifetime, option.preferredlifetime, option.L, option.A)
        ra = option.payload
    return found


def site_prefix(address):
    """2002:V4ADDR:1::, the prefix of the LAN."""
    return net.six_to_four(address, 1)


class Site:
    def __init__(self, world):
        self.world = world
        self.host, self.isp, self.six = (world.lab.namespace(n) for n in ("host", "isp", "six"))
        self.gateway = world.daemons["gateway"]
        self.dhcp = world.dhcp["w0"]

    def external(self):
        return self.gateway.status()["wan"]["external"]

    def dhcp_log(self):
        return (self.world.lab.folder / f"{self.dhcp.name}.log").read_text()

    def configure(self, **extra):
        """The configuration of the next start or reload."""
        self.gateway.write(self.world.gateway_config(
            {"wan": {"device": net.af_packet(0, "wan0")}, "lan": {"device": net.af_packet(1, "lan0")}},
            {"home": {"port": "lan", "advertise": extra.pop("advertise", {})}}, filter={"inbound": PINHOLES}, **extra))

    def reload(self, **extra):
        self.configure(**extra)
        result = self.gateway.reload()
        assert result.returncode == 0, result.stderr

    def state_of(self, component):
        return next(s for s in self.gateway.status()["states"] if s["component"] == component)

    def works(self):
        self.gateway.wait_healthy(60)
        wait_for(lambda: not checks.pings_once(self.world), "the host reaches the web server", 30)

    def listen(self):
        return Listener(self.host, "eth0")


@pytest.fixture(scope="module")
def site(module_internet):
    world = module_internet(PREFIX, dhcp_options=(f"58,{RENEWAL}", "59,3500"))
    world.build_isp()
    relay = world.build_relay().start()
    world.serve_web()
    world.add_gateway()
    world.serve_dhcp("w0", "11.0.0")
    result = Site(world)
    result.configure()
    result.gateway.start()
    relay.wait_healthy(60)
    result.works()
    return result


# Renewals and pinholes -------------------------------------------------------------------------------------------


@contextlib.contextmanager
def transfer_standing_still(site):
    """A download of the file, half of it there: nobody reads on from the pipe that it goes into, so the connection
    waits. At the end the rest arrives, and all of it is the server's file."""
    # Less than the rest: where the host's kernel may take all of it, the server would be done and gone.
    site.host.run("sysctl", "-qw", "net.ipv4.tcp_rmem=4096 131072 1048576")
    pipe = site.world.lab.folder / "pipe"
    os.mkfifo(pipe)
    transfer = site.host.popen("curl", "-6", "-s", "-S", "--max-time", "90", "-o", pipe, f"http://[{net.WEB}]/file",
                               log="transfer")
    try:
        with open(pipe, "rb") as arrives:
            got = arrives.read(net.FILE_BYTES // 2)
            yield
            got += arrives.read()
        assert transfer.wait(60) == 0
        sent = (site.world.lab.folder / "web" / "file").read_bytes()
        assert hashlib.sha256(got).digest() == hashlib.sha256(sent).digest()
    finally:
        site.world.lab.stop(transfer)
        pipe.unlink()


def test_renewals_do_not_disturb_a_running_transfer(site):
    address = checks.has_address(site.world)
    with transfer_standing_still(site):
        acks = site.dhcp_log().count("DHCPACK")
        wait_for(lambda: site.dhcp_log().count("DHCPACK") - acks >= 2, "two renewals", 5 * RENEWAL)
    assert dict(net.global_addresses(site.host))[address] is True


def tcp_server(site, port):
    program = (f"import socket;s=socket.create_server(('::',{port}),family=socket.AF_INET6)\n"
               "while True:\n c,_=s.accept();c.sendall(b'gate41');c.close()")
    return site.host.popen("/usr/bin/python3", "-c", program, log=f"tcp-{port}")


def connects(site, address, port):
    program = ("import socket,sys;s=socket.create_connection((sys.argv[1],int(sys.argv[2])),3);"
               "sys.exit(s.recv(6)!=b'gate41')")
    return site.six.run("/usr/bin/python3", "-c", program, address, port, check=False).returncode == 0


def test_a_tcp_pinhole_lets_in_its_port_alone(site):
    address = checks.has_address(site.world)
    servers = [tcp_server(site, port) for port in (8080, 8081)]
    try:
        wait_for(lambda: connects(site, address, 8080), "the server behind the pinhole answers", 20)
        assert not connects(site, address, 8081)
    finally:
        for server in servers:
            site.world.lab.stop(server)


def test_a_udp_pinhole_lets_in_its_ports_alone(site):
    address = checks.has_address(site.world)
    program = ("import socket,sys\na=[socket.socket(socket.AF_INET6,socket.SOCK_DGRAM) for _ in range(3)]\n"
               "import select\nfor i,s in enumerate(a): s.bind(('::',7000+i))\n"
               "while True:\n for s in select.select(a,[],[])[0]:\n  d,p=s.recvfrom(99);s.sendto(d,p)")
    ask = ("import socket,sys;s=socket.socket(socket.AF_INET6,socket.SOCK_DGRAM);s.settimeout(2);"
           "s.sendto(b'x',(sys.argv[1],int(sys.argv[2])));s.recv(9)")

    def answers(port):
        return site.six.run("/usr/bin/python3", "-c", ask, address, port, check=False).returncode == 0

    server = site.host.popen("/usr/bin/python3", "-c", program, log="udp-server")
    try:
        wait_for(lambda: answers(7000), "the first port of the range answers", 20)
        assert answers(7001)
        assert not answers(7002)
    finally:
        site.world.lab.stop(server)


def test_an_echo_pinhole_lets_pings_in(site):
    site.six.run(*checks.PING, "-c", "2", checks.has_address(site.world))


def transfer_age(site):
    """Seconds since the flow of the only open connection to the web server began."""
    rows = site.gateway.tool("flows", "--json").stdout.splitlines()
    flows = [json.loads(row) for row in rows if f"[{net.WEB}]:80" in row]
    ages = [flow["age"] for flow in flows if flow["state"] == "tcp_established"]
    assert len(ages) == 1, rows
    return ages[0]


def test_a_pinhole_added_by_reload_works_and_flows_are_kept(site):
    """A connection that was open before goes on; the one that the pinhole let in is refused once it is gone."""
    address = checks.has_address(site.world)
    server = tcp_server(site, 9090)
    try:
        with transfer_standing_still(site):
            wait_for(lambda: not connects(site, address, 9090), "no pinhole yet", 5)
            pinhole = {"proto": "tcp", "lan": "home", "interface_id": net.HOST_ID, "port": 9090}
            PINHOLES.append(pinhole)
            age = transfer_age(site)
            site.reload()
            wait_for(lambda: connects(site, address, 9090), "the new pinhole works", 20)
            assert transfer_age(site) >= age
    finally:
        PINHOLES[3:] = []
        site.world.lab.stop(server)
    site.reload()
    assert not connects(site, address, 9090)


# The WAN ---------------------------------------------------------------------------------------------------------


UNASKED = ("import socket,sys\nfor p in range(1,1025):\n"
           " u=socket.socket(socket.AF_INET,socket.SOCK_DGRAM);u.setblocking(False)\n"
           " u.sendto(b'x',(sys.argv[1],p));u.close()\n"
           " t=socket.socket();t.setblocking(False)\n t.connect_ex((sys.argv[1],p));t.close()")


@pytest.mark.proves("S62", "S70")
def test_nothing_answers_on_the_wan(site):
    """A thousand TCP and UDP ports and a ping: not one answer, not even a refusal."""
    status = site.gateway.status()
    address = status["wan"]["address"].split("/")[0]
    before = sum(site.gateway.drops().values())
    with Listener(site.isp, "w0") as wire:
        site.isp.run("/usr/bin/python3", "-c", UNASKED, address)
        ping = site.isp.run("ping", "-c", "3", "-i", "0.2", "-W", "1", address, check=False)
        seen = list(wire.frames(2.0))
    assert ping.returncode != 0
    # What it says by itself: ARP, DHCP, its tunnel.
    said = [f for f in seen if f.type == 0x0800 and f["IP"].src == address and f["IP"].proto != 41]
    assert not [f.summary() for f in said if not (UDP in f and f[UDP].sport == 68)]
    assert sum(site.gateway.drops().values()) - before >= 2000
    assert "incomplete" not in site.isp.ip("neigh", "show", address).stdout.lower()


# Routers on the LAN ----------------------------------------------------------------------------------------------


def stranger_advertises(lifetime):
    return (Ether(src=STRANGER, dst="33:33:00:00:00:01") / IPv6(src=STRANGER_LINK_LOCAL, dst="ff02::1", hlim=255) /
            ICMPv6ND_RA(routerlifetime=lifetime) / ICMPv6NDOptSrcLLAddr(lladdr=STRANGER))


@pytest.mark.proves("H30")
def test_another_default_router_holds_our_advertisements_back(site):
    ask = (Ether(src=STRANGER, dst="33:33:00:00:00:02") / IPv6(src=STRANGER_LINK_LOCAL, dst="ff02::2", hlim=255) /
           ICMPv6ND_RS() / ICMPv6NDOptSrcLLAddr(lladdr=STRANGER))
    with site.listen() as wire:
        wire.send(stranger_advertises(1800))
        for number in range(GOODBYES):
            wire.advertisement(lambda ra: ra.routerlifetime == 0, f"it steps back, time {number + 1}", 20)
        assert site.state_of("lan.home")["state"] == "held"
        wire.send(ask)
        assert not [f.summary() for f in wire.frames(4.0) if ICMPv6ND_RA in f and f.src != STRANGER]
        assert not net.default_router(site.host)
        # Told to be one beside it, it is.
        site.reload(advertise={"when_others": "send"})
        wire.advertisement(lambda ra: ra.routerlifetime > 0, "when_others: send", 30)
        site.reload()
        wire.advertisement(lambda ra: ra.routerlifetime == 0, "it steps back again", 30)
        # The other one goes.
        wire.send(stranger_advertises(0))
        wire.advertisement(lambda ra: ra.routerlifetime > 0, "it is back", 30)
    site.works()


# Addresses that change -------------------------------------------------------------------------------------------


@pytest.mark.proves("M14")
def test_a_killed_gateway_takes_its_lease_again(site):
    """By DHCPREQUEST alone (INIT-REBOOT): the same address without a DHCPDISCOVER."""
    external = site.external()
    length = len(site.dhcp_log())
    site.gateway.stop(how=signal.SIGKILL)
    site.gateway.start()
    wait_for(lambda: site.external() == external, "the same address is in use", 30)
    site.works()
    log = site.dhcp_log()[length:]
    assert f"DHCPACK(w0) {external}" in log
    assert "DHCPDISCOVER" not in log


@pytest.mark.proves("P24", "P25")
def test_after_a_restart_with_another_address_the_old_prefix_is_withdrawn(site):
    """Lifetimes 0 in the RAs of a process that never advertised it."""
    old, address = site.external(), checks.has_address(site.world)
    assert site.gateway.stop() == 0
    site.dhcp.restart(pool=("11.0.0.60", "11.0.0.69"))
    with site.listen() as wire:
        site.gateway.start()
        new = wait_for(site.external, "another address is leased", 30)
        assert new.startswith("11.0.0.6")
        both = wire.advertisement(lambda ra: site_prefix(new) in prefixes(ra), "the new prefix", 60)
    lifetimes = prefixes(both)
    assert lifetimes[site_prefix(old)] == (0, 0, 1, 1)
    assert min(lifetimes[site_prefix(new)]) > 0
    wait_for(lambda: dict(net.global_addresses(site.host)).get(address) is not True, "the old one is deprecated", 10)
    site.works()


@pytest.mark.proves("P26")
def test_a_withdrawn_prefix_survives_the_next_restart(site):
    """For as long as hosts may have it, not once."""
    stale = [entry["prefix"] for entry in site.gateway.status()["withdrawn"]]
    assert stale
    assert site.gateway.stop() == 0
    site.gateway.start()
    assert [entry["prefix"] for entry in site.gateway.status()["withdrawn"]] == stale
    site.works()


@pytest.mark.proves("P3")
def test_a_late_prefix_is_told_with_its_default_route(site):
    """It comes when other routers have been listened for: the first RA waits for the relay, or the next would be the one."""
    assert site.gateway.stop() == 0
    site.world.lab.stop(site.dhcp.process)
    with site.listen() as wire:
        site.gateway.start()
        wait_for(lambda: site.state_of("lan.home")["state"] == "advertising", "it has listened", 20)
        site.dhcp.restart(forget=False)
        first = wire.advertisement(lambda ra: any(valid for valid, *_ in prefixes(ra).values()), "the prefix", 60)
    assert first.routerlifetime > 0
    site.works()


@pytest.mark.proves("P5")
def test_a_lost_address_takes_the_default_route_from_hosts(site):
    """The server refuses the renewal and has no other address: somebody else holds its only one."""
    taken, mac = "11.0.0.80", "02:00:00:00:00:80"
    leases = site.world.lab.folder / f"{site.dhcp.name}.leases"
    # Just after a renewal: one that meets no server is repeated only a minute later (RFC 2131 §4.4.5).
    wait_for(lambda: site.gateway.ask("dhcp")["lease"]["renew_in"] >= RENEWAL - 1, "the lease was renewed", 10)
    site.world.lab.stop(site.dhcp.process)
    leases.write_text(f"{int(time.time()) + 3600} {mac} {taken} * *\n")
    with site.listen() as wire:
        site.dhcp.restart(pool=(taken, taken), forget=False)
        wire.advertisement(lambda ra: ra.routerlifetime == 0, "the address is lost", 40)
    assert site.gateway.status()["wan"]["address"] is None
    wait_for(lambda: not net.default_router(site.host), "the host has no default router", 5)
    site.dhcp.restart(pool=("11.0.0.10", "11.0.0.19"))
    site.works()


# The end, and other ways to begin --------------------------------------------------------------------------------


@pytest.mark.proves("H18", "X25")
def test_sigterm_says_goodbye_at_once(site):
    """Router lifetime 0, the prefix left out (`on_stop.prefixes: keep`), exit 0."""
    current = site_prefix(site.external())
    with site.listen() as wire:
        begin = time.monotonic()
        assert site.gateway.stop() == 0
        seconds = time.monotonic() - begin
        final = wire.advertisement(lambda ra: ra.routerlifetime == 0, "the final RA", 1)
    assert current not in prefixes(final)
    assert seconds < 5
    assert not net.default_router(site.host)
    site.gateway.start()
    site.works()


def test_a_static_address_needs_no_dhcp(site):
    site.gateway.stop()
    site.configure(wan={"port": "wan", "ipv4": {"address": "11.0.0.99/24", "gateway": "11.0.0.1"},
                        "external_address": {"from": ["interface"]}})
    length = len(site.dhcp_log())
    try:
        site.gateway.start()
        assert site.external() == "11.0.0.99"
        site.works()
        assert checks.has_address(site.world).startswith(site_prefix("11.0.0.99").removesuffix("::"))
        assert site.dhcp_log()[length:] == ""
    finally:
        with contextlib.suppress(RuntimeError):
            site.gateway.stop()
        site.configure()
