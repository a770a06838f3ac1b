"""A port that loses its link: what would leave by it is lost and counted, nothing else happens, and it comes back."""
import pytest

from tests.lab.netns import wait_for

from . import packets as p
from .sites import HOST, SERVER, GatewayBench


@pytest.fixture
def gateway(internet):
    bench = GatewayBench(internet("g41dp"))
    bench.start("port")
    yield bench
    bench.stop()


def works(bench):
    try:
        bench.settle()
        return True
    except AssertionError:
        return False


def test_daemon_outlives_a_wan_that_goes_down_under_load(gateway):
    sent = 0
    for _ in range(3):
        sent += 300
        gateway.set_link("wan", "down")
        for burst in range(10):
            packets = [p.udp(HOST, SERVER, 8000 + burst, 8000 + i) for i in range(30)]
            gateway.wires["lan"].send(*map(gateway.from_lan, packets))
        wait_for(lambda: gateway.drops().get("link_down", 0) >= sent, "all are counted as lost to the link")
        gateway.set_link("wan", "up")
        wait_for(lambda: works(gateway), "packets pass again", 60)
    assert gateway.daemon.process.poll() is None
    wait_for(lambda: gateway.counters()["conserved"], "every packet is accounted for, once")


def test_carrier_that_goes_at_the_far_end_counts_as_a_link_that_is_down(gateway):
    """The port's own interface stays up: a cable that was pulled at the switch."""
    far = gateway.lab.namespace("gw-wan")
    before = gateway.drops().get("link_down", 0)
    far.ip("link", "set", "peer0", "down")
    wait_for(lambda: gateway.link("wan") == "down", "the daemon sees that the carrier has gone")
    gateway.wires["lan"].send(gateway.from_lan(p.udp(HOST, SERVER, 8000, 8001)))
    wait_for(lambda: gateway.drops().get("link_down", 0) > before, "the packet is dropped under link_down")
    far.ip("link", "set", "peer0", "up")
    wait_for(lambda: works(gateway), "packets pass again", 60)
