"""Linux' sit driver in a guest as the other end of gate41's tunnels, behind a path as narrow as a test wants it.

    six ──[ gate41 relay ]─── isp ──( path MTU )── far ── eth0 [ guest ] eth1 ── six
    host ──[ gate41 gateway ]──┘

The guest is a site, a relay or a peer by the commands that a Linux administrator would give.
"""
import dataclasses
import ipaddress

from tests.lab import internet as net
from tests.vm.guest import Guest

GUEST, NATIVE, NATIVE_ROUTER = "11.0.4.2", "2600:41:0:4::2", "2600:41:0:4::1"
GATEWAY, GATE41_NATIVE = "11.0.0.2", "2600:41::3"
TUNNEL = "tun"


@dataclasses.dataclass(frozen=True)
class Domain:
    """Sites whose prefixes hold their IPv4 addresses: `prefix`, then what is not common to all in `v4` (RFC 5969 §4)."""
    prefix: str
    v4: str = "0.0.0.0/0"

    def address(self, v4, subnet=0, interface=0):
        network, common = ipaddress.IPv6Network(self.prefix), ipaddress.IPv4Network(self.v4)
        own = int(ipaddress.IPv4Address(v4)) & int(common.hostmask)
        room = 128 - network.prefixlen - (32 - common.prefixlen)
        value = int(network.network_address) | own << room | subnet << 64 | interface
        return str(ipaddress.IPv6Address(value))

    @property
    def length(self):
        return ipaddress.IPv6Network(self.prefix).prefixlen


SIX_TO_FOUR = Domain("2002::/16")


class LinuxPeer:
    """Path and guest; one role at a time, each begins with a clean guest."""

    def __init__(self, world):
        self.world = world
        self.isp, self.far, self.six = (world.lab.namespace(n) for n in ("isp", "far", "six"))
        world.lab.link(self.isp, "f0", self.far, "up0")
        self.guest = Guest(world.lab, "linux", [(self.far, "g0"), (self.six, "g1")]).start()
        self._connect()

    def _connect(self):
        self.isp.ip("addr", "add", "11.0.8.1/30", "dev", "f0")
        self.isp.ip("route", "add", "11.0.4.0/24", "via", "11.0.8.2")
        self.far.sysctl(net__ipv4__ip_forward=1)
        self.far.ip("addr", "add", "11.0.8.2/30", "dev", "up0")
        self.far.ip("addr", "add", "11.0.4.1/24", "dev", "g0")
        self.far.ip("route", "add", "default", "via", "11.0.8.1")
        self.six.ip("addr", "add", f"{NATIVE_ROUTER}/64", "dev", "g1", "nodad")
        self.guest.sysctl(net__ipv6__conf__default__accept_dad=0)
        self.guest.sysctl(net__ipv6__conf__eth1__accept_dad=0)
        self.guest.ip("addr", "add", f"{GUEST}/24", "dev", "eth0")
        self.guest.ip("link", "set", "eth0", "up")
        self.guest.ip("route", "add", "default", "via", "11.0.4.1")

    def set_path_mtu(self, mtu):
        """Both routers at its ends answer larger packets that must not be fragmented with ICMPv4 errors."""
        self.isp.ip("link", "set", "f0", "mtu", mtu)
        self.far.ip("link", "set", "up0", "mtu", mtu)
        for place in (self.guest, self.six, self.world.lab.namespace("host")):
            place.ip("-4", "route", "flush", "cache")
            place.ip("-6", "route", "flush", "cache")

    def learnt_mtu(self, destination):
        """The path MTU that the guest's kernel has found, or None."""
        words = self.guest.ip("route", "get", destination).stdout.split()
        return int(words[words.index("mtu") + 1]) if "mtu" in words else None

    def echo_requests(self):
        """How many have reached the guest, whether or not its answers arrived."""
        return int(self.guest.shell("grep Icmp6InEchos /proc/net/snmp6").stdout.split()[1])

    # Roles ---------------------------------------------------------------------------------------------------------

    def become_site(self, domain, relay):
        """A host that is its own site."""
        self._tunnel(GUEST, domain)
        self.guest.ip("addr", "add", f"{domain.address(GUEST, 0, 1)}/{domain.length}", "dev", TUNNEL)
        self.guest.ip("-6", "route", "replace", "default", "via", f"::{relay}", "dev", TUNNEL)

    def become_relay(self, domain, address):
        """In place of gate41's: both Internets are told."""
        self.guest.ip("addr", "replace", f"{address}/32", "dev", "lo")
        self._tunnel(address, domain)
        self.guest.ip("addr", "add", f"{domain.address(address)}/{domain.length}", "dev", TUNNEL)
        self._forward_native()
        self.lead(domain.prefix, NATIVE)
        self.isp.ip("route", "replace", f"{address}/32", "via", "11.0.8.2")
        self.far.ip("route", "replace", f"{address}/32", "via", GUEST)

    def leave_relay(self, domain, address):
        """gate41's relay has its place again."""
        self.lead(domain.prefix, GATE41_NATIVE)
        self.isp.ip("route", "replace", f"{address}/32", "via", net.RELAY_UNICAST)
        self.far.ip("route", "del", f"{address}/32")

    def become_peer(self, remote, address, prefix):
        """The far end of one configured tunnel, by which `prefix` is reached; native IPv6 is behind it."""
        self._tunnel(GUEST, remote=remote)
        self.guest.ip("addr", "add", address, "dev", TUNNEL)
        self.guest.ip("-6", "route", "add", prefix, "dev", TUNNEL)
        self._forward_native()
        self.lead(prefix, NATIVE)
        self.lead(str(ipaddress.IPv6Interface(address).network), NATIVE)

    def lead(self, prefix, router):
        """The native Internet's route to a prefix."""
        self.six.ip("route", "replace", prefix, "via", router, "src", net.WEB)

    def _tunnel(self, local, domain=SIX_TO_FOUR, remote="any"):
        self.guest.ip("link", "del", TUNNEL, check=False)
        self.guest.ip("tunnel", "add", TUNNEL, "mode", "sit", "remote", remote, "local", local, "ttl", "64")
        if domain != SIX_TO_FOUR:
            self.guest.ip("tunnel", "6rd", "dev", TUNNEL, "6rd-prefix", domain.prefix, "6rd-relay_prefix", domain.v4)
        self.guest.ip("link", "set", TUNNEL, "up")

    def _forward_native(self):
        self.guest.sysctl(net__ipv6__conf__all__forwarding=1)
        self.guest.ip("link", "set", "eth1", "up")
        self.guest.ip("addr", "replace", f"{NATIVE}/64", "dev", "eth1")
        self.guest.ip("-6", "route", "replace", "default", "via", NATIVE_ROUTER, "dev", "eth1")
