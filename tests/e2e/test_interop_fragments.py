"""Paths too narrow for the tunnel: sit fragments what gate41 puts together, and the other way round."""
import pytest

from tests.lab import internet as net

from .ends import ping, ping_once
from .interop import START, Scene, add_gateway, see_fragments
from .linux_peer import GATEWAY, GUEST, SIX_TO_FOUR

pytestmark = pytest.mark.interop

PREFIX = "g41if"
# Two and three fragments for 1300 bytes.
NARROW = [1000, 576]


@pytest.fixture(scope="module")
def scene(module_internet):
    world = module_internet(PREFIX)
    world.build_isp()
    daemons = world.build_relay(), add_gateway(world)
    for daemon in daemons:
        see_fragments(daemon)
        daemon.start()
    for daemon in daemons:
        daemon.wait_healthy(START)
    result = Scene(world, SIX_TO_FOUR.address(GATEWAY, 1, 0x41), SIX_TO_FOUR.address(GUEST, 0, 1))
    result.peer.become_site(SIX_TO_FOUR, net.RELAY)
    return result


@pytest.fixture(params=NARROW)
def path(scene, request):
    """sit knows already: its first packet is the one that is lost."""
    scene.peer.set_path_mtu(request.param)
    for end in (scene.server, scene.host):
        ping_once(scene.guest, end, 1280 - 48)
    yield request.param
    scene.peer.set_path_mtu(1500)


@pytest.mark.proves("Q7", "D19", "D24")
def test_packets_of_1280_bytes_pass_between_a_host_and_a_linux_site(scene, path):
    ping(scene.host, scene.guest, 1280 - 48)
    ping(scene.guest, scene.host, 1280 - 48)


@pytest.mark.proves("D24", "D26")
def test_the_relay_puts_a_megabyte_of_a_linux_site_together(scene, path):
    """Not the other way: packets from an anycast address keep DF and do not pass here (Q7)."""
    scene.megabyte(scene.guest, scene.server)


@pytest.mark.proves("D24", "D26")
def test_a_host_and_a_linux_site_load_a_megabyte_each_way(scene, path):
    scene.megabyte_each_way(scene.guest, scene.host, path, GATEWAY)
