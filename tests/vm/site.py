"""A site whose router is the appliance, in the lab's Internet: with two NICs between ISP and LAN, with one on the Ethernet of
both.

    host ── eth0 (TAP) ──[ appliance ]── w0 (TAP) ── isp ── relay ── six (web server)
"""
from tests.lab import internet as net

from .appliance import Appliance

NETWORK = "11.0.0"


def build_peers(world):
    """All but the site."""
    world.build_isp()
    world.build_relay().start()
    world.serve_web()


def build_host(world):
    """With SLAAC, nothing else."""
    host = world.lab.namespace("host")
    for key, value in {"accept_ra": 1, "autoconf": 1, "use_tempaddr": 0}.items():
        host.sysctl(**{f"net__ipv6__conf__default__{key}": value})
    return host


def plug_in(world, disk, nics=2, names=(), **options):
    """The appliance, not yet started, with its host, and DHCP and DNS (`names`: more of it) on its WAN; `options` are Appliance's."""
    isp, host = world.lab.namespace("isp"), build_host(world)
    if nics == 2:
        taps = [(isp, "w0"), (host, "eth0")]
    else:
        taps = [(build_segment(world, isp, host), "nic0")]
    appliance = Appliance(world.lab, disk, taps, **options)
    if nics == 1:
        world.lab.namespace("segment").ip("link", "set", "nic0", "master", "br0")
    connect(world, isp, host, names=names)
    return appliance


def connect(world, isp, host, **dhcp):
    """What both need once they have their ends of the router's links; `dhcp`: of the server."""
    isp.ip("addr", "add", f"{NETWORK}.1/24", "dev", "w0")
    host.ip("token", "set", net.HOST_ID, "dev", "eth0")
    world.serve_dhcp("w0", NETWORK, **dhcp)


def build_segment(world, isp, host):
    """One Ethernet for ISP and host."""
    segment = world.lab.namespace("segment")
    segment.sysctl(net__ipv6__conf__default__disable_ipv6=1)
    segment.ip("link", "add", "br0", "type", "bridge", "forward_delay", "0")
    for place, name, port in ((isp, "w0", "p0"), (host, "eth0", "p1")):
        world.lab.link(place, name, segment, port)
        segment.ip("link", "set", port, "master", "br0")
    segment.ip("link", "set", "br0", "up")
    return segment
