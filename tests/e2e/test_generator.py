"""gate41-gen against real daemons: every packet of a small stream arrives as it was sent, both ways, or is told as lost.

Rates are small and nothing is said about speed: what a busy machine delays is not lost, for ports and rings hold it.
"""
import json
import sys

import pytest

from tests.lab.netns import run, wait_for
from tests.lab.under_test import UnderTest

PREFIX = "g41gn"
BOUNDED = ("--rate", "500", "--count", "300", "--seconds", "20", "--drain", "10", "--ready", "60")
OPENED = ("--open-rate", "500")


def expect_all(found, side, sent=300):
    stream = found[side]
    assert (stream["sent"], stream["received"], stream["lost"]) == (sent, sent, 0), found
    assert stream["wrong"] == stream["duplicates"] == 0, found
    delay = stream["delay_us"]
    assert 0 < delay["min"] <= delay["p50"] <= delay["p99_9"] <= delay["max"]


@pytest.mark.parametrize("mode", ["6to4", "6rd", "6in4"])
def test_flows_that_the_lan_opened_carry_packets_both_ways_through_a_gateway(internet, mode):
    devices = UnderTest(internet(PREFIX), "gateway", mode)
    found = devices.generate(*BOUNDED, *OPENED, "--flows", "50", "--lan-hosts", "5", "--size", "imix")
    assert found["opened"]["answered"] == 50
    expect_all(found, "from_lan")
    expect_all(found, "from_wan")


def test_what_nobody_on_the_lan_has_opened_is_told_as_lost(internet):
    devices = UnderTest(internet(PREFIX), "gateway")
    found = devices.generate(*BOUNDED, "--mode", "wan", "--flows", "50", "--count", "40", "--drain", "2", "--order", "turn")
    gateway = devices.world.daemons["gateway"]
    assert found["from_wan"]["sent"] == 40
    # The first flow was opened by the wait for a first packet.
    assert found["from_wan"]["lost"] == gateway.drops()["filter_unsolicited"] == 39


@pytest.mark.parametrize("mode", ["6to4", "6rd"])
def test_three_hundred_sites_speak_with_native_hosts_through_a_relay(internet, mode):
    devices = UnderTest(internet(PREFIX), "relay", mode)
    found = devices.generate(*BOUNDED, "--flows", "1000", "--wan-hosts", "300")
    expect_all(found, "from_lan")
    expect_all(found, "from_wan")


def test_a_gateway_and_a_relay_back_to_back_bring_echoes_home(internet):
    devices = UnderTest(internet(PREFIX), "both")
    found = devices.generate(*BOUNDED, "--mode", "lan", "--echo", "--flows", "20")
    expect_all(found, "from_lan")
    assert "from_wan" not in found


def test_one_generator_echoes_for_another(internet):
    """Each has one port, as on two machines."""
    devices = UnderTest(internet(PREFIX), "gateway")
    lan, wan = devices.split()
    echo = devices.place.popen(*wan, "--mode", "echo", "--seconds", "60", log="echo")
    wait_for(lambda: devices.world.daemons["gateway"].status()["healthy"], "the echo answers as relay", 30)
    found = devices.generate_with(lan, *BOUNDED, "--mode", "lan", "--flows", "20")
    devices.lab.stop(echo)
    expect_all(found, "from_lan")


def test_a_device_that_is_not_there_is_told_so(internet):
    devices = UnderTest(internet(PREFIX), "gateway")
    with pytest.raises(RuntimeError, match="--wan-device right"):
        devices.generate("--wan-device", "11.0.0.9", "--ready", "2", "--lan-device-mac", "02:00:00:00:00:01")


def test_the_procedures_of_rfc8219_run_from_end_to_end(tmp_path):
    """In a lab of their own; what they find is not judged."""
    result = run(sys.executable, "-m", "perf.tester", "--lab", "both", "--quick", "--most", "300", "--json", tmp_path / "found.json",
                 "throughput", "pdv", "frame-loss", "recovery", "connection-tear-down", "--connections", "100", timeout=240)
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert list(found["results"]) == ["throughput", "pdv", "frame-loss", "recovery", "connection-tear-down"]
    assert all("rate" in trial["found"]["from_lan"] for trial in found["trials"])
    assert "mean little about the device" in result.stdout
