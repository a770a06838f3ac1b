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


def set_link(bench, state):
    bench.namespace.ip("link", "set", bench.devices["wan"], state)


def test_daemon_outlives_a_wan_that_goes_down_under_load(gateway):
    for _ in range(3):
        set_link(gateway, "down")
        for burst in range(10):
            packets = [p.udp(HOST, SERVER, 8000 + burst, 8000 + i) for i in range(30)]
            gateway.wires["lan"].send(*map(gateway.from_lan, packets))
        set_link(gateway, "up")
        wait_for(lambda: works(gateway), "packets pass again", 60)
    assert gateway.daemon.process.poll() is None
    wait_for(lambda: gateway.counters()["conserved"], "every packet is accounted for, once")
