"""Which routes hosts are told of where the tunnel does not lead everywhere."""
import pytest

from tests.lab.netns import wait_for

from . import packets as p
from .sites import START, GatewayBench, turn_echo

PEER = "11.0.0.9"
LED_TO_SITES, WITHDRAWN = (f"route 2002::/16: preference low, {seconds} s" for seconds in (5400, 0))


@pytest.fixture(scope="module")
def bench(module_internet):
    return GatewayBench(module_internet("g41dr"))


@pytest.fixture
def gateway(bench):
    yield bench
    bench.stop()


def told(gateway):
    """What the last router advertisement said, line by line."""
    return gateway.daemon.ask("ra")[0]["ra"]


@pytest.mark.proves("A10", "P5", "P10")
def test_without_a_relay_hosts_are_still_led_to_other_sites(gateway):
    gateway.relay_answers = False
    gateway.start(healthy=False, tunnels={"main": {"probe": {"interval": "100ms"}}})
    wait_for(lambda: LED_TO_SITES in told(gateway), "hosts are told of 2002::/16", START)
    gateway.relay_answers = True
    wait_for(lambda: any(line.startswith("default router for") for line in told(gateway)), "the relay is back", START)
    assert WITHDRAWN in told(gateway)


def answer_of_peer(bench, frame):
    """A 6in4 peer that answers each echo request."""
    if frame[12:14] != b"\x08\x00":
        return bench.answer_arp(frame)
    if frame[23] != p.PROTOCOL_41 or frame[40] != p.ICMPV6 or frame[74] != 128:
        return ()
    return [bench.from_tunnel(turn_echo(frame[34:]), source=PEER)]


@pytest.mark.proves("P10")
def test_hosts_are_told_of_the_routes_of_a_tunnel_that_leads_to_some_places(gateway, monkeypatch):
    monkeypatch.setattr(gateway, "answer_wan", lambda frame: answer_of_peer(gateway, frame))
    tunnel = {"remote": PEER, "address": "2600:45:0:2::2/64", "prefix": "2600:45:1::/48", "routes": ["2600:41::/32"]}
    gateway.open_wires()
    gateway.run("gateway", {**gateway.config(), "tunnels": {"main": {"mode": "6in4", "6in4": tunnel}}})
    wait_for(lambda: any(line.startswith("route 2600:41::/32") for line in told(gateway)),
             "hosts are told of 2600:41::/32", START)
    assert any(line.startswith("no default router") for line in told(gateway))
