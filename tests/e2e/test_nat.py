"""A gateway behind a home router: a private address by DHCP, masquerade outwards, protocol 41 forwarded inwards.

    host ─ home ─[ gateway ]─ 192.168.7.0/24 ─[ NAT ]─ 11.0.0.0/24 ─ isp ─ relay ─ web
"""
import pytest

from tests.lab import checks, internet as net
from tests.lab.netns import wait_for
from tests.lab.peers import Dnsmasq

PREFIX = "g41sn"
OUTSIDE, INSIDE, GATEWAY = "11.0.0.2", "192.168.7.1", "192.168.7.41"
RULES = f"""
table ip home {{
  chain in {{ type nat hook prerouting priority -100; iifname "out0" ip protocol 41 dnat to {GATEWAY}; }}
  chain out {{ type nat hook postrouting priority 100; oifname "out0" masquerade; }}
}}
"""


def build_nat(world):
    """The home router: DHCP, DNS and NAT by the kernel."""
    isp, nat, site = (world.lab.namespace(role) for role in ("isp", "nat", "gw"))
    world.lab.link(isp, "w0", nat, "out0")
    world.lab.link(nat, "in0", site, "wan0")
    isp.ip("addr", "add", "11.0.0.1/24", "dev", "w0")
    nat.ip("addr", "add", f"{OUTSIDE}/24", "dev", "out0")
    nat.ip("addr", "add", f"{INSIDE}/24", "dev", "in0")
    nat.ip("route", "add", "default", "via", "11.0.0.1")
    nat.sysctl(net__ipv4__ip_forward=1)
    nat.run("nft", "-f", "-", input=RULES)
    Dnsmasq(nat, "dhcp-home", "in0", (GATEWAY, GATEWAY), INSIDE, hosts=list(net.ECHOES.items())).start()
    site.sysctl(net__ipv6__conf__wan0__disable_ipv6=1)
    world.add_host(site, "host", "lan0")
    return site


def configuration(world, behind_nat):
    ports = {"wan": {"device": net.af_packet(0, "wan0")}, "lan": {"device": net.af_packet(1, "lan0")}}
    config = world.gateway_config(ports, {"home": {"port": "lan"}}, filter={
        "inbound": [{"proto": "echo", "lan": "home", "interface_id": net.HOST_ID}]})
    config["wan"]["external_address"]["behind_nat"] = behind_nat
    return config


@pytest.fixture(scope="module")
def world(module_internet):
    result = module_internet(PREFIX)
    result.build_isp()
    relay = result.build_relay().start()
    result.serve_web()
    site = build_nat(result)
    gateway = result.add_daemon(site, "gateway", {}, {})
    gateway.write(configuration(result, "allow"))
    gateway.start()
    relay.wait_healthy(60)
    gateway.wait_healthy(60)
    return result


@pytest.mark.proves("S50", "X3")
def test_the_prefix_is_built_from_the_outside_address_and_status_says_why(world):
    gateway = world.daemons["gateway"]
    status = gateway.status()
    assert status["wan"]["address"] == f"{GATEWAY}/24"
    assert status["wan"]["external"] == OUTSIDE
    assert status["wan"]["behind_nat"] is True
    assert status["tunnels"][0]["prefix"] == net.six_to_four(OUTSIDE) + "/48"
    assert "behind" in gateway.tool("status").stdout and "NAT" in gateway.tool("status").stdout


@pytest.mark.proves("S50")
def test_a_host_reaches_the_web_server(world):
    assert checks.has_address(world).startswith(net.six_to_four(OUTSIDE, 1).removesuffix("::"))
    checks.fetches_file(world)


@pytest.mark.proves("S50")
def test_what_comes_in_by_itself_reaches_a_pinhole(world):
    world.lab.namespace("six").run(*checks.PING, "-c", "3", checks.has_address(world))


@pytest.mark.proves("X3")
def test_nat_can_be_refused(world):
    gateway, host = world.daemons["gateway"], world.lab.namespace("host")
    gateway.write(configuration(world, "refuse"))
    assert gateway.reload().returncode == 0

    def refusal():
        states = gateway.status()["states"]
        return next((s for s in states if (s["component"], s["state"]) == ("address", "refused")), None)

    said = wait_for(refusal, "the address is refused", 20)
    assert gateway.status()["tunnels"][0]["prefix"] is None
    assert OUTSIDE in said["sentence"] and GATEWAY in said["sentence"]
    wait_for(lambda: not net.default_router(host), "the host has no default router", 10)
    gateway.write(configuration(world, "allow"))
    assert gateway.reload().returncode == 0
    gateway.wait_healthy(60)
    wait_for(lambda: not checks.pings_once(world), "the host reaches the web server again", 30)
