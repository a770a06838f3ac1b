"""Behind a wireless adapter that rewrites MAC addresses, in the forms that are known: the router is the hypervisor's guest and its
MAC is rewritten in frames alone, or in neighbour discovery too; or a host of the LAN is such a guest (tests/lab/wireless_bridge.py).

    host ─ air ─[ adapter ]─ home ─[ gateway ]─ 11.0.0.0/24 ─ isp ─[ relay ]─ six
"""
import sys

import pytest

from tests.lab import internet as net
from tests.lab.netns import wait_for
from tests.lab.peers import HELPERS
from tests.lab.workers import af_packet

PREFIX = "g41wb"
ADAPTER = "02:ad:00:00:00:01"
STATE = "lan_l2_rewrite_suspected"
LONG_ENOUGH = 240  # seconds; the gateway suspects nothing in its first two minutes


def build(world, guest, *options):
    """`guest`: "gateway" or "host", who stands behind the adapter."""
    world.build_isp()
    world.build_relay()
    site = world.lab.namespace("gw")
    world.connect_wan(site, "w0", "11.0.0")
    adapter = world.lab.namespace("adapter")
    host = world.add_host(adapter, "host", "lan0", ndisc_notify=1)
    world.lab.link(site, "lan0", adapter, "lan1")
    for place, interface in ((site, "lan0"), (adapter, "lan0"), (adapter, "lan1")):
        place.sysctl(**{f"net__ipv6__conf__{interface}__disable_ipv6": 1})
    sides = ("lan1", "lan0") if guest == "gateway" else ("lan0", "lan1")
    adapter.popen(sys.executable, HELPERS / "wireless_bridge.py", *sides, ADAPTER, *options, log="bridge")
    gateway = world.add_daemon(site, "gateway", {"wan": {"device": af_packet(0, "wan0")},
                                                 "lan": {"device": af_packet(1, "lan0")}}, {"home": {"port": "lan"}})
    world.serve_dhcp("w0", "11.0.0")
    world.daemons["relay"].start()
    world.serve_web()
    gateway.start()
    net.wait_address(host, "2002:", deadline=60)
    return gateway, host


def suspicion(gateway):
    return next((check for check in gateway.ask("doctor") if check["check"] == "hypervisor.home"), None)


@pytest.mark.long
@pytest.mark.proves("S23", "S53", "S54", "S57")
@pytest.mark.parametrize("options", [(), ("--neighbours",)], ids=["frames", "neighbours too"])
def test_a_bridge_that_keeps_what_is_to_be_forwarded_is_named(internet, options):
    gateway, host = build(internet(PREFIX), "gateway", *options)
    host.popen("ping", "-i", "0.5", net.WEB, log="ping")
    found = wait_for(lambda: suspicion(gateway), "the bridge is suspected", LONG_ENOUGH, every=1)
    assert "a bridge rewrites MAC addresses" in found["sentence"]
    assert "use a wired one" in found["remedy"]


@pytest.mark.proves("W1", "W3", "W4")
def test_a_host_behind_such_a_bridge_reaches_the_internet(internet):
    _, host = build(internet(PREFIX), "host")
    assert "3 received" in host.run("ping", "-c", "3", "-w", "10", net.WEB).stdout
