"""`ports: auto`: gate41d finds its devices and tells WAN and LAN apart by who answers DHCP.

    [ gateway ] ─ nic0 ─ a       dnsmasq on one of them, on both, or on none
                └ nic1 ─ b
"""
import pytest
from scapy.layers.inet6 import Ether, ICMPv6ND_RA, ICMPv6NDOptSrcLLAddr, IPv6

from tests.lab import internet as net
from tests.lab.daemon import Daemon
from tests.lab.netns import wait_for
from tests.lab.peers import Dnsmasq
from tests.lab.workers import af_packet

from .wire import Wire

PREFIX = "g41au"
ETHER_IPV4, ETHER_IPV6 = b"\x08\x00", b"\x86\xdd"
ROUTER_SOLICITATION, ROUTER_ADVERTISEMENT, NEIGHBOUR_ADVERTISEMENT = 133, 134, 136
STRANGER = "02:00:00:00:0b:ad"
NICS = {"nic0": ("a", "11.0.0"), "nic1": ("b", "11.0.7")}
CONFIG = {"role": "gateway", "ports": "auto", "wan": {"port": "wan"},
          "tunnels": {"main": {"mode": "auto", "relays": [net.RELAY]}}, "lans": {"home": {"port": "lan"}}}


def other_router():
    return bytes(Ether(src=STRANGER, dst="33:33:00:00:00:01") / IPv6(src="fe80::bad", dst="ff02::1", hlim=255) /
                 ICMPv6ND_RA(routerlifetime=1800) / ICMPv6NDOptSrcLLAddr(lladdr=STRANGER))


def is_nd(frame, kind):
    return frame[12:14] == ETHER_IPV6 and frame[20] == 58 and frame[54] == kind


def is_dhcp_request(frame):
    return frame[12:14] == ETHER_IPV4 and frame[23] == 17 and frame[282:285] == bytes((53, 1, 3))


class Finder(Daemon):
    """A daemon that is told of its devices."""

    def __init__(self, *arguments, nics):
        super().__init__(*arguments)
        self.arguments = [word for i, nic in enumerate(nics) for word in ("--device", af_packet(i, nic))]


class Box:
    def __init__(self, world, nics):
        self.lab = world.lab
        self.site = self.lab.namespace("gw")
        for nic in nics:
            side, network = NICS[nic]
            place = self.lab.namespace(side)
            self.lab.link(place, "net0", self.site, nic)
            place.ip("addr", "add", f"{network}.1/24", "dev", "net0")
            self.site.sysctl(**{f"net__ipv6__conf__{nic}__disable_ipv6": 1})
        self.gateway = world.daemons["gateway"] = Finder(self.site, "gateway", CONFIG, nics=nics)

    def serve_dhcp(self, nic):
        side, network = NICS[nic]
        return Dnsmasq(self.lab.namespace(side), f"dhcp-{side}", "net0", (f"{network}.10", f"{network}.19"),
                       f"{network}.1").start()

    def state_of(self, component):
        return next(state for state in self.gateway.status()["states"] if state["component"] == component)

    def ports(self):
        return self.state_of("ports")

    def wait_ports(self, state, deadline=40):
        return wait_for(lambda: (now := self.ports())["state"] == state and now, f"the ports are `{state}`", deadline)

    def device_of(self, name):
        return next(row["device"] for row in self.gateway.ask("ports") if row["name"] == name)

    def wait_bound(self):
        return wait_for(lambda: self.gateway.status()["wan"]["address"], "the WAN has an address", 40)


@pytest.fixture
def box(internet):
    return lambda *nics: Box(internet(PREFIX), nics)


@pytest.mark.parametrize("wan", ["nic0", "nic1"])
def test_the_port_where_dhcp_is_answered_is_the_wan(box, wan):
    one = box("nic0", "nic1")
    one.serve_dhcp(wan)
    one.gateway.start()
    assert one.wait_bound().startswith(NICS[wan][1])
    assert f"iface={wan}" in one.device_of("wan")
    assert f"iface={'nic1' if wan == 'nic0' else 'nic0'}" in one.device_of("lan")
    assert "is the WAN: DHCP is answered there" in one.ports()["sentence"]
    assert one.ports()["ok"]


def test_the_choice_is_remembered_and_a_reload_keeps_it(box):
    one = box("nic0", "nic1")
    server = one.serve_dhcp("nic1")
    one.gateway.start()
    one.wait_bound()
    assert one.gateway.reload().returncode == 0
    one.gateway.stop()
    one.lab.stop(server.process)
    one.gateway.start()
    assert "as at an earlier start" in one.wait_ports("found")["sentence"]
    assert "iface=nic1" in one.device_of("wan")


@pytest.mark.proves("S49")
def test_one_port_is_wan_and_lan(box):
    one = box("nic0")
    one.serve_dhcp("nic0")
    one.gateway.start()
    one.wait_bound()
    assert [row["name"] for row in one.gateway.ask("ports")] == ["wan"]
    assert "WAN and LAN are both on it" in one.ports()["sentence"]


@pytest.mark.proves("H30", "S2")
def test_where_both_are_answered_nothing_is_advertised_and_the_operator_is_asked(box):
    one = box("nic0", "nic1")
    servers = {nic: one.serve_dhcp(nic) for nic in NICS}
    wires = [Wire(one.lab.namespace(side), "net0") for side, _ in NICS.values()]
    one.gateway.start()
    unclear = one.wait_ports("unclear")
    assert "so which is the WAN can't be told" in unclear["sentence"]
    assert not unclear["ok"]
    assert "nothing is forwarded or advertised until it is clear" in one.gateway.tool("doctor", check=False).stdout
    assert one.gateway.reload().returncode == 1
    for wire in wires:
        ours = [frame for frame in wire.frames() if frame[6:12] != bytes.fromhex(wire.mac.replace(":", ""))]
        assert ours and not [frame for frame in ours if is_nd(frame, ROUTER_ADVERTISEMENT)]
        wire.close()
    one.lab.stop(servers["nic0"].process)
    assert one.wait_bound().startswith(NICS["nic1"][1])
    assert "iface=nic1" in one.device_of("wan")


@pytest.mark.proves("H30")
def test_beside_a_router_of_the_lan_it_keeps_silent_and_says_why(box):
    """From the first moment: the other one answers its solicitation."""
    one = box("nic0", "nic1")
    one.serve_dhcp("nic0")
    wire = Wire(one.lab.namespace("b"), "net0", lambda frame: [other_router()] if is_nd(frame, ROUTER_SOLICITATION) else [])
    one.gateway.start()
    one.wait_bound()
    lan = wait_for(lambda: (now := one.state_of("lan.home"))["state"] == "held" and now, "it holds back", 20)
    assert "advertises itself as default router here" in lan["sentence"]
    assert not lan["ok"]
    assert not wire.frames(lambda frame: is_nd(frame, ROUTER_ADVERTISEMENT))
    wire.close()


@pytest.mark.proves("S84")
def test_the_lan_listens_while_the_ports_are_told_apart(box):
    """The lease is asked for when they are; by then routers have been solicited twice, and the LAN's address is announced,
    which it is once it has passed detection. All of it begins anew when a link comes up late."""
    one = box("nic0", "nic1")
    one.serve_dhcp("nic0")
    seen = []
    wires = [Wire(one.lab.namespace(side), "net0", seen.append) for side in "ab"]
    one.gateway.start()
    one.wait_bound()
    until = seen[:next(i for i, frame in enumerate(seen) if is_dhcp_request(frame))]
    assert len([frame for frame in until if is_nd(frame, ROUTER_SOLICITATION)]) >= 2
    assert [frame for frame in until if is_nd(frame, NEIGHBOUR_ADVERTISEMENT)]
    for wire in wires:
        wire.close()


def test_it_asks_on_until_a_server_is_there(box):
    one = box("nic0", "nic1")
    one.gateway.start()
    assert "no DHCP server answers" in one.wait_ports("asking")["sentence"]
    one.serve_dhcp("nic1")
    one.wait_bound()
    assert "iface=nic1" in one.device_of("wan")


def test_it_ends_when_told_to_while_it_asks(box):
    one = box("nic0", "nic1")
    one.gateway.start()
    one.wait_ports("asking")
    one.gateway.stop()
    assert one.gateway.process.returncode == 0
