"""The Debian package, in a Debian guest: installed, it is the router between two real virtio NICs; purged, it was never there."""
import json
import os
import re
import subprocess

import pytest

from tests.lab import checks
from tests.lab import internet as net
from tests.lab.daemon import build_folder
from tests.lab.netns import wait_for
from tests.vm import site
from tests.vm.debian import Debian, DebianWithIommu

pytestmark = pytest.mark.appliance

FOLDER = build_folder().with_name(f"{build_folder().name}-release") / "package"
SLOW = 180.0  # of an emulated machine, beside others
# What apt and dpkg write down about themselves.
DIARIES = re.compile(r"/var/(log/(dpkg\.log|apt)|cache/(apt|ldconfig)|lib/(apt|dpkg))(/|$)|/etc/g(roup|shadow)-$")
CONFIGURATION = "/etc/gate41/gate41.yaml"


def package():
    return next(path for path in FOLDER.glob("gate41_*.deb"))


def dependencies(deb):
    """Their names; of alternatives the first."""
    text = subprocess.run(["dpkg-deb", "-f", deb, "Depends"], check=True, capture_output=True, text=True).stdout
    return sorted({re.match(r"[^ (|:]+", part.strip())[0] for part in text.split(",")})


class Machine:
    """A Debian without the package between the ISP and the host's link."""

    def __init__(self, world, debian=Debian):
        self.world, deb = world, package()
        site.build_peers(world)
        isp, self.host = world.lab.namespace("isp"), site.build_host(world)
        self.guest = debian(world.lab, "debian", [(isp, "w0"), (self.host, "eth0")], dependencies(deb),
                            {f"root/{deb.name}": deb}).start()
        site.connect(world, isp, self.host)
        self.before, self.drivers = self.guest.files_everywhere(), self.drivers_of_nics()
        self.groups = self.guest.run("cat", "/etc/group").stdout
        self.guest.run("apt-get", "install", "--yes", "--no-install-recommends", f"/root/{deb.name}", timeout=SLOW)

    def addresses(self):
        """Of its network cards on the PCI bus."""
        return re.findall(r"[0-9a-f:.]{12}(?=/class)", self.guest.shell("grep -l 0x0200 /sys/bus/pci/devices/*/class").stdout)

    def drivers_of_nics(self):
        """Empty: none."""
        return [os.path.basename(self.guest.run("readlink", f"/sys/bus/pci/devices/{address}/driver", check=False).stdout.strip())
                for address in self.addresses()]

    def configure(self):
        wan, lan = self.addresses()
        text = json.dumps({"role": "gateway", "ports": {"wan": {"device": wan}, "lan": {"device": lan}}, "wan": {"port": "wan"},
                           "tunnels": {"main": {"mode": "6to4", "relays": [net.RELAY]}}, "lans": {"home": {"port": "lan"}}})
        self.guest.shell(f"echo '{text}' >{CONFIGURATION}")

    def start(self):
        started = self.guest.run("systemctl", "enable", "--now", "gate41d", check=False, timeout=SLOW)
        assert started.returncode == 0, self.guest.run("journalctl", "--no-pager", "--unit=gate41*").stdout

    def wait_routed(self):
        net.wait_address(self.host, "2002:", SLOW)
        wait_for(lambda: not checks.pings_once(self.world), "the host reaches the server", SLOW)


@pytest.fixture(scope="module")
def machine(module_internet):
    return Machine(module_internet("g41pk"))


@pytest.fixture(scope="module")
def router(machine):
    machine.configure()
    machine.start()
    machine.wait_routed()
    return machine


def test_installing_it_starts_nothing(machine):
    assert machine.guest.run("systemctl", "is-enabled", "gate41d", check=False).stdout.strip() == "disabled"
    assert machine.guest.property("gate41d", "ActiveState") == "inactive"
    assert machine.drivers_of_nics() == machine.drivers


def test_what_is_shipped_names_no_cards_and_so_is_refused_once(machine):
    machine.guest.run("systemctl", "start", "gate41d", check=False)
    wait_for(lambda: machine.guest.property("gate41d", "ActiveState") == "failed", "the service has failed")
    assert machine.guest.property("gate41d", "ExecMainStatus") == "2"
    assert machine.guest.property("gate41d", "NRestarts") == "0"


def test_the_tool_completes_its_commands_in_bash(machine):
    script = "source /usr/share/bash-completion/completions/gate41; COMP_WORDS=(gate41 he); COMP_CWORD=1; _gate41; echo $COMPREPLY"
    assert machine.guest.run("bash", "-c", script).stdout.strip() == "health"


def test_its_service_is_ready_and_says_in_a_sentence_how_it_is(router):
    assert router.guest.property("gate41d", "ActiveState") == "active"
    wait_for(lambda: f"relay {net.RELAY} is alive" in router.guest.property("gate41d", "StatusText"), "its status says so", SLOW)


@pytest.mark.proves("U34")
def test_a_lan_host_uses_the_ipv6_internet_through_its_two_cards(router):
    assert all(driver in ("vfio-pci", "uio_pci_generic") for driver in router.drivers_of_nics())
    checks.pings(router.world)
    checks.fetches_file(router.world)


def test_who_is_in_its_group_may_use_the_tool_and_nobody_else(router):
    ask = ("setpriv", "--reuid=nobody", "--clear-groups")
    assert router.guest.run(*ask, "--regid=gate41", "gate41", "version", check=False).returncode == 0
    assert router.guest.run(*ask, "--regid=nogroup", "gate41", "status", check=False).returncode == 3


@pytest.mark.parametrize("signal", ["KILL", "STOP"])
def test_systemd_starts_it_again_when_it_is_killed_or_silent(router, signal):
    pid = router.guest.property("gate41d", "MainPID")
    router.guest.run("kill", f"-{signal}", pid)
    wait_for(lambda: router.guest.property("gate41d", "MainPID") not in (pid, "0"), "there is another process", SLOW)
    router.wait_routed()


def test_purged_it_leaves_nothing(router):
    router.guest.run("apt-get", "purge", "--yes", "gate41", timeout=SLOW)
    left = {path for path in router.guest.files_everywhere() - router.before if not DIARIES.match(path)}
    assert not left, sorted(left)
    assert router.guest.run("cat", "/etc/group").stdout == router.groups
    assert router.drivers_of_nics() == router.drivers


def test_behind_an_iommu_vfio_has_its_cards_and_they_wake_it(internet):
    machine = Machine(internet("g41pi"), DebianWithIommu)
    machine.configure()
    machine.start()
    machine.wait_routed()
    assert machine.drivers_of_nics() == ["vfio-pci", "vfio-pci"]
    checks.fetches_file(machine.world)
    assert machine.guest.run("gate41", "ports").stdout.count("interrupt") == 2
