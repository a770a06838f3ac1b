"""Descriptions of the machine for hypervisors: templates, with what differs put in."""
import hashlib
import pathlib
import re
import tarfile

from .fixed import TIME

TEMPLATES = pathlib.Path(__file__).resolve().parents[1] / "templates"
MEMORY = 64  # MB
MARK = re.compile(r"@(\w+)@")


def filled(template, **values):
    """A template's text; a mark without a value is a KeyError."""
    given = {"MEMORY": MEMORY, **values}
    return MARK.sub(lambda match: str(given[match[1]]), (TEMPLATES / template).read_text())


def ovf(vmdk, capacity, version):
    """For an OVA; `capacity` in bytes."""
    return filled("gate41.ovf", VMDK=vmdk.name, VMDK_SIZE=vmdk.stat().st_size, CAPACITY=capacity, VERSION=version)


def manifest(files):
    """DSP0243 §5.1: a digest for each file."""
    return "".join(f"SHA256({path.name})= {hashlib.sha256(path.read_bytes()).hexdigest()}\n" for path in files)


def ova(path, descriptor, vmdk):
    """DSP0243 §5.3: a tar in USTAR format, the descriptor first, its manifest next."""
    names = descriptor.with_suffix(".mf")
    names.write_text(manifest([descriptor, vmdk]))
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        for member in (descriptor, names, vmdk):
            archive.add(member, member.name, filter=anonymous)
    names.unlink()


def anonymous(member):
    member.mtime, member.mode = TIME, 0o644
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member
