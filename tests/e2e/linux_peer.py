"""Linux' sit driver in a guest as the other end of gate41's tunnels, behind a path as narrow as a test wants it.

    six ──[ gate41 relay ]─── isp ──( path MTU )── far ── eth0 [ guest ] eth1 ── six
    host ──[ gate41 gateway ]──┘

The guest is a site, a relay or a peer by the commands that a Linux administrator would give. Files go by busybox at
every end: the guest has nothing else.
"""
import dataclasses

from tests.lab import internet as net
from tests.vm.guest import Guest

GUEST, NATIVE, NATIVE_ROUTER = "11.0.4.2", "2600:41:0:4::2", "2600:41:0:4::1"
GATEWAY = "11.0.0.2"
TUNNEL = "tun"
PORT = 8080
MEGABYTE = 1 << 20
TRANSFER = 120  # seconds for one of these, emulated on a busy machine


@dataclasses.dataclass(frozen=True)
class End:
    """Who takes part: a namespace or the guest, and its address there."""
    place: object
    address: str


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

    def _tunnel(self, local, remote="any"):
        self.guest.ip("link", "del", TUNNEL, check=False)
        self.guest.ip("tunnel", "add", TUNNEL, "mode", "sit", "remote", remote, "local", local, "ttl", "64")
        self.guest.ip("link", "set", TUNNEL, "up")

    def become_six_to_four_site(self, relay=net.RELAY):
        self._tunnel(GUEST)
        address = net.six_to_four(GUEST, 0, 1)
        self.guest.ip("addr", "add", f"{address}/16", "dev", TUNNEL)
        self.guest.ip("-6", "route", "replace", "default", "via", f"::{relay}", "dev", TUNNEL)
        return End(self.guest, address)

    def become_six_to_four_relay(self):
        """In place of gate41's: both Internets are told."""
        self.guest.ip("addr", "replace", f"{net.RELAY}/32", "dev", "lo")
        self._tunnel(net.RELAY)
        self.guest.ip("addr", "add", f"{net.six_to_four(net.RELAY)}/16", "dev", TUNNEL)
        self._forward_native()
        self.six.ip("route", "replace", "2002::/16", "via", NATIVE, "src", net.WEB)
        self.isp.ip("route", "replace", "192.88.99.0/24", "via", "11.0.8.2")
        self.far.ip("route", "replace", "192.88.99.0/24", "via", GUEST)

    def _forward_native(self):
        self.guest.sysctl(net__ipv6__conf__all__forwarding=1)
        self.guest.ip("link", "set", "eth1", "up")
        self.guest.ip("addr", "replace", f"{NATIVE}/64", "dev", "eth1")
        self.guest.ip("-6", "route", "replace", "default", "via", NATIVE_ROUTER, "dev", "eth1")

    def leave_relay_to_gate41(self):
        self.six.ip("route", "replace", "2002::/16", "via", "2600:41::3", "src", net.WEB)
        self.isp.ip("route", "replace", "192.88.99.0/24", "via", net.RELAY_UNICAST)
        self.far.ip("route", "del", "192.88.99.0/24", check=False)


# What two ends do ----------------------------------------------------------------------------------------------------


def busybox(end, command, **kwargs):
    return end.place.run("busybox", "sh", "-o", "pipefail", "-c", command, **kwargs)


def ping(one, other, size=56, count=3):
    """All of them answered, or an error shows what ping said."""
    said = busybox(one, f"busybox ping -6 -c {count} -i 0.2 -W 10 -s {size} {other.address}", check=False).stdout
    assert f"{count} packets received" in said, said


def ping_once(one, other, size):
    """Answered or not."""
    busybox(one, f"busybox ping -6 -c 1 -W 2 -s {size} {other.address}", check=False)


def serve(end, folder):
    """A megabyte of random bytes on port 8080; its digest."""
    return busybox(end, f"mkdir -p {folder} && cd {folder} && head -c {MEGABYTE} /dev/urandom >file && "
                        f"busybox httpd -p '[::]:{PORT}' -h . </dev/null >/dev/null 2>&1 && busybox sha256sum <file").stdout


def fetch(end, server):
    """The digest of what came from the server's end."""
    url = f"http://[{server.address}]:{PORT}/file"
    return busybox(end, f"busybox timeout {TRANSFER} busybox wget -q -O - '{url}' | busybox sha256sum",
                   timeout=TRANSFER + 10).stdout
