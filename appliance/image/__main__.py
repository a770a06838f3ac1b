"""`scripts/appliance/build`: the appliance's disk in every form."""
import argparse
import pathlib
import re
import sys
import tempfile

from appliance.kernel.debian import EVERY, debian_kernel
from appliance.kernel.minimal import minimal_kernel

from . import formats, machines, modular, system
from .disk import Disk
from .keymaps import keymaps

CONFIGURATION = system.ROOT / "appliance/config/gate41.yaml"
# What makes the system's partition, by the kernel.
SYSTEMS = {"minimal": lambda folder, files: system.system(folder, minimal_kernel(), {**files, **keymaps()}),
           "debian": lambda folder, files: modular.system(folder, debian_kernel(EVERY), {**files, **keymaps()})}
VERSION = re.compile(r"version: '([^']+)'")


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/appliance/build", description="Makes the appliance: gate41.raw, .qcow2, "
                                     ".vmdk, .ova, a folder for VMware Player, a libvirt domain. The same inputs make the same bytes.")
    parser.add_argument("--programs", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--config", type=pathlib.Path, default=CONFIGURATION, metavar="FILE",
                        help="the configuration of the first boot (appliance/config/gate41.yaml)")
    parser.add_argument("--kernel", choices=list(SYSTEMS), default="minimal",
                        help="debian: with drivers for nearly every machine, half as large again; into the folder `debian`")
    parser.add_argument("--slots", type=int, choices=(1, 2), default=1, help="2: with room for an upgrade beside the system")
    parser.add_argument("--size", type=int, default=0, metavar="MB", help="of the disk; the data partition gets what is left")
    parser.add_argument("--raw-only", action="store_true", help="gate41.raw alone")
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("build-static/appliance"), metavar="FOLDER",
                        help="where they are put (build-static/appliance)")
    return parser.parse_args()


def version():
    return VERSION.search((system.ROOT / "meson.build").read_text())[1]


def make_raw(options, make_system):
    """gate41.raw; make_system(folder, {path: file}) is the system's partition."""
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        root = make_system(scratch, system.contents(options.programs, options.config))
        return Disk(root, options.slots, options.size * 1024 * 1024).write(options.folder / "gate41.raw", scratch)


def make_others(raw):
    folder = raw.parent
    formats.qcow2(raw, folder / "gate41.qcow2")
    formats.stream_vmdk(raw, folder / "gate41.vmdk")
    descriptor = folder / "gate41.ovf"
    descriptor.write_text(machines.ovf(folder / "gate41.vmdk", raw.stat().st_size, version()))
    machines.ova(folder / "gate41.ova", descriptor, folder / "gate41.vmdk")
    (folder / "gate41.xml").write_text(machines.filled("gate41.xml", QCOW2="gate41.qcow2"))
    player = folder / "vmware"
    player.mkdir(exist_ok=True)
    formats.sparse_vmdk(raw, player / "gate41.vmdk")
    (player / "gate41.vmx").write_text(machines.filled("gate41.vmx", VMDK="gate41.vmdk"))


def main():
    options = arguments()
    if options.kernel != "minimal":
        options.folder /= options.kernel
    try:
        options.folder.mkdir(parents=True, exist_ok=True)
        raw = make_raw(options, SYSTEMS[options.kernel])
        if not options.raw_only:
            make_others(raw)
    except (RuntimeError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for path in sorted((*options.folder.glob("gate41.*"), *options.folder.glob("vmware/*"))):
        print(f"{path.stat().st_size:10d}  {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
