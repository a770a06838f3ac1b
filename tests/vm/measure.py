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
from tests.lab import checks
from tests.lab.internet import Internet
from tests.lab.netns import clean_up_when_ended, temporary_folder, wait_for

from . import site

BOOT = 180.0
IDLE = 20.0  # seconds; the first ones after the start are not idle
MEGABYTE = 1_000_000
TICKS = os.sysconf("SC_CLK_TCK")
# Of issue and README: what a small appliance should take with the minimal kernel, in software emulation.
GOALS = {"disk": "12 MB", "memory": "48 MB", "first boot to first ping": "12 s", "boot to first ping": "8 s", "idle": "1 %", "off": "1 s"}


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/appliance/measure", description="Boots the appliance again and again, between an "
                                     "ISP and a host, emulated, and prints medians. What they mean on another machine: little.")
    parser.add_argument("--disk", type=pathlib.Path, required=True, metavar="FILE", help="another image than build-static/appliance/gate41.raw")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--memory", type=int, nargs="+", default=[MEMORY, 384, 256, 128, 64, 48], metavar="MB",
                        help="sizes to try, down to the first that fails")
    parser.add_argument("--nic", default="virtio-net-pci", metavar="MODEL")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


class Rig:
    """The lab's Internet once, appliances one after another."""

    def __init__(self, world, options, disk):
        self.world, self.options, self.disk = world, options, disk
        self.host = world.lab.namespace("host")

    def boot(self, memory, keep=False):
        """(appliance, seconds until a host's ping is answered); a TimeoutError if it never is."""
        appliance = site.plug_in(self.world, self.disk, memory=memory, nic=self.options.nic, keep=keep)
        begin = time.monotonic()
        try:
            appliance.start()
            wait_for(lambda: appliance.process.poll() is not None or not checks.pings_once(self.world), "a ping", BOOT)
        except TimeoutError:
            self.unplug(appliance)
            raise
        return appliance, time.monotonic() - begin

    def unplug(self, appliance):
        appliance.stop()
        self.world.lab.stop(self.world.dhcp.pop("w0").process)


def processor_share(appliance, seconds):
    """Of one processor of this machine, in percent, while nothing is asked of it."""
    def used():
        fields = pathlib.Path(f"/proc/{appliance.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS  # utime, stime (proc(5))
    time.sleep(seconds / 2)
    before, begin = used(), time.monotonic()
    time.sleep(seconds)
    return 100 * (used() - before) / (time.monotonic() - begin)


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
    result = {what: (statistics.median(values), values) for what, values in starts(rig, options.runs).items()}
    shutil.copyfile(options.disk, disk)
    return {"disk": disk.stat().st_size, "memory": least_memory(rig), **result}


def rows(result):
    """(what, measured, goal)"""
    least, failed = result["memory"]
    yield "disk", f"{result['disk'] / MEGABYTE:.1f} MB"
    yield "memory", f"{least} MB" + (f" ({failed} MB fails)" if failed else " (less was not tried)")
    for what, unit in (("first boot to first ping", "s"), ("boot to first ping", "s"), ("idle", "%"), ("off", "s")):
        median, values = result[what]
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
