"""The topology: a host behind a gateway, an ISP, a relay, the IPv6 Internet behind it, and a second site on request.

    host ─ home ─[ gateway ]─ 11.0.0.0/24 ─┐
                                          isp ─ 11.0.1.0/24 ─[ relay ]─ 2600:41::/64 ─ six (web6)
    b1, b2 ─────[ gateway b ]─ 11.0.2.0/24 ─┘
"""
import secrets

from .daemon import Daemon
from .netns import Lab, wait_for
from .peers import Dnsmasq, start_helper

RELAY = "192.88.99.1"
RELAY_UNICAST = "11.0.1.2"
WEB = "2600:41:0:80::80"
ECHOES = {"echo1.lab": "11.0.9.1", "echo2.lab": "11.0.9.2"}
DEPLOYED = {"wan": "11.0.0", "b": "11.0.2"}
HOST_ID = "::41"
FILE_BYTES = 10 * 1024 * 1024


def six_to_four(address, subnet=0, interface=0):
    """2002:V4ADDR:SUBNET::INTERFACE by RFC 3056 §2, by its own arithmetic."""
    import ipaddress
    value = (0x2002 << 112) | (int(ipaddress.IPv4Address(address)) << 80) | (subnet << 64) | interface
    return str(ipaddress.IPv6Address(value))


def af_packet(index, interface):
    return f"net_af_packet{index},iface={interface}"


class Internet:
    """Everything but the sites. Sites are added by add_gateway()."""

    def __init__(self, folder, prefix="g41lab", dhcp_options=(), lease_time="1h"):
        self.lab = Lab(folder, prefix)
        self.dhcp_options, self.lease_time = dhcp_options, lease_time
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

    def serve_dhcp(self, interface, network, **kwargs):
        """The ISP's DHCP and DNS on one of its links."""
        isp = self.lab.namespace("isp")
        settings = {"options": self.dhcp_options, "lease_time": self.lease_time, **kwargs}
        self.dhcp[interface] = Dnsmasq(isp, f"dhcp-{interface}", interface, (f"{network}.10", f"{network}.19"),
                                       f"{network}.1", hosts=list(ECHOES.items()), **settings).start()
        return self.dhcp[interface]

    # The relay and what is behind it -----------------------------------------------------------------------------

    def build_relay(self, **extra):
        isp, relay, six = (self.lab.namespace(n) for n in ("isp", "relay", "six"))
        self.lab.link(isp, "r0", relay, "wan0")
        isp.ip("addr", "add", "11.0.1.1/24", "dev", "r0")
        isp.ip("route", "add", "192.88.99.0/24", "via", RELAY_UNICAST)
        self.lab.link(relay, "six0", six, "s0")
        for name in ("wan0", "six0"):
            relay.sysctl(**{f"net__ipv6__conf__{name}__disable_ipv6": 1})
        six.ip("addr", "add", "2600:41::1/64", "dev", "s0", "nodad")
        six.ip("addr", "add", f"{WEB}/128", "dev", "lo")
        six.ip("route", "add", "2002::/16", "via", "2600:41::3", "src", WEB)
        self.daemons["relay"] = Daemon(relay, "relay", {
            "role": "relay",
            "ports": {"wan": {"device": af_packet(0, "wan0")}, "six": {"device": af_packet(1, "six0")}},
            "wan": {"port": "wan", "ipv4": {"address": f"{RELAY_UNICAST}/24", "gateway": "11.0.1.1"}},
            "tunnels": {"main": {"mode": "6to4"}},
            "relay": {"anycast": RELAY, "native": {"port": "six", "address": "2600:41::3/64", "gateway": "2600:41::1"}},
            **extra})
        return self.daemons["relay"]

    def serve_web(self):
        """10 MB of random bytes on an IPv6-only server, and a UDP echo."""
        folder = self.lab.folder / "web"
        folder.mkdir(exist_ok=True)
        (folder / "file").write_bytes(secrets.token_bytes(FILE_BYTES))
        return start_helper(self.lab.namespace("six"), "web6.py", WEB, 80, folder, log="web6", port=80)

    # Sites -------------------------------------------------------------------------------------------------------

    def connect_wan(self, site, isp_if, network, wan_if="wan0"):
        """An ISP's link to a site's namespace."""
        isp = self.lab.namespace("isp")
        self.lab.link(isp, isp_if, site, wan_if)
        isp.ip("addr", "add", f"{network}.1/24", "dev", isp_if)
        site.sysctl(**{f"net__ipv6__conf__{wan_if}__disable_ipv6": 1})

    def add_host(self, site, role, site_if, **sysctls):
        """A LAN host with SLAAC, nothing else."""
        host = self.lab.namespace(role)
        # Before the link comes up: no router solicitation is lost, no RA missed.
        for key, value in {"accept_ra": 1, "autoconf": 1, "use_tempaddr": 0, **sysctls}.items():
            host.sysctl(**{f"net__ipv6__conf__default__{key}": value})
        self.lab.link(host, "eth0", site, site_if)
        # A fixed interface identifier, so that a pinhole can name the host.
        host.ip("token", "set", HOST_ID, "dev", "eth0")
        site.sysctl(**{f"net__ipv6__conf__{site_if}__disable_ipv6": 1})
        return host

    def gateway_config(self, ports, lans, **extra):
        tunnel = {"mode": "6to4", "relays": [RELAY], "probe": {"interval": "1s", "misses": 3}}
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
