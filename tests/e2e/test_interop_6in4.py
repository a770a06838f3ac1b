"""6in4 between gate41's site and Linux: sit as the broker's end of a configured tunnel."""
import pytest

from .ends import End, ping
from .interop import PATHS, START, Scene, add_gateway
from .linux_peer import GATEWAY, GUEST, TUNNEL

pytestmark = pytest.mark.interop

PREFIX = "g41i0"
OUR_LINK_LOCAL = "fe80::b00:2"  # of GATEWAY
OURS, THEIRS, ROUTED = "2600:41:0:2::2", "2600:41:0:2::1", "2600:41:1::/48"


@pytest.fixture(scope="module")
def scene(module_internet):
    world = module_internet(PREFIX)
    world.build_isp()
    world.build_relay()  # not started: the guest is the only way out
    gateway = add_gateway(world, mode="6in4", **{"6in4": {
        "remote": GUEST, "address": f"{OURS}/64", "prefix": ROUTED, "routes": ["::/0"]}}).start()
    result = Scene(world, "2600:41:1:1::41", THEIRS)
    result.peer.become_peer(GATEWAY, f"{THEIRS}/64", ROUTED)
    gateway.wait_healthy(START)
    return result


@pytest.fixture
def peer(scene):
    yield scene
    scene.peer.set_path_mtu(1500)


def test_the_host_and_the_linux_peer_ping_each_other(peer):
    ping(peer.host, peer.guest)
    ping(peer.guest, peer.host)


@pytest.mark.proves("D15")
def test_the_host_pings_through_the_linux_peer_and_is_pinged(peer):
    """Linux takes a packet only from the tunnel's one other end."""
    ping(peer.host, peer.server)
    ping(peer.server, peer.host)


def test_the_linux_peer_pings_the_tunnels_own_address(peer):
    ping(peer.guest, End(None, OURS))


@pytest.mark.proves("D32")
def test_the_linux_peer_pings_the_tunnels_link_local_address(peer):
    ping(peer.guest, End(None, f"{OUR_LINK_LOCAL}%{TUNNEL}"))


@pytest.mark.parametrize("path", PATHS)
def test_the_host_loads_a_megabyte_each_way_through_the_linux_peer(peer, path):
    peer.megabyte_each_way(peer.server, peer.host, path, GATEWAY)


@pytest.mark.parametrize("path", PATHS)
def test_the_host_and_the_linux_peer_load_a_megabyte_each_way(peer, path):
    peer.megabyte_each_way(peer.guest, peer.host, path, GATEWAY)
