"""The plug is pulled at any write: the appliance finds the old state or the new one, and routes.

A run in which leases change is recorded write by write; what the disk may hold at some moment of it is made again and looked
at: the file system mends itself by its journal alone, and each file is as it was at that moment or at the last flush before.
"""
import random

import pytest

from appliance.image.upgrade import partitions
from tests.lab import checks
from tests.lab import internet as net
from tests.lab.internet import Internet
from tests.lab.netns import wait_for
from tests.vm import site
from tests.vm.power_cuts import Cuts, moments, read_log, texts

from .test_appliance import BOOT, FOLDER

pytestmark = pytest.mark.appliance

QUICK_RENEWAL = ("58,3", "59,3500")
POOLS = [(f"11.0.0.{first}", f"11.0.0.{first + 9}") for first in (40, 60, 80)]
STATES = 200
BOOTS = 5
KEPT = {"duid", "lease", "prefixes"}


def change_leases(world):
    """What the appliance writes: at each renewal, and more with each new address."""
    host = world.lab.namespace("host")
    net.wait_address(host, "2002:", BOOT)
    for pool in POOLS:
        world.dhcp["w0"].restart(pool=pool)
        first, last = (int(address.rpartition(".")[2]) for address in pool)
        prefixes = [f"2002:b00:{number:x}:1:" for number in range(first, last + 1)]
        wait_for(lambda p=prefixes: any(a.startswith(tuple(p)) for a, _ in net.global_addresses(host)), f"a prefix of {pool}", 60)


@pytest.fixture(scope="module")
def cuts(tmp_path_factory):
    """Of a new disk's first run."""
    folder = tmp_path_factory.mktemp("cuts")
    disk, log = folder / "disk.raw", folder / "writes"
    disk.write_bytes((FOLDER / "gate41.raw").read_bytes())
    before = disk.read_bytes()
    with Internet(folder / "lab", "g41ap", dhcp_options=QUICK_RENEWAL) as world:
        site.build_peers(world)
        appliance = site.plug_in(world, disk, writes=log).start()
        change_leases(world)
        appliance.press_power_button()
        appliance.stop()
    return Cuts(before, read_log(log))


def data_of(disk, place):
    offset, size = place
    return texts(disk[offset:offset + size])


@pytest.fixture(scope="module")
def place():
    return partitions(FOLDER / "gate41.raw")["data"]


def test_the_run_has_written_and_flushed_a_lot(cuts, place):
    assert len(cuts.log) > STATES / 2
    assert KEPT <= data_of(cuts.at(len(cuts.log)), place).keys()


def test_only_the_data_partition_is_written(cuts, place):
    offset, size = place
    assert all(offset <= write.offset and write.offset + len(write.data) <= offset + size for write in cuts.log if write.data)


@pytest.mark.proves("S21")
def test_whatever_is_lost_after_the_last_flush_each_file_is_old_or_new(cuts, place):
    chance = random.Random(41)
    history = {}  # of moments

    def known(moment):
        if moment not in history:
            history[moment] = data_of(cuts.at(moment), place)
        return history[moment]

    for moment in moments(cuts, STATES):
        found = data_of(cuts.torn(moment, chance), place)
        between = [known(n) for n in range(cuts.last_flush(moment), moment + 1)]
        for name in KEPT:
            assert found.get(name) in [state.get(name) for state in between], f"{name} after {moment} writes"


@pytest.mark.proves("S21")
@pytest.mark.parametrize("number", range(BOOTS))
def test_it_boots_and_routes_from_what_is_left(cuts, internet, tmp_path, number):
    moment = moments(cuts, BOOTS)[number]
    disk = tmp_path / "disk.raw"
    disk.write_bytes(cuts.torn(moment, random.Random(number)))
    world = internet("g41ap")
    site.build_peers(world)
    site.plug_in(world, disk).start()
    net.wait_address(world.lab.namespace("host"), "2002:", BOOT)
    wait_for(lambda: not checks.pings_once(world), "the host reaches the server", 30)
