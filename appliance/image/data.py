"""The writable partition: empty; what the appliance keeps comes there when it runs."""
from .fixed import identifier, run
from .layout import KIB, LABEL, MIB

# mke2fs refuses what is no more than twice the journal.
SIZE = 2 * MIB + 64 * KIB
BLOCK = 1024  # the smallest there is: a journal has at least 1024


def data(folder, size):
    """An ext4's bytes."""
    image, name = folder / "data", identifier("data").lower()
    image.write_bytes(bytes(size))
    run("/sbin/mke2fs", "-q", "-t", "ext4", "-b", BLOCK, "-L", LABEL, "-U", name, "-J", "size=1", "-N", 256, "-m", 0,
        "-O", "^resize_inode", "-E", f"hash_seed={name},lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0", image)
    return image.read_bytes()
