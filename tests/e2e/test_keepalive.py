"""A firewall at the ISP lets protocol 41 in from whom the gateway has just sent to, and forgets that after FORGETS
seconds. `tunnels.NAME.keepalive` holds it open for a relay that the gateway has no traffic for.

    [ gateway ]─ 11.0.0.0/24 ─ isp with the firewall ─ 11.0.3.0/24 ─ 192.88.99.2
"""
import pytest

from tests.lab import internet as net
from tests.lab.netns import wait_for

from . import packets as p
from .wire import Wire

PREFIX = "g41sk"
KEPT, KEPT_FORM, KEPT_HOST = "192.88.99.2", "2002:c058:6302::", "11.0.3.2"
NATIVE = "2600:99::1"
INTERVAL, FORGETS = 5, 8  # seconds
FIREWALL = """
table ip guard {
  counter refused {}
  chain forward {
    type filter hook forward priority 0;
    oifname "w0" ip protocol 41 ct state established accept;
    oifname "w0" ip protocol 41 counter name refused drop;
  }
}
"""


class Site:
    def __init__(self, world):
        self.isp, far = (world.lab.namespace(role) for role in ("isp", "far"))
        world.lab.link(self.isp, "f0", far, "far0")
        self.isp.ip("addr", "add", "11.0.3.1/24", "dev", "f0")
        self.isp.ip("route", "add", f"{KEPT}/32", "via", KEPT_HOST)
        far.ip("addr", "add", f"{KEPT_HOST}/24", "dev", "far0")
        self.isp.run("nft", "-f", "-", input=FIREWALL)
        self.isp.sysctl(net__netfilter__nf_conntrack_generic_timeout=FORGETS)
        self.isp_mac = self.isp.run("cat", "/sys/class/net/f0/address").stdout.strip()
        self.gateway = world.daemons["gateway"]
        self.wire = Wire(far, "far0")

    def keep_alive(self, keepalive):
        config = self.gateway.config
        config["tunnels"]["main"]["keepalive"] = keepalive
        self.gateway.write(config)
        reloaded = self.gateway.reload()
        assert reloaded.returncode == 0, reloaded.stderr

    def tunnel(self):
        return self.gateway.ask("tunnels")[0]

    def local(self):
        return self.tunnel()["local"]

    def own(self):
        return net.six_to_four(self.local(), 0, 1)

    def refused(self):
        listing = self.isp.run("nft", "list", "counter", "ip", "guard", "refused").stdout
        return int(listing.split("packets")[1].split()[0])

    def next_keepalive(self):
        """The IPv6 packet inside."""
        frame = self.wire.take(lambda frame: frame[12:14] == b"\x08\0" and frame[23] == p.PROTOCOL_41
                               and frame[30:34] == p.ip4(KEPT), "a keep-alive", 4 * INTERVAL)
        return frame[34:]

    def bring(self, ipv6):
        """Protocol 41 from the kept address to the gateway."""
        self.wire.send(p.ethernet(self.isp_mac, self.wire.mac, p.IPV4, p.ipv4(KEPT, self.local(), ipv6)))

    def bring_native(self):
        self.bring(p.udp(NATIVE, self.own(), 7, 7))


@pytest.fixture(scope="module")
def site(module_internet):
    world = module_internet(PREFIX)
    world.build_isp()
    gateway = world.add_gateway()
    gateway.config = world.gateway_config({"wan": {"device": net.af_packet(0, "wan0")},
                                           "lan": {"device": net.af_packet(1, "lan0")}}, {"home": {"port": "lan"}})
    gateway.write(gateway.config)
    world.serve_dhcp("w0", "11.0.0")
    result = Site(world)
    gateway.start()
    wait_for(lambda: result.tunnel()["relays"], "relays are probed", 60)
    yield result
    result.wire.close()


@pytest.mark.proves("S25", "S26")
def test_a_firewall_holds_back_what_comes_from_another_relay(site):
    site.bring_native()
    wait_for(lambda: site.refused() == 1, "the firewall has refused it")
    assert site.tunnel()["decap_packets"] == 0
    assert site.tunnel()["keepalive"] is None


@pytest.mark.proves("S25", "S26", "U45")
def test_a_keepalive_holds_the_firewall_open_for_it(site):
    site.keep_alive({"interval": f"{INTERVAL}s", "targets": [KEPT]})
    for _ in range(4):  # the last at least 9 s after the first
        packet = site.next_keepalive()
        ident, sequence = (int.from_bytes(packet[at:at + 2], "big") for at in (44, 46))
        assert packet == p.echo(site.own(), KEPT_FORM, ident, sequence, data=b"", hop_limit=1)
    site.bring_native()
    wait_for(lambda: site.tunnel()["decap_packets"] == 1, "the firewall has let it in")
    assert site.refused() == 1
    assert site.tunnel()["other_relay"] == 1


@pytest.mark.proves("S26")
def test_an_answer_that_nobody_waits_for_is_taken_in_silence(site):
    packet = site.next_keepalive()
    before, drops = site.tunnel()["decap_packets"], site.gateway.drops()
    ident, sequence = (int.from_bytes(packet[at:at + 2], "big") for at in (44, 46))
    site.bring(p.echo(KEPT_FORM, site.own(), ident, sequence, data=b"", reply=True))
    wait_for(lambda: site.tunnel()["decap_packets"] == before + 1, "the answer came")
    assert site.gateway.drops().get("filter_own_unsolicited") == drops.get("filter_own_unsolicited")


@pytest.mark.proves("S26")
def test_the_operator_sees_whom_it_is_sent_to_and_how_often(site):
    keepalive = site.tunnel()["keepalive"]
    assert keepalive["interval"] == INTERVAL
    assert [target["address"] for target in keepalive["targets"]] == [KEPT]
    assert keepalive["targets"][0]["sent"] >= 4 and keepalive["targets"][0]["suppressed"] == 0
    assert f"keep-alive to {KEPT} every 5 s: " in site.gateway.tool("tunnels").stdout


@pytest.mark.proves("S27")
def test_doctor_names_the_addresses_that_a_firewall_must_pass(site):
    """No relay answers here."""
    said = wait_for(lambda: next((c for c in site.gateway.ask("doctor") if c["check"] == "firewall"), None),
                    "doctor suspects a firewall")
    assert f"between {site.local()} and {net.RELAY}, {KEPT}" in said["remedy"]


@pytest.mark.proves("S26")
def test_it_can_be_switched_off_without_a_restart(site):
    site.keep_alive("off")
    assert site.tunnel()["keepalive"] is None
