"""The appliance as it is shipped: its disk boots in QEMU, and the host of a link without IPv6 uses it."""
import pytest

from appliance.image.disk import Disk
from appliance.image.fixed import run
from appliance.image.layout import MIB
from appliance.image.system import BUNDLE, squash
from appliance.image.upgrade import Environment, system_of, upgrade
from tests.lab import checks
from tests.lab import internet as net
from tests.lab.daemon import build_folder
from tests.lab.netns import wait_for
from tests.lab.peers import start_helper
from tests.vm import site
from tests.vm.console import Console

from .broker import NAME, Authority, UpdatePage

pytestmark = pytest.mark.appliance

FOLDER = build_folder().with_name(f"{build_folder().name}-static") / "appliance"
BOOT = 180.0  # of which an idle machine needs a tenth
TRIAL = 180.0  # appliance/init/supervisor.hpp


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


# Half a minute too, so that its first digits are what they are: the guest's clock starts anywhere within a second.
YEAR = 365 * 86400 + 30


def start_at_console(world, disk, **options):
    """(appliance, its console)"""
    console = Console()
    appliance = site.plug_in(world, disk, serial=console.far_end.fileno(), **options).start()
    console.far_end.close()
    return appliance, console


def booted_at_console(internet):
    """The image as it is, beside an ISP: (appliance, its console), which shows its keys."""
    world = internet("g41ap")
    world.build_isp()
    appliance, console = start_at_console(world, FOLDER / "gate41.raw")
    console.wait("p power off", BOOT)
    return appliance, console


@pytest.mark.long
def test_its_clock_is_set_by_the_time_server_that_dhcp_names(internet):
    world = internet("g41ap", dhcp_options=("42,11.0.0.1",))
    isp = world.build_isp()
    appliance, console = start_at_console(world, FOLDER / "gate41.raw")
    start_helper(isp, "time_server.py", "11.0.0.1", 123, YEAR, log="time", port=123, udp=True)
    console.wait("the clock was set by 11.0.0.1 (stratum 1)", BOOT)
    console.type("l")
    console.wait(f"clock: moved by +{YEAR // 100}", 10)
    appliance.press_power_button()


def press_visibly(appliance, key):
    """What the screen's last row shows then: another text than before."""
    before = appliance.bottom_row()
    appliance.press(key)
    wait_for(lambda: appliance.bottom_row() != before, f"the screen shows that {key} was pressed", 30)
    return appliance.bottom_row()


def choose(console, label, *answers):
    """In the set-up, from the console's key on until it is saved."""
    console.ask("s", "A number changes a value")
    number = console.look().rpartition(f"  {label}  ")[0].rpartition("\n")[2].strip()
    for line in (number, *answers):
        console.ask(f"{line}\n", "> ")
    console.ask("s\n", "Save this?")
    console.ask("y\n", "Saved.")


# A German Y is where an American Z is, and the question is answered by it.
@pytest.mark.long
@pytest.mark.proves("S75")
def test_its_keyboard_has_the_keymap_that_the_set_up_gave_it(internet):
    appliance, console = booted_at_console(internet)
    choose(console, "keymap", "de")
    keys = appliance.bottom_row()
    press_visibly(appliance, "p")
    assert press_visibly(appliance, "y") == keys  # no
    press_visibly(appliance, "p")
    appliance.press("z")
    wait_for(lambda: appliance.process.poll() is not None, "the appliance is off", 30)


@pytest.mark.long
@pytest.mark.proves("S74")
def test_its_console_asks_for_the_password_that_the_set_up_gave_it(internet):
    appliance, console = booted_at_console(internet)
    choose(console, "console's password", "a secret word", "a secret word")
    assert "secret" not in console.shown
    console.ask("q\n", "p power off")
    console.ask("p", "password: ")
    console.ask("a secret work\n", "wrong password")
    console.wait("p power off", 30)
    console.ask("p", "password: ")
    console.ask("a secret word\n", "power the machine off?")
    console.type("y")
    wait_for(lambda: appliance.process.poll() is not None, "the appliance is off", 30)


ASKS_BY_HTTPS = {"role": "gateway", "ports": "auto", "tunnels": {"main": {"mode": "6to4", "relays": [net.RELAY]}}, "lans": {"home": {"port": "lan"}},
                 "wan": {"port": "wan", "external_address": {"from": ["http"], "http": {"urls": [f"https://{NAME}/?hostname=me"], "agree": 1}}}}


def changed_system(folder, change):
    """The image's system in another disk, once change(its root) is done."""
    (folder / "system").write_bytes(system_of(FOLDER / "gate41.raw"))
    run("unsquashfs", "-q", "-n", "-d", folder / "root", folder / "system")
    change(folder / "root")
    return Disk(squash(folder / "root", folder / "changed")).write(folder / "changed.raw", folder)


@pytest.mark.long
def test_it_asks_by_https_whom_an_authority_of_its_bundle_has_signed(internet, tmp_path):
    authority = Authority(tmp_path, "authority")

    def trust_it(root):
        with open(root / BUNDLE, "a") as bundle:
            bundle.write(authority.certificate.read_text())

    world = internet("g41ap")
    isp = world.build_isp()
    appliance = site.plug_in(world, changed_system(tmp_path, trust_it), configuration=ASKS_BY_HTTPS, names=[(NAME, "11.0.0.1")])
    page = UpdatePage(isp, "11.0.0.1", authority.sign(NAME), {"me": "11.0.0.99\n"})
    appliance.start()
    wait_for(lambda: page.requests, "the page is asked, which is after its certificate was looked at", BOOT)
    # There is no relay: hosts reach other sites, and are led nowhere else.
    host = world.lab.namespace("host")
    net.wait_address(host, "2002:b00:63:", BOOT)
    assert not net.default_router(host)
    appliance.press_power_button()
    page.close()


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


def upgraded(folder, lacks=None):
    """A disk that runs the image's system, and has the same one beside it to try; or one that lacks this file."""
    disk = Disk(system_of(FOLDER / "gate41.raw"), slots=2, size=40 * MIB).write(folder / "disk.raw", folder)
    newer = changed_system(folder, lambda root: (root / lacks).unlink()) if lacks else FOLDER / "gate41.raw"
    assert upgrade(disk, newer) == "b"
    return disk


@pytest.mark.long
def test_an_upgraded_system_that_comes_up_is_the_one_to_start_from_then_on(internet, tmp_path):
    disk = upgraded(tmp_path)
    world = internet("g41ap")
    site.build_peers(world)
    appliance = site.plug_in(world, disk, keep=True).start()
    net.wait_address(world.lab.namespace("host"), "2002:", BOOT)
    appliance.press_power_button()
    assert Environment(disk).values == {"current": "b", "trial": ""}


# A kernel that panics, and a supervisor that waits in vain.
@pytest.mark.long
@pytest.mark.parametrize("lacks", ["sbin/init", "usr/bin/gate41d"])
def test_an_upgraded_system_that_does_not_come_up_leaves_its_place_to_the_old_one_by_itself(internet, tmp_path, lacks):
    disk = upgraded(tmp_path, lacks)
    world = internet("g41ap")
    site.build_peers(world)
    appliance = site.plug_in(world, disk, keep=True).start()
    net.wait_address(world.lab.namespace("host"), "2002:", 2 * BOOT + TRIAL)
    appliance.press_power_button()
    assert Environment(disk).values == {"current": "a", "trial": ""}


# As they come from a hypervisor.
@pytest.mark.long
@pytest.mark.parametrize("nic", ["virtio-net-pci", "vmxnet3", "e1000", "e1000e"])
def test_its_worker_sleeps_until_a_nic_interrupts(internet, nic):
    world = internet("g41ap")
    site.build_peers(world)
    appliance, console = start_at_console(world, FOLDER / "gate41.raw", nic=nic)
    net.wait_address(world.lab.namespace("host"), "2002:", BOOT)
    console.type("l")
    console.wait("when idle: interrupt", 10)
    wait_for(lambda: not checks.pings_once(world), "the host reaches the server", 30)
    checks.pings(world)
    checks.fetches_file(world)
    console.ask("d", "q back")
    assert "interrupts" not in console.shown  # that they come for nothing, or not at all
    appliance.press_power_button()


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


# By the small memory profile and by the other one.
@pytest.mark.long
@pytest.mark.parametrize("memory", [64, 512])
def test_it_has_room_for_the_packets_of_many_processors(internet, memory):
    routes_on(internet, FOLDER, {"bios": memory}, "raw", processors=4)


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
IOMMU = ("intel-iommu,intremap=on",)
DEBIANS = [
    {"machine": "q35", "bus": "sata", "nic": "e1000", "firmware": "uefi", "form": "vmdk"},
    {"machine": "pc", "bus": "virtio", "nic": "vmxnet3", "nics": 1, "form": "qcow2"},
    {"machine": "q35", "bus": "nvme", "nic": "e1000e", "form": "raw"},
    {"machine": "q35", "bus": "virtio", "nic": "virtio-net-pci", "firmware": "uefi", "form": "qcow2"},
    {"machine": "q35", "bus": "sata", "nic": "e1000e", "form": "raw", "devices": IOMMU},  # most machines of today
    {"machine": "q35", "bus": "virtio", "nic": "virtio-net-pci,disable-legacy=on,iommu_platform=on", "form": "vmdk", "devices": IOMMU},
]
# MB. GRUB takes a quarter of what UEFI leaves; the root of Debian's is in memory.
MINIMAL_MEMORY = {"bios": 64, "uefi": 128}
DEBIAN_MEMORY = {"bios": 160, "uefi": 384}


def routes_on(internet, folder, memory, form, firmware="bios", **options):
    world = internet("g41ap")
    site.build_peers(world)
    appliance = site.plug_in(world, folder / f"gate41.{form}", memory=memory[firmware], firmware=firmware, **options).start()
    net.wait_address(world.lab.namespace("host"), "2002:", BOOT)
    wait_for(lambda: not checks.pings_once(world), "the host reaches the server", 30)
    appliance.press_power_button()


def named(options):
    return "-".join(",".join(value) if isinstance(value, tuple) else str(value) for value in options.values())


@pytest.mark.long
@pytest.mark.proves("S6")
@pytest.mark.parametrize("options", MACHINES, ids=named)
def test_it_routes_on_machines_of_every_kind(internet, options):
    routes_on(internet, FOLDER, MINIMAL_MEMORY, **options)


@pytest.mark.long
@pytest.mark.parametrize("options", DEBIANS, ids=named)
def test_with_the_kernel_of_debian_too(internet, options):
    routes_on(internet, FOLDER / "debian", DEBIAN_MEMORY, **options)


@pytest.mark.long
def test_with_the_kernel_of_debian_it_has_usb_keyboards(internet):
    world = internet("g41ap")
    world.build_isp()
    appliance, console = start_at_console(world, FOLDER / "debian" / "gate41.raw", memory=DEBIAN_MEMORY["bios"],
                                          machine="q35,i8042=off", devices=("qemu-xhci", "usb-kbd"))
    console.wait("p power off", BOOT)
    press_visibly(appliance, "p")
    appliance.press("y")
    wait_for(lambda: appliance.process.poll() is not None, "the appliance is off", 30)
