"""The least that shows gate41 and Linux to understand each other, for every run of the tests: one guest, booted once, whose
sit is the relay, the border relay and the broker's end of gate41's site, one after another. The rest is in the files
beside this one.

    host ──[ gate41 gateway ]── isp ── far ──[ guest: sit ]── six
"""
import json

import pytest

from tests.lab import internet as net

from .ends import KILOBYTE, End, fetch, ping, serve
from .interop import START, add_gateway
from .linux_peer import GATEWAY, GUEST, SIX_TO_FOUR, Domain, LinuxPeer

pytestmark = pytest.mark.short

PREFIX = "g41is"
FILE = 100 * KILOBYTE
DOMAIN = Domain("2600:42::/32", "11.0.0.0/8")
BROKERED, OURS, THEIRS = "2600:41:1::/48", "2600:41:0:2::2", "2600:41:0:2::1"
PROBE = {"probe": {"interval": "1s", "misses": 3}}


# Each makes the guest its end of the tunnel, and tells gate41's: (tunnel, the host's address by it).


def six_to_four(peer):
    peer.become_relay(SIX_TO_FOUR, GUEST)
    return {"mode": "6to4", "relays": [GUEST]}, SIX_TO_FOUR.address(GATEWAY, 1, 0x41)


def six_rd(peer):
    peer.become_relay(DOMAIN, GUEST)
    tunnel = {"mode": "6rd", "relays": [GUEST], "6rd": {"prefix": DOMAIN.prefix, "ipv4_mask_len": 8}}
    return tunnel, DOMAIN.address(GATEWAY, 1, 0x41)


def six_in_four(peer):
    peer.become_peer(GATEWAY, f"{THEIRS}/64", BROKERED)
    tunnel = {"mode": "6in4", "6in4": {"remote": GUEST, "address": f"{OURS}/64", "prefix": BROKERED}}
    return tunnel, "2600:41:1:1::41"


class Way:
    """From a host of gate41's site to a server behind the guest."""

    def __init__(self, world):
        world.build_isp()
        self.gateway = add_gateway(world)
        self.site, self.host, six = (world.lab.namespace(role) for role in ("gw", "host", "six"))
        six.ip("addr", "add", f"{net.WEB}/128", "dev", "lo", "nodad")
        self.peer = LinuxPeer(world)
        self.server = End(six, net.WEB)
        self.digests = {place: serve(place, world.lab.folder / place.name, FILE) for place in (self.host, six)}

    def begin(self, role):
        """The host's end, once both ends of the tunnel are up."""
        tunnel, address = role(self.peer)
        config = json.loads(self.gateway.config_path.read_text())
        self.gateway.write({**config, "tunnels": {"main": {**tunnel, **PROBE}}})
        self.gateway.start().wait_healthy(START)
        net.wait_address(self.host, address)
        return End(self.host, address)

    def end(self):
        self.gateway.stop()
        for device in ("wan0", "lan0"):  # net_af_packet leaves them down
            self.site.ip("link", "set", device, "up")


@pytest.fixture(scope="module")
def way(module_internet):
    return Way(module_internet(PREFIX))


@pytest.mark.parametrize("role", [six_to_four, six_rd, six_in_four])
@pytest.mark.proves("A10", "A11", "E10", "D15")
def test_a_host_and_a_server_behind_linux_ping_each_other_and_load_from_each_other(way, role):
    host = way.begin(role)
    for one, other in ((host, way.server), (way.server, host)):
        ping(one, other)
        assert fetch(one, other) == way.digests[other.place]
    way.end()
