"""6to4 between gate41 and Linux: sit as the site of gate41's relay, as the relay of gate41's site, and as another site.

No end knows how wide the path is: hosts believe in 1500 bytes, and sit, which lets 1480 into its tunnel, has to find out.
"""
import pytest

from tests.lab import checks, internet as net

from . import linux_peer as linux
from .ends import PORT, End, Files, ping, ping_once

pytestmark = pytest.mark.interop

PREFIX = "g41i4"
PATHS = [1500, 1400, 1300]
# Protocol 41 comes in only as the answer to what went out, address for address.
STATEFUL = """
table ip home {
  chain way { type filter hook forward priority 0; policy drop;
    iifname "g0" accept; ct state established,related accept; ip protocol icmp accept; }
}
"""


class Scene:
    """The lab, and the three ends of its connections."""

    def __init__(self, world):
        self.peer = linux.LinuxPeer(world)
        self.relay, self.gateway = world.daemons["relay"], world.daemons["gateway"]
        six, host, guest = world.lab.namespace("six"), world.lab.namespace("host"), self.peer.guest
        self.server = End(six, net.WEB)
        self.host = End(host, linux.SIX_TO_FOUR.address(linux.GATEWAY, 1, 0x41))
        self.guest = End(guest, linux.SIX_TO_FOUR.address(linux.GUEST, 0, 1))
        self.files = Files({six: world.lab.folder / "six", host: world.lab.folder / "host", guest: "/tmp/guest"})


@pytest.fixture(scope="module")
def scene(module_internet):
    world = module_internet(PREFIX)
    world.build_isp()
    relay = world.build_relay().start()
    world.lab.namespace("host").sysctl(net__ipv6__conf__default__accept_ra_mtu=0)
    gateway = world.add_gateway(
        wan={"ipv4": {"address": f"{linux.GATEWAY}/24", "gateway": "11.0.0.1"},
             "external_address": {"from": ["interface"]}},
        filter={"inbound": [{"proto": "echo", "lan": "home", "interface_id": net.HOST_ID},
                            {"proto": "tcp", "lan": "home", "interface_id": net.HOST_ID, "port": PORT}]})
    gateway.start()
    relay.wait_healthy(60)
    gateway.wait_healthy(60)
    checks.has_address(world)
    return Scene(world)


def learnt(path):
    """What the guest's kernel must have been told of a path; of one as wide as its own link, nothing."""
    return path if path < 1500 else None


@pytest.fixture
def site(scene):
    """The guest is a site; gate41's relay is its relay, gate41's gateway another site."""
    scene.peer.become_site(linux.SIX_TO_FOUR, net.RELAY)
    yield scene
    scene.peer.set_path_mtu(1500)


@pytest.fixture
def relay(scene):
    """The guest is the relay of gate41's site."""
    scene.peer.become_relay(linux.SIX_TO_FOUR, net.RELAY)
    scene.gateway.wait_healthy(60)
    yield scene
    scene.peer.set_path_mtu(1500)
    scene.peer.leave_relay(linux.SIX_TO_FOUR, net.RELAY)


# A Linux site, gate41's relay -------------------------------------------------------------------------------------


@pytest.mark.proves("A10", "A11", "D14")
def test_a_linux_site_pings_through_the_relay_and_is_pinged(site):
    ping(site.guest, site.server)
    ping(site.server, site.guest)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.proves("A11")
def test_a_linux_site_loads_a_megabyte_each_way_through_the_relay(site, path):
    site.peer.set_path_mtu(path)
    site.files.transfer_both_ways(site.guest, site.server)
    assert site.peer.learnt_mtu(net.RELAY) == learnt(path)


@pytest.mark.proves("B13")
def test_a_stateful_firewall_before_a_linux_site_lets_the_relays_answers_in(site):
    firewall = site.peer.far
    firewall.run("nft", "-f", "-", input=STATEFUL)
    try:
        ping(site.guest, site.server)
    finally:
        firewall.run("nft", "delete", "table", "ip", "home")


# gate41's site, a Linux relay -------------------------------------------------------------------------------------


@pytest.mark.proves("A10", "A11")
def test_a_host_pings_through_a_linux_relay_and_is_pinged(relay):
    before = checks.relay_packets(relay.relay)
    ping(relay.host, relay.server)
    ping(relay.server, relay.host)
    assert checks.relay_packets(relay.relay) == before, "gate41's relay took part"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.proves("A11")
def test_a_host_loads_a_megabyte_each_way_through_a_linux_relay(relay, path):
    relay.peer.set_path_mtu(path)
    relay.files.transfer_both_ways(relay.server, relay.host)
    assert relay.peer.learnt_mtu(linux.GATEWAY) == learnt(path)


# Site to site -----------------------------------------------------------------------------------------------------


@pytest.mark.proves("A10", "C18")
def test_a_host_and_a_linux_site_ping_each_other_and_no_relay_sees_it(site):
    before = checks.relay_packets(site.relay)
    ping(site.host, site.guest)
    ping(site.guest, site.host)
    assert checks.relay_packets(site.relay) == before


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.proves("C18")
def test_a_host_and_a_linux_site_load_a_megabyte_each_way(site, path):
    site.peer.set_path_mtu(path)
    site.files.transfer_both_ways(site.guest, site.host)
    assert site.peer.learnt_mtu(linux.GATEWAY) == learnt(path)


@pytest.mark.parametrize("size", [0, 1, 55, 1231, 1232])
@pytest.mark.proves("D14")
def test_pings_of_odd_and_extreme_sizes_reach_a_linux_site(site, size):
    ping(site.host, site.guest, size)


@pytest.mark.proves("Q7")
def test_1280_bytes_reach_a_linux_site_over_a_path_too_narrow_for_the_tunnel(site):
    """They travel as fragments."""
    site.peer.set_path_mtu(1000)
    before = site.peer.echo_requests()
    ping_once(site.host, site.guest, 1280 - 48)
    assert site.peer.echo_requests() == before + 1
