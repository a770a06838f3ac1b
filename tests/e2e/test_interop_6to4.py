"""6to4 between gate41 and Linux: sit as the site of gate41's relay, as the relay of gate41's site, and as another site."""
import pytest

from tests.lab import internet as net
from tests.lab.netns import wait_for

from .ends import ping, ping_once
from .interop import PATHS, START, Scene, add_gateway
from .linux_peer import GATEWAY, GUEST, SIX_TO_FOUR

pytestmark = pytest.mark.interop

PREFIX = "g41i4"
# Protocol 41 comes in only as the answer to what went out, address for address.
STATEFUL = """
table ip home {
  chain way { type filter hook forward priority 0; policy drop;
    iifname "g0" accept; ct state established,related accept; ip protocol icmp accept; }
}
"""


@pytest.fixture(scope="module")
def scene(module_internet):
    world = module_internet(PREFIX)
    world.build_isp()
    relay = world.build_relay().start()
    gateway = add_gateway(world).start()
    relay.wait_healthy(START)
    gateway.wait_healthy(START)
    return Scene(world, SIX_TO_FOUR.address(GATEWAY, 1, 0x41), SIX_TO_FOUR.address(GUEST, 0, 1))


@pytest.fixture
def site(scene):
    """The guest is a site; gate41's relay is its relay, gate41's gateway another site."""
    scene.peer.become_site(SIX_TO_FOUR, net.RELAY)
    yield scene
    scene.peer.set_path_mtu(1500)


@pytest.fixture
def relay(scene):
    """The guest is the relay of gate41's site."""
    scene.peer.become_relay(SIX_TO_FOUR, net.RELAY)
    yield scene
    scene.peer.set_path_mtu(1500)
    scene.peer.leave_relay(SIX_TO_FOUR, net.RELAY)


# A Linux site, gate41's relay -------------------------------------------------------------------------------------


@pytest.mark.proves("A10", "A11", "D14")
def test_a_linux_site_pings_through_the_relay_and_is_pinged(site):
    ping(site.guest, site.server)
    ping(site.server, site.guest)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.proves("A11")
def test_a_linux_site_loads_a_megabyte_each_way_through_the_relay(site, path):
    site.megabyte_each_way(site.guest, site.server, path, net.RELAY)


@pytest.mark.proves("B13")
def test_a_stateful_firewall_before_a_linux_site_lets_the_relays_answers_in(site):
    firewall = site.peer.far
    firewall.run("nft", "-f", "-", input=STATEFUL)
    try:
        ping(site.guest, site.server)
    finally:
        firewall.run("nft", "delete", "table", "ip", "home")


# gate41's site, a Linux relay -------------------------------------------------------------------------------------


@pytest.mark.proves("B19")
def test_a_linux_relay_answers_probes(relay):
    before = relay.peer.echo_requests()
    misses = 3
    wait_for(lambda: relay.peer.echo_requests() > before + misses, "the guest is probed")
    assert relay.gateway.status()["healthy"]


@pytest.mark.proves("A10", "A11")
def test_a_host_pings_through_a_linux_relay_and_is_pinged(relay):
    with relay.without_the_relay():
        ping(relay.host, relay.server)
        ping(relay.server, relay.host)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.proves("A11")
def test_a_host_loads_a_megabyte_each_way_through_a_linux_relay(relay, path):
    relay.megabyte_each_way(relay.server, relay.host, path, GATEWAY)


# Site to site -----------------------------------------------------------------------------------------------------


@pytest.mark.proves("A10", "C18")
def test_a_host_and_a_linux_site_ping_each_other_and_no_relay_sees_it(site):
    with site.without_the_relay():
        ping(site.host, site.guest)
        ping(site.guest, site.host)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.proves("C18")
def test_a_host_and_a_linux_site_load_a_megabyte_each_way(site, path):
    site.megabyte_each_way(site.guest, site.host, path, GATEWAY)


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
