"""6rd between gate41 and Linux (`ip tunnel 6rd`): sit as customer edge of gate41's border relay, as the border relay of
gate41's site, and as another customer edge of the domain.

sit does not return the probes of RFC 5969 §8: an inner destination that is not at the outer one is spoofed to it. gate41
then asks the border relay's subnet-router anycast address, which is answered.
"""
import pytest

from tests.lab import internet as net
from tests.lab.netns import wait_for

from .ends import ping
from .interop import PATHS, START, Scene, add_gateway
from .linux_peer import GATE41_NATIVE, GATEWAY, GUEST, Domain

pytestmark = pytest.mark.interop

PREFIX = "g41i6"
BORDER = "11.0.9.41"
# 24 bits of an IPv4 address after 32 bits of the domain: a /56 for each site.
DOMAIN = Domain("2600:42::/32", "11.0.0.0/8")
MODE = {"mode": "6rd", "6rd": {"prefix": DOMAIN.prefix, "ipv4_mask_len": 8}}


@pytest.fixture(scope="module")
def scene(module_internet):
    world = module_internet(PREFIX)
    isp = world.build_isp()
    relay = world.build_relay(tunnels={"main": MODE}, relay={
        "anycast": BORDER, "native": {"port": "six", "address": f"{GATE41_NATIVE}/64", "gateway": "2600:41::1"}})
    isp.ip("route", "add", f"{BORDER}/32", "via", net.RELAY_UNICAST)
    world.lab.namespace("six").ip("route", "add", DOMAIN.prefix, "via", GATE41_NATIVE, "src", net.WEB)
    gateway = add_gateway(world, relays=[BORDER], **MODE)
    relay.start()
    gateway.start()
    relay.wait_healthy(START)
    gateway.wait_healthy(START)
    return Scene(world, DOMAIN.address(GATEWAY, 1, 0x41), DOMAIN.address(GUEST, 0, 1))


@pytest.fixture
def site(scene):
    """The guest is a customer edge of gate41's border relay; so is gate41's gateway."""
    scene.peer.become_site(DOMAIN, BORDER)
    yield scene
    scene.peer.set_path_mtu(1500)


@pytest.fixture
def border(scene):
    """The guest is the border relay of gate41's site."""
    scene.peer.become_relay(DOMAIN, BORDER)
    yield scene
    scene.peer.set_path_mtu(1500)
    scene.peer.leave_relay(DOMAIN, BORDER)


# A Linux customer edge, gate41's border relay -------------------------------------------------------------------------


@pytest.mark.proves("E1", "E2", "E10", "E11")
def test_a_linux_customer_edge_pings_through_the_border_relay_and_is_pinged(site):
    ping(site.guest, site.server)
    ping(site.server, site.guest)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.proves("E11")
def test_a_linux_customer_edge_loads_a_megabyte_each_way_through_the_border_relay(site, path):
    site.megabyte_each_way(site.guest, site.server, path, BORDER)


# gate41's customer edge, a Linux border relay -------------------------------------------------------------------------


@pytest.mark.proves("E20")
def test_a_linux_border_relay_answers_probes_of_its_anycast_address(border):
    before = border.peer.echo_requests()
    misses = 3
    wait_for(lambda: border.peer.echo_requests() > before + misses, "the guest is probed")
    assert border.gateway.status()["healthy"]


@pytest.mark.proves("E1", "E2", "E10", "E16")
def test_a_host_pings_through_a_linux_border_relay_and_is_pinged(border):
    with border.without_the_relay():
        ping(border.host, border.server)
        ping(border.server, border.host)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.proves("E10")
def test_a_host_loads_a_megabyte_each_way_through_a_linux_border_relay(border, path):
    border.megabyte_each_way(border.server, border.host, path, GATEWAY)


# Customer edge to customer edge ---------------------------------------------------------------------------------------


@pytest.mark.proves("E10")
def test_a_host_and_a_linux_customer_edge_ping_each_other_and_no_border_relay_sees_it(site):
    with site.without_the_relay():
        ping(site.host, site.guest)
        ping(site.guest, site.host)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.proves("E10")
def test_a_host_and_a_linux_customer_edge_load_a_megabyte_each_way(site, path):
    site.megabyte_each_way(site.guest, site.host, path, GATEWAY)
