"""The 6rd option (RFC 5969 §7.1.1) from a real DHCP server: what `gate41 dhcp` shows of it, renewal after renewal."""
import ipaddress

import pytest

from tests.lab.netns import run, wait_for

PREFIX = "g41o"
RENEWAL = ("58,3", "59,3500")
RELAY = "11.0.0.9"


def option(mask_len, prefix, relay=RELAY):
    network = ipaddress.ip_network(prefix)
    value = bytes([mask_len, network.prefixlen]) + network.network_address.packed + ipaddress.ip_address(relay).packed
    return value, "212," + ":".join(f"{byte:02x}" for byte in value)


GOOD, GOOD_OPTION = option(8, "2600:41::/32")
WRONG_OPTION = "212,08:20:26:00"


@pytest.fixture(scope="module")
def site(module_internet):
    world = module_internet(PREFIX, dhcp_options=(*RENEWAL, GOOD_OPTION))
    world.build_isp()
    world.add_gateway()
    world.serve_dhcp("w0", "11.0.0")
    world.daemons["gateway"].start()
    return world


def restart(world, *options):
    """Just after a renewal: one that meets no server is repeated only a minute later (RFC 2131 §4.4.5)."""
    gateway = world.daemons["gateway"]
    wait_for(lambda: gateway.ask("dhcp")["lease"]["renew_in"] >= 2, "the lease was renewed", 90)
    world.dhcp["w0"].restart(options=options, forget=False)


def six_rd(world):
    lease = world.daemons["gateway"].ask("dhcp")["lease"]
    return lease and lease["six_rd"]


@pytest.mark.proves("E3", "E6", "U9")
def test_its_bytes_and_values_are_shown(site):
    wait_for(lambda: six_rd(site), "option 212 came", 30)
    assert six_rd(site) == {"option": GOOD.hex(), "prefix": "2600:41::/32", "ipv4_mask_len": 8,
                            "border_relays": [RELAY]}
    text = site.daemons["gateway"].tool("dhcp").stdout
    assert GOOD.hex() in text
    assert f"2600:41::/32, IPv4 mask length 8, border relays {RELAY}" in text


@pytest.mark.proves("E3", "M25", "U9")
def test_a_wrong_one_in_a_renewal_takes_its_place_with_a_reason(site):
    restart(site, *RENEWAL, WRONG_OPTION)
    wait_for(lambda: six_rd(site).get("ignored"), "the wrong option came", 90)
    assert six_rd(site) == {"option": "08202600", "ignored": "option 212 ignored: it is 4 bytes long, 18 and 4 for "
                                                             "each border relay are right"}
    sentence = next(s for s in site.daemons["gateway"].status()["states"] if s["component"] == "dhcp")["sentence"]
    assert "option 212 ignored" in sentence


@pytest.mark.proves("M25", "U9")
def test_it_goes_with_a_renewal_that_has_none(site):
    restart(site, *RENEWAL)
    wait_for(lambda: site.daemons["gateway"].ask("dhcp")["lease"] and six_rd(site) is None, "the option went", 90)


@pytest.mark.proves("M25", "Q13")
def test_the_gateway_stays_a_neighbour_that_the_kernel_keeps_over_another_mask(site):
    """Without its last address the kernel forgets what it was to keep resolved."""
    gateway = site.daemons["gateway"]
    restart(site, *RENEWAL, "1,255.255.0.0")
    wait_for(lambda: gateway.ask("dhcp")["lease"]["prefix_length"] == 16, "the mask came", 90)
    wait_for(lambda: "managed" in neighbour_of_kernel(gateway, "11.0.0.1"), "the gateway is managed again", 10)


def neighbour_of_kernel(daemon, address):
    inside = ["nsenter", "-t", daemon.process.pid, "-m", "ip", "netns", "exec", daemon.host_netns]
    return run(*inside, "ip", "neigh", "show", address, "dev", "g41wan").stdout
