"""The topology: a host behind a gateway, an ISP, a relay, the IPv6 Internet behind it, and a second site on request.
The mode says how the sites' prefixes and the relay come about: 6to4, 6rd (the ISP's DHCP server offers the domain, the
relay is its border relay), or 6in4 (the relay is a tunnel broker with the web server on its LAN).

    host ─ home ─[ gateway ]─ 11.0.0.0/24 ─┐
                                          isp ─ 11.0.1.0/24 ─[ relay ]─ 2600:41::/64 ─ six (web6)
    b1, b2 ─────[ gateway b ]─ 11.0.2.0/24 ─┘
"""
import ipaddress
import secrets

from .daemon import Daemon
from .netns import Lab, wait_for
from .peers import Dnsmasq, start_helper
from .workers import af_packet

RELAY = "192.88.99.1"
RELAY_UNICAST = "11.0.1.2"
WEB = "2600:41:0:80::80"
ECHOES = {"echo1.lab": "11.0.9.1", "echo2.lab": "11.0.9.2"}
DEPLOYED = {"wan": "11.0.0", "b": "11.0.2"}
HOST_ID = "::41"
FILE_BYTES = 10 * 1024 * 1024


# 11.0.0.0/8 is the ISP's: 24 bits of an address follow the domain's prefix, sites have a /60 (RFC 5969 §4).
SIX_RD = {"prefix": "2600:41:8000::/36", "ipv4_mask_len": 8}
# What the broker routes to the site, and what its own LAN has.
BROKERED = {"site": "2600:41:8000::/48", "broker": "2600:41:9000::/48"}
BROKERED_WEB = "2600:41:9000:1::80"
BROKERED_SITE = "11.0.0.15"


def six_to_four(address, subnet=0, interface=0):
    """2002:V4ADDR:SUBNET::INTERFACE by RFC 3056 §2, by its own arithmetic."""
    value = (0x2002 << 112) | (int(ipaddress.IPv4Address(address)) << 80) | (subnet << 64) | interface
    return str(ipaddress.IPv6Address(value))


def six_rd(address, subnet=0, interface=0):
    """The domain's bits, the address without its first eight, the subnet: RFC 5969 §4, by its own arithmetic."""
    domain = ipaddress.IPv6Network(SIX_RD["prefix"])
    site = int(ipaddress.IPv4Address(address)) & 0xffffff
    value = int(domain.network_address) | site << (128 - domain.prefixlen - 24) | (subnet << 64) | interface
    return str(ipaddress.IPv6Address(value))


def brokered(_address, subnet=0, interface=0):
    """What the broker gives does not hang on the IPv4 address."""
    value = int(ipaddress.IPv6Network(BROKERED["site"]).network_address) | (subnet << 64) | interface
    return str(ipaddress.IPv6Address(value))


def option_212(border_relay):
    """DHCP option 212 for dnsmasq, byte by byte (RFC 5969 §7.1.1)."""
    domain = ipaddress.IPv6Network(SIX_RD["prefix"])
    value = bytes([SIX_RD["ipv4_mask_len"], domain.prefixlen]) + domain.network_address.packed
    value += ipaddress.IPv4Address(border_relay).packed
    return "212," + ":".join(f"{byte:02x}" for byte in value)


PROBE = {"probe": {"interval": "1s", "misses": 3}}
# A site's tunnel. With 6rd nothing is configured: the offer comes by DHCP.
TUNNELS = {
    "6to4": {"mode": "6to4", "relays": [RELAY]},
    "6rd": {"mode": "auto", "relays": [RELAY]},
    "6in4": {"mode": "6in4", "6in4": {"remote": RELAY_UNICAST, "address": "2600:41:0:2::2/64",
                                      "prefix": BROKERED["site"]}}}


class Internet:
    """Everything but the sites. Sites are added by add_gateway()."""

    def __init__(self, folder, prefix="g41lab", dhcp_options=(), lease_time="1h", mode="6to4"):
        self.lab = Lab(folder, prefix)
        self.mode = mode
        self.site_address = {"6to4": six_to_four, "6rd": six_rd, "6in4": brokered}[mode]
        self.web = BROKERED_WEB if mode == "6in4" else WEB
        offer = (option_212(RELAY_UNICAST),) if mode == "6rd" else ()
        self.dhcp_options, self.lease_time = (*dhcp_options, *offer), lease_time
        self.daemons = {}
        self.dhcp = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for daemon in self.daemons.values():
            if daemon.process and daemon.process.poll() is None:
                daemon.stop()
        self.lab.close()

    # The IPv4 Internet -------------------------------------------------------------------------------------------

    def build_isp(self):
        isp = self.lab.namespace("isp")
        isp.sysctl(net__ipv4__ip_forward=1)
        for address in ECHOES.values():
            isp.ip("addr", "add", f"{address}/32", "dev", "lo")
            start_helper(isp, "address_echo.py", address, 80, log=f"echo-{address}", port=80)
        return isp

    def serve_dhcp(self, interface, network, names=(), **kwargs):
        """The ISP's DHCP and DNS on one of its links; `names`: [(name, address)] beside the address echoes."""
        isp = self.lab.namespace("isp")
        settings = {"options": self.dhcp_options, "lease_time": self.lease_time, **kwargs}
        # A broker knows its site by its address.
        pool = (BROKERED_SITE, BROKERED_SITE) if self.mode == "6in4" else (f"{network}.10", f"{network}.19")
        self.dhcp[interface] = Dnsmasq(isp, f"dhcp-{interface}", interface, pool, f"{network}.1",
                                       hosts=[*ECHOES.items(), *names], **settings).start()
        return self.dhcp[interface]

    # The relay and what is behind it -----------------------------------------------------------------------------

    def build_relay(self, **extra):
        """The relay of the mode."""
        return self.build_broker() if self.mode == "6in4" else self.build_native_relay(**extra)

    def relay_wan(self):
        return {"port": "wan", "ipv4": {"address": f"{RELAY_UNICAST}/24", "gateway": "11.0.1.1"}}

    def build_native_relay(self, **extra):
        isp, relay, six = (self.lab.namespace(n) for n in ("isp", "relay", "six"))
        self.lab.link(isp, "r0", relay, "wan0")
        isp.ip("addr", "add", "11.0.1.1/24", "dev", "r0")
        isp.ip("route", "add", "192.88.99.0/24", "via", RELAY_UNICAST)
        self.lab.link(relay, "six0", six, "s0")
        for name in ("wan0", "six0"):
            relay.sysctl(**{f"net__ipv6__conf__{name}__disable_ipv6": 1})
        six.ip("addr", "add", "2600:41::1/64", "dev", "s0", "nodad")
        six.ip("addr", "add", f"{WEB}/128", "dev", "lo", "nodad")
        sites = SIX_RD["prefix"] if self.mode == "6rd" else "2002::/16"
        six.ip("route", "add", sites, "via", "2600:41::3", "src", WEB)
        anycast = {} if self.mode == "6rd" else {"anycast": RELAY}
        tunnel = {"mode": "6rd", "6rd": SIX_RD} if self.mode == "6rd" else {"mode": "6to4"}
        self.daemons["relay"] = Daemon(relay, "relay", {
            "role": "relay",
            "ports": {"wan": {"device": af_packet(0, "wan0")}, "six": {"device": af_packet(1, "six0")}},
            "wan": self.relay_wan(), "tunnels": {"main": tunnel},
            "relay": {**anycast, "native": {"port": "six", "address": "2600:41::3/64", "gateway": "2600:41::1"}},
            **extra})
        return self.daemons["relay"]

    def build_broker(self):
        """The other end of a configured tunnel: a gateway whose LAN has the web server, which pinholes let in."""
        isp, broker = (self.lab.namespace(n) for n in ("isp", "relay"))
        self.lab.link(isp, "r0", broker, "wan0")
        isp.ip("addr", "add", "11.0.1.1/24", "dev", "r0")
        broker.sysctl(net__ipv6__conf__wan0__disable_ipv6=1)
        self.add_host(broker, "six", "six0", token="::80")
        holes = [{"proto": "tcp", "port": 80}, {"proto": "udp", "port": 7}, {"proto": "echo"}]
        self.daemons["relay"] = Daemon(broker, "relay", {
            "role": "gateway",
            "ports": {"wan": {"device": af_packet(0, "wan0")}, "six": {"device": af_packet(1, "six0")}},
            "wan": self.relay_wan(), "lans": {"six": {"port": "six"}},
            "tunnels": {"main": {**PROBE, "mode": "6in4", "6in4": {
                "remote": BROKERED_SITE, "address": "2600:41:0:2::1/64", "prefix": BROKERED["broker"]}}},
            "filter": {"inbound": [{"lan": "six", "interface_id": "::80", **hole} for hole in holes]}})
        return self.daemons["relay"]

    def serve_web(self):
        """10 MB of random bytes on an IPv6-only server, and a UDP echo."""
        if self.mode == "6in4":
            wait_address(self.lab.namespace("six"), self.web)
        folder = self.lab.folder / "web"
        folder.mkdir(exist_ok=True)
        (folder / "file").write_bytes(secrets.token_bytes(FILE_BYTES))
        return start_helper(self.lab.namespace("six"), "web6.py", self.web, 80, folder, log="web6", port=80)

    def wait_web_routed(self):
        """A broker's LAN hears of the way out by a router advertisement, once the broker has one."""
        if self.mode == "6in4":
            wait_for(lambda: default_router(self.lab.namespace("six")), "the web server has a default router", 20)

    # Sites -------------------------------------------------------------------------------------------------------

    def connect_wan(self, site, isp_if, network, wan_if="wan0"):
        """An ISP's link to a site's namespace."""
        isp = self.lab.namespace("isp")
        self.lab.link(isp, isp_if, site, wan_if)
        isp.ip("addr", "add", f"{network}.1/24", "dev", isp_if)
        site.sysctl(**{f"net__ipv6__conf__{wan_if}__disable_ipv6": 1})

    def add_host(self, site, role, site_if, token=HOST_ID, **sysctls):
        """A LAN host with SLAAC, nothing else."""
        host = self.lab.namespace(role)
        # Before the link comes up: no router solicitation is lost, no RA missed.
        for key, value in {"accept_ra": 1, "autoconf": 1, "use_tempaddr": 0, **sysctls}.items():
            host.sysctl(**{f"net__ipv6__conf__default__{key}": value})
        self.lab.link(host, "eth0", site, site_if)
        # A fixed interface identifier, so that a pinhole can name the host.
        host.ip("token", "set", token, "dev", "eth0")
        site.sysctl(**{f"net__ipv6__conf__{site_if}__disable_ipv6": 1})
        return host

    def gateway_config(self, ports, lans, **extra):
        tunnel = {**PROBE, **TUNNELS[self.mode]}
        config = {
            "role": "gateway", "ports": ports,
            "wan": {"port": "wan", "external_address": {
                "from": ["interface", "http"], "http": {"urls": [f"http://{name}/" for name in ECHOES]}}},
            "tunnels": {"main": tunnel}, "lans": lans}
        for key, value in extra.items():
            if isinstance(value, dict) and isinstance(config.get(key), dict):
                config[key] = {**config[key], **value}
            else:
                config[key] = value
        return config

    def add_gateway(self, **extra):
        """The first site: one host, one LAN."""
        site = self.lab.namespace("gw")
        self.connect_wan(site, "w0", "11.0.0")
        self.add_host(site, "host", "lan0")
        return self.add_daemon(site, "gateway", {"wan": {"device": af_packet(0, "wan0")},
                                                 "lan": {"device": af_packet(1, "lan0")}},
                               {"home": {"port": "lan"}}, **extra)

    def add_gateway_on_a_stick(self, **extra):
        """The first site with one NIC: ISP, host and gateway on one Ethernet (S49)."""
        site, isp, segment = (self.lab.namespace(n) for n in ("gw", "isp", "segment"))
        host = self.lab.namespace("host")
        for key, value in {"accept_ra": 1, "autoconf": 1, "use_tempaddr": 0}.items():
            host.sysctl(**{f"net__ipv6__conf__default__{key}": value})
        segment.ip("link", "add", "br0", "type", "bridge", "forward_delay", "0")
        for place, name, port in ((isp, "w0", "p0"), (site, "nic0", "p1"), (host, "eth0", "p2")):
            self.lab.link(place, name, segment, port)
            segment.sysctl(**{f"net__ipv6__conf__{port}__disable_ipv6": 1})
            segment.ip("link", "set", port, "master", "br0")
        host.ip("token", "set", HOST_ID, "dev", "eth0")
        segment.sysctl(net__ipv6__conf__br0__disable_ipv6=1)
        segment.ip("link", "set", "br0", "up")
        isp.ip("addr", "add", "11.0.0.1/24", "dev", "w0")
        site.sysctl(net__ipv6__conf__nic0__disable_ipv6=1)
        return self.add_daemon(site, "gateway", {"wan": {"device": af_packet(0, "nic0")}},
                               {"home": {"port": "wan"}}, **extra)

    def add_second_site(self, **extra):
        """Two LANs, a host in each."""
        site = self.lab.namespace("gwb")
        self.connect_wan(site, "w2", "11.0.2")
        self.add_host(site, "b1", "lan1")
        self.add_host(site, "b2", "lan2")
        ports = {"wan": {"device": af_packet(0, "wan0")}, "one": {"device": af_packet(1, "lan1")},
                 "two": {"device": af_packet(2, "lan2")}}
        lans = {"one": {"port": "one", "subnet_id": 1}, "two": {"port": "two", "subnet_id": 2}}
        return self.add_daemon(site, "gatewayb", ports, lans, **extra)

    def add_daemon(self, site, instance, ports, lans, **extra):
        self.daemons[instance] = Daemon(site, instance, self.gateway_config(ports, lans, **extra))
        return self.daemons[instance]


# What a host says ------------------------------------------------------------------------------------------------


def global_addresses(host, interface="eth0"):
    """[(address, preferred)] of global scope that may be used."""
    return [(a["local"], a.get("preferred_life_time", 0) > 0 and not a.get("deprecated"))
            for a in host.addresses(interface) if a["scope"] == "global" and not a.get("tentative")]


def wait_address(host, prefix, deadline=20.0, interface="eth0"):
    """The host's preferred address in 2002:...:/64, by text prefix."""
    def find():
        return next((a for a, preferred in global_addresses(host, interface) if preferred and a.startswith(prefix)), None)
    return wait_for(find, f"{host.name} has an address in {prefix}", deadline)


def default_router(host):
    return "default" in host.ip("-6", "route", "show", "default").stdout
