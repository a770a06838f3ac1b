"""`scripts/appliance/run`: the appliance in QEMU, its console in this terminal, the lab's Internet around it."""
import argparse
import contextlib
import os
import pathlib
import select
import shutil
import socket
import sys
import termios
import tty

from appliance.image.machines import MEMORY
from tests.lab.internet import WEB, Internet
from tests.lab.netns import LabInUse, clean_up_when_ended, temporary_folder

from . import site
from .appliance import DISKS

LEAVE = b"\x1d"  # Ctrl-]


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/appliance/run", description="Boots the appliance in QEMU, emulated, between "
                                     "an ISP and a host, and shows its serial console. Ctrl-] presses its power button.")
    parser.add_argument("--disk", type=pathlib.Path, required=True, metavar="FILE", help="another image than build-static/appliance/gate41.raw")
    parser.add_argument("--nics", type=int, choices=(1, 2), default=2, help="1: on a stick")
    parser.add_argument("--nic", default="virtio-net-pci", metavar="MODEL", help="QEMU's: e1000, e1000e, vmxnet3, virtio-net-pci")
    parser.add_argument("--machine", choices=("q35", "pc"), default="q35")
    parser.add_argument("--bus", choices=list(DISKS), default="virtio", help="of the disk")
    parser.add_argument("--firmware", choices=("bios", "uefi"), default="bios")
    parser.add_argument("--memory", type=int, default=MEMORY, metavar="MB")
    parser.add_argument("--keep", action="store_true", help="what it writes stays on the disk")
    return parser.parse_args()


@contextlib.contextmanager
def raw_terminal(descriptor):
    """Keys come one by one, if it is a terminal."""
    if not os.isatty(descriptor):
        yield
        return
    before = termios.tcgetattr(descriptor)
    try:
        tty.setraw(descriptor)
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def attend(appliance, console):
    """Until it is off."""
    keys, sources = sys.stdin.fileno(), [sys.stdin.fileno(), console]
    with raw_terminal(keys):
        while appliance.process.poll() is None:
            for source in select.select(sources, [], [], 0.5)[0]:
                data = os.read(source, 4096) if source == keys else console.recv(4096)
                if not data:
                    sources.remove(source)
                elif source is console:
                    os.write(sys.stdout.fileno(), data)
                elif LEAVE in data:
                    appliance.command("system_powerdown")
                else:
                    console.sendall(data)


def show(world, options):
    site.build_peers(world)
    here, there = socket.socketpair()
    appliance = site.plug_in(world, options.disk, options.nics, nic=options.nic, machine=options.machine, bus=options.bus,
                             firmware=options.firmware, memory=options.memory, keep=options.keep, serial=there.fileno())
    print(f"A host of its LAN: ip netns exec {world.lab.namespace('host').name} ping {WEB}\n"
          "Ctrl-] presses the power button.", flush=True)
    appliance.start()
    there.close()
    attend(appliance, here)


def main():
    options = arguments()
    clean_up_when_ended()
    folder = temporary_folder("appliance")
    try:
        with Internet(folder, "g41ap") as world:
            show(world, options)
    except KeyboardInterrupt:
        print("interrupted; cleaned up", file=sys.stderr)
    except (LabInUse, RuntimeError, TimeoutError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
