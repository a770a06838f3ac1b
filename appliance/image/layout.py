"""The disk's partitions: GPT, each number a role that never changes.

    1 bios     GRUB for BIOS, which has no file system to be read from yet
    2 esp      GRUB for UEFI, and for both: grub.cfg, and grubenv, which says which system starts
    3 a        a system: squashfs, read-only
    4 b        the other one, written by an upgrade; only with two slots
    5 data     ext4: configuration, lease, secrets

Sizes are in bytes, positions in sectors of 512 bytes.
"""
import dataclasses

from .fixed import identifier, run

SECTOR = 512
KIB, MIB = 1024, 1024 * 1024
# Of flash and of disks with large sectors.
ALIGNMENT = 4 * KIB
# QCOW2 and VMDK count disks in these.
GRANULE = 64 * KIB
# What the table needs in front and at the end.
TABLE = 34 * SECTOR
LABEL = "gate41-data"
TYPES = {"bios": "21686148-6449-6E6F-744E-656564454649", "esp": "C12A7328-F81F-11D2-BA4B-00A0C93EC93B",
         "a": "0FC63DAF-8483-4772-8E79-3D69D8477DE4", "b": "0FC63DAF-8483-4772-8E79-3D69D8477DE4",
         "data": "0FC63DAF-8483-4772-8E79-3D69D8477DE4"}
NUMBERS = {role: number for number, role in enumerate(TYPES, 1)}


@dataclasses.dataclass(frozen=True)
class Partition:
    role: str
    start: int  # sector
    size: int  # bytes

    @property
    def offset(self):
        return self.start * SECTOR


def round_up(value, unit):
    return -(-value // unit) * unit


def place(sizes):
    """({role: Partition}, bytes of the disk) for {role: bytes}, in the order of the roles."""
    position, partitions = round_up(TABLE, ALIGNMENT), {}
    for role in (role for role in TYPES if role in sizes):
        size = round_up(sizes[role], ALIGNMENT)
        partitions[role] = Partition(role, position // SECTOR, size)
        position += size
    return partitions, round_up(position + TABLE, GRANULE)


def fill(partitions, size):
    """The same, the last one as long as the disk lets it be."""
    last = max(partitions.values(), key=lambda partition: partition.start)
    room = (size - TABLE - last.offset) // ALIGNMENT * ALIGNMENT
    return {**partitions, last.role: dataclasses.replace(last, size=room)}


def write_table(path, partitions):
    lines = ["label: gpt", f"label-id: {identifier('disk')}", "first-lba: 34"]
    lines += [f"{NUMBERS[p.role]} : start={p.start}, size={p.size // SECTOR}, type={TYPES[p.role]}, "
              f"uuid={identifier(p.role)}, name=gate41-{p.role}" for p in partitions.values()]
    run("/sbin/sfdisk", "--quiet", "--no-reread", "--no-tell-kernel", path, input="\n".join(lines) + "\n")
