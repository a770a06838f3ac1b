"""`scripts/appliance/upgrade`: puts the system of a newer image beside the one of a disk, to be tried at the next start."""
import argparse
import json
import pathlib
import sys
import tempfile

from .boot import environment, put
from .fixed import run
from .layout import SECTOR

OTHER = {"a": "b", "b": "a"}


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/appliance/upgrade", description="Writes the system of IMAGE into the free slot of "
                                     "DISK, which its machine starts once; what is on its data partition stays. Both are raw, "
                                     "and no machine runs from them.")
    parser.add_argument("disk", type=pathlib.Path, metavar="DISK", help="made with --slots 2")
    parser.add_argument("image", type=pathlib.Path, metavar="IMAGE", help="gate41.raw of a newer build")
    return parser.parse_args()


def partitions(disk):
    """{role: (offset, bytes)}"""
    table = json.loads(run("/sbin/sfdisk", "--json", disk))["partitiontable"]["partitions"]
    return {p.get("name", "").removeprefix("gate41-"): (p["start"] * SECTOR, p["size"] * SECTOR) for p in table}


class Environment:
    """grubenv of a disk."""

    def __init__(self, disk):
        self.esp, self.name = f"{disk}@@{partitions(disk)['esp'][0]}", "grub/grubenv"
        text = run("mtype", "-i", self.esp, f"::/{self.name}")
        self.values = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))

    def save(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "grubenv"
            file.write_text(environment(**self.values))
            put(file, self.esp, self.name)


def system_of(image):
    """The bytes of its system partition, slot a: a builder writes no other."""
    offset, size = partitions(image)["a"]
    with open(image, "rb") as file:
        file.seek(offset)
        return file.read(size)


def upgrade(disk, image):
    """The slot that was written."""
    slots, new = partitions(disk), system_of(image)
    known = Environment(disk)
    slot = OTHER[known.values.get("current", "a")]
    if slot not in slots:
        raise RuntimeError(f"{disk} has one slot for a system; scripts/appliance/build --slots 2 makes two")
    offset, size = slots[slot]
    # The image's slot may be longer than its system.
    if len(new.rstrip(b"\0")) > size:
        raise RuntimeError(f"{image} has a system of {len(new)} bytes, the slot of {disk} takes {size}")
    with open(disk, "r+b") as file:
        file.seek(offset)
        file.write(new[:size])
    known.values["trial"] = slot
    known.save()
    return slot


def main():
    options = arguments()
    try:
        slot = upgrade(options.disk, options.image)
    except (RuntimeError, OSError, KeyError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"slot {slot} of {options.disk} starts next")
    return 0


if __name__ == "__main__":
    sys.exit(main())
