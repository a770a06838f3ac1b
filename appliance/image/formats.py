"""The disk as hypervisors want it."""
import re

from .fixed import run
from .layout import SECTOR

# Of VMDK's header (VMware Virtual Disk Format 1.1): 3 is what a stream-optimised one has.
VERSION_AT, STREAM_VERSION = 4, 3
DESCRIPTOR = slice(SECTOR, 21 * SECTOR)  # a text, then zeros
CONTENT_ID = re.compile(rb"(?<=\nCID=)[0-9a-f]+")


def qcow2(raw, path):
    convert(raw, path, "qcow2", "-c", "-o", "cluster_size=65536")


def stream_vmdk(raw, path):
    """Compressed, to be read from front to end: what an OVA and ESXi take in."""
    convert(raw, path, "vmdk", "-o", "subformat=streamOptimized,adapter_type=ide")
    content = with_content_id(path.read_bytes())
    content[VERSION_AT] = STREAM_VERSION
    path.write_bytes(content)


def sparse_vmdk(raw, path):
    """To be written to: what VMware Player and Workstation run from."""
    convert(raw, path, "vmdk", "-o", "subformat=monolithicSparse,adapter_type=ide")
    path.write_bytes(with_content_id(path.read_bytes()))


def convert(raw, path, kind, *options):
    run("qemu-img", "convert", "-f", "raw", "-O", kind, *options, raw, path)


def with_content_id(content):
    """qemu-img takes one by chance, without zeros in front, and another when it writes; of a longer one before, what the
    text's end was stays behind it."""
    content = bytearray(content)
    text, found = CONTENT_ID.subn(b"67617465", bytes(content[DESCRIPTOR]).partition(b"\0")[0])
    if found != 1:
        raise RuntimeError("qemu-img wrote no content identifier where it was looked for")
    content[DESCRIPTOR] = text.ljust(DESCRIPTOR.stop - DESCRIPTOR.start, b"\0")
    return content
