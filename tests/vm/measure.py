"""`scripts/appliance/measure`: what the appliance takes, and how fast it is, beside its goals. It judges nothing."""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import sys
import time

from appliance.image.machines import MEMORY
from appliance.kernel.minimal import minimal_kernel
from tests.lab import internet as net
from tests.lab.internet import Internet
from tests.lab.netns import clean_up_when_ended, temporary_folder, wait_for

from . import site

BOOT = 180.0
# Seconds: two of the consoles' pauses; before that they paint every second, as somebody may look (gate41 console).
IDLE, UNWATCHED = 60.0, 75.0
MEGABYTE = 1_000_000
TICKS = os.sysconf("SC_CLK_TCK")
# Of issue and README: what a small appliance should take with the minimal kernel, in software emulation.
GOALS = {"disk": "12 MB", "memory": "48 MB", "kernel to first frame": "2.5 s", "disk to first frame": "4 s", "first boot to first ping": "12 s",
         "boot to first ping": "8 s", "idle": "1 %", "off": "1 s"}
UNITS = {"idle": "%"}  # of the others: seconds
# Nothing is asked for, so that what counts is how soon it forwards: an address, ports by name.
NAMED = {"role": "gateway", "ports": {"wan": {"device": "0000:00:03.0"}, "lan": {"device": "0000:00:04.0"}},
         "wan": {"port": "wan", "ipv4": {"address": "11.0.0.99/24", "gateway": "11.0.0.1"}},
         "tunnels": {"main": {"mode": "6to4", "relays": [net.RELAY]}}, "lans": {"home": {"port": "lan"}}}
# QEMU's of the second NIC, and its link-local address.
ROUTER_MAC, ROUTER = "52:54:00:12:34:57", "fe80::5054:ff:fe12:3457"


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/appliance/measure", description="Boots the appliance again and again, between an "
                                     "ISP and a host, emulated, and prints medians. What they mean on another machine: little.")
    parser.add_argument("--disk", type=pathlib.Path, required=True, metavar="FILE", help="another image than build-static/appliance/gate41.raw")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--memory", type=int, nargs="+", default=[MEMORY, 384, 256, 128, 64, 48], metavar="MB",
                        help="sizes to try, down to the first that fails")
    parser.add_argument("--nic", default="virtio-net-pci", metavar="MODEL")
    parser.add_argument("--debian", action="store_true", help="FILE has Debian's kernel")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


class Rig:
    """The lab's Internet once, appliances one after another."""

    def __init__(self, world, options, disk):
        self.world, self.options, self.disk = world, options, disk
        # With Debian's the root is an archive beside it, which GRUB alone knows.
        self.kernel = None if options.debian else minimal_kernel()
        self.host = world.lab.namespace("host")

    def boot(self, memory, prepare=lambda host: None, **options):
        """(appliance, seconds until a host's ping is answered); a TimeoutError if it never is."""
        appliance = site.plug_in(self.world, self.disk, memory=memory, nic=self.options.nic, **options)
        prepare(self.host)
        begin = time.monotonic()
        try:
            appliance.start()
            wait_for(lambda: appliance.process.poll() is not None or self.pings(), "a ping", BOOT, every=0.01)
        except TimeoutError:
            self.unplug(appliance)
            raise
        seconds = time.monotonic() - begin
        print(f"with {memory} MB a ping after {seconds:.1f} s", file=sys.stderr)
        return appliance, seconds

    def pings(self):
        return self.host.run("ping", "-6", "-n", "-c", "1", "-W", "0.1", self.world.web, check=False).returncode == 0

    def unplug(self, appliance):
        appliance.stop()
        self.world.lab.stop(self.world.dhcp.pop("w0").process)


def processor_share(appliance, seconds):
    """Of one processor of this machine, in percent, while nothing is asked of it."""
    def used():
        fields = pathlib.Path(f"/proc/{appliance.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS  # utime, stime (proc(5))
    time.sleep(UNWATCHED)
    before, begin = used(), time.monotonic()
    time.sleep(seconds)
    return 100 * (used() - before) / (time.monotonic() - begin)


def know_everything(host):
    """The host has its address and its router's before the appliance starts."""
    host.sysctl(net__ipv6__conf__eth0__accept_ra=0)
    host.ip("addr", "add", f"{net.six_to_four('11.0.0.99', 1, 0x41)}/64", "dev", "eth0", "nodad")
    host.ip("neigh", "replace", ROUTER, "lladdr", ROUTER_MAC, "dev", "eth0", "nud", "permanent")
    host.ip("route", "replace", "default", "via", ROUTER, "dev", "eth0")


def first_frames(rig, runs):
    """{what: [seconds]}: until a frame comes back from the other side of the tunnel."""
    found = {"kernel to first frame": [], "disk to first frame": []}
    for _ in range(runs):
        for what, kernel in (("kernel to first frame", rig.kernel), ("disk to first frame", None)):
            if what == "kernel to first frame" and not kernel:
                continue
            appliance, seconds = rig.boot(rig.options.memory[0], know_everything, configuration=NAMED, kernel=kernel)
            found[what].append(seconds)
            rig.unplug(appliance)
    return {what: seconds for what, seconds in found.items() if seconds}


def starts(rig, runs):
    """{what: [seconds]}: a disk that is new, then one with a lease; the idle share; the end."""
    found = {"first boot to first ping": [], "boot to first ping": [], "idle": [], "off": []}
    fresh = rig.disk.read_bytes()
    for _ in range(runs):
        rig.disk.write_bytes(fresh)
        for what in ("first boot to first ping", "boot to first ping"):
            appliance, seconds = rig.boot(rig.options.memory[0], keep=True)
            found[what].append(seconds)
            if what == "boot to first ping":
                found["idle"].append(processor_share(appliance, IDLE))
            found["off"].append(appliance.press_power_button())
            rig.unplug(appliance)
    return found


def least_memory(rig):
    """MB, and the one that failed."""
    least = None
    for memory in rig.options.memory:
        try:
            appliance, _ = rig.boot(memory)
        except TimeoutError:
            return least, memory
        rig.unplug(appliance)
        least = memory
    return least, None


def measure(world, options, folder):
    disk = folder / "disk.raw"
    shutil.copyfile(options.disk, disk)
    site.build_peers(world)
    rig = Rig(world, options, disk)
    found = {**starts(rig, options.runs), **first_frames(rig, options.runs)}
    result = {what: (statistics.median(values), values) for what, values in found.items()}
    shutil.copyfile(options.disk, disk)
    return {"disk": disk.stat().st_size, "memory": least_memory(rig), **result}


def rows(result):
    """(what, measured, goal)"""
    least, failed = result["memory"]
    yield "disk", f"{result['disk'] / MEGABYTE:.1f} MB"
    yield "memory", f"{least} MB" + (f" ({failed} MB fails)" if failed else " (less was not tried)")
    for what in (what for what in GOALS if what in result and what not in ("disk", "memory")):
        (median, values), unit = result[what], UNITS.get(what, "s")
        yield what, f"{median:.1f} {unit} ({min(values):.1f} to {max(values):.1f})"


def main():
    options = arguments()
    clean_up_when_ended()
    folder = temporary_folder("appliance")
    try:
        with Internet(folder, "g41ap") as world:
            result = measure(world, options, folder)
    except (RuntimeError, TimeoutError, KeyboardInterrupt) as error:
        print(f"not measured: {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for what, measured in rows(result):
        print(f"{what:26} {measured:28} goal {GOALS[what]}")
    if options.json:
        print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
