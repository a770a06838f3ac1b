"""The appliance as it is shipped: its disk boots in QEMU, and the host of a link without IPv6 uses it."""
import pytest

from appliance.image.disk import Disk
from appliance.image.upgrade import Environment, system_of
from tests.lab import checks
from tests.lab import internet as net
from tests.lab.daemon import build_folder
from tests.lab.netns import wait_for
from tests.vm import site

pytestmark = pytest.mark.appliance

FOLDER = build_folder().with_name(f"{build_folder().name}-static") / "appliance"
BOOT = 180.0  # of which an idle machine needs a tenth


@pytest.mark.proves("S5", "S20", "S32")
def test_a_lan_host_uses_the_ipv6_internet_through_it_and_the_power_button_ends_it(internet):
    world = internet("g41ap")
    site.build_peers(world)
    appliance = site.plug_in(world, FOLDER / "gate41.raw").start()
    host = world.lab.namespace("host")
    net.wait_address(host, "2002:", BOOT)
    wait_for(lambda: not checks.pings_once(world), "the host reaches the server", 30)
    checks.pings(world)
    checks.fetches_file(world)
    appliance.press_power_button()
    wait_for(lambda: not net.default_router(host), "the host has no default router any more")


@pytest.mark.long
def test_a_system_on_trial_that_cannot_be_loaded_leaves_its_place_to_the_old_one(internet, tmp_path):
    disk = Disk(system_of(FOLDER / "gate41.raw"), slots=2).write(tmp_path / "disk.raw", tmp_path)
    known = Environment(disk)
    known.values["trial"] = "b"  # where nothing was ever written
    known.save()
    world = internet("g41ap")
    site.build_peers(world)
    site.plug_in(world, disk, keep=True).start()
    net.wait_address(world.lab.namespace("host"), "2002:", BOOT)
    assert Environment(disk).values["trial"] == ""


ON_A_STICK = {"role": "gateway", "ports": {"wan": {"device": "0000:00:03.0"}}, "wan": {"port": "wan"},
              "tunnels": {"main": {"mode": "6to4", "relays": [net.RELAY]}}, "lans": {"home": {"port": "wan"}}}


@pytest.mark.long
@pytest.mark.proves("S49")
def test_with_one_nic_it_is_a_router_on_a_stick_as_the_hypervisor_hands_it_over(internet):
    world = internet("g41ap")
    site.build_peers(world)
    appliance = site.plug_in(world, FOLDER / "gate41.raw", nics=1, configuration=ON_A_STICK).start()
    net.wait_address(world.lab.namespace("host"), "2002:", BOOT)
    wait_for(lambda: not checks.pings_once(world), "the host reaches the server", 30)
    appliance.press_power_button()


# Every value of each column, and most pairs, as hypervisors combine them.
MACHINES = [
    {"machine": "pc", "bus": "ide", "nic": "e1000", "form": "vmdk"},  # VirtualBox, as the OVA says
    {"machine": "q35", "bus": "pvscsi", "nic": "vmxnet3", "form": "vmdk"},  # ESXi
    {"machine": "q35", "bus": "sata", "nic": "e1000e", "firmware": "uefi", "form": "raw"},
    {"machine": "q35", "bus": "nvme", "nic": "virtio-net-pci", "firmware": "uefi", "form": "qcow2"},
    {"machine": "pc", "bus": "virtio", "nic": "virtio-net-pci,disable-modern=on", "form": "qcow2"},
    {"machine": "q35", "bus": "virtio", "nic": "virtio-net-pci,disable-legacy=on", "firmware": "uefi", "form": "vmdk"},
    {"machine": "pc", "bus": "sata", "nic": "vmxnet3", "form": "raw"},
]


@pytest.mark.long
@pytest.mark.proves("S6")
@pytest.mark.parametrize("options", MACHINES, ids=lambda options: "-".join(options.values()))
def test_it_routes_on_machines_of_every_kind(internet, options):
    options = dict(options)
    world = internet("g41ap")
    site.build_peers(world)
    appliance = site.plug_in(world, FOLDER / f"gate41.{options.pop('form')}", **options).start()
    net.wait_address(world.lab.namespace("host"), "2002:", BOOT)
    wait_for(lambda: not checks.pings_once(world), "the host reaches the server", 30)
    appliance.press_power_button()
