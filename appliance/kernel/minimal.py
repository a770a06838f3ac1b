"""The appliance's own kernel: Debian's source with minimal.config on top of nothing. Same inputs, same bytes."""
import hashlib
import os
import pathlib
import shutil
import subprocess

from . import apt
from .cache import kept

SOURCE = "linux-source-6.1"
FRAGMENT = pathlib.Path(__file__).with_name("minimal.config")
# What a start spends its time in is compiled for speed, the rest for size: page_alloc.c overwrites the kernel's own init code when
# it frees it, and with -Os does that byte by byte, for 0.3 s of an emulated machine.
FAST = tuple(f"CFLAGS_{name}.o=-O2" for name in ("page_alloc", "inffast", "inflate"))
# Who built it when would be in the image.
WORDS = (*FAST, "KBUILD_BUILD_TIMESTAMP=@1700000000", "KBUILD_BUILD_USER=gate41", "KBUILD_BUILD_HOST=gate41", "KBUILD_BUILD_VERSION=1")


def minimal_kernel():
    """bzImage's path. Built where it isn't there: six minutes on two cores, 2 GB of disk meanwhile."""
    return kept(f"kernel-{inputs()}", build) / "bzImage"


def inputs():
    """A hash of all that the image is made of."""
    compiler = apt.output("gcc", "--version").splitlines()[0]
    text = "\n".join((FRAGMENT.read_text(), *WORDS, apt.fields(SOURCE)["Version"], compiler))
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def build(folder):
    tree = folder / "tree"
    tree.mkdir()
    apt.unpack(SOURCE, folder)
    apt.output("tar", "-C", tree, "--strip-components=1", "-xf", folder / f"usr/src/{SOURCE}.tar.xz")
    make(tree, "allnoconfig", KCONFIG_ALLCONFIG=str(FRAGMENT))
    refuse(lost((tree / ".config").read_text()))
    make(tree, f"-j{os.cpu_count()}", *WORDS, "bzImage")
    (tree / "arch/x86/boot/bzImage").rename(folder / "bzImage")
    (tree / ".config").rename(folder / "config")
    for remainder in (tree, folder / "usr"):
        shutil.rmtree(remainder)


def make(tree, *words, **environment):
    result = subprocess.run(["make", "-s", "-C", tree, *words], env={**os.environ, **environment}, check=False, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if result.returncode != 0:
        raise RuntimeError(f"{SOURCE}: make {' '.join(words)} ended with {result.returncode}:\n{result.stdout[-3000:]}")


def lost(config):
    """Lines of the fragment that the kernel's configuration did not take: an option that is gone or lacks another one."""
    lines = set(config.splitlines())
    return [line for line in FRAGMENT.read_text().splitlines() if line.startswith("CONFIG_") and line not in lines]


def refuse(lines):
    if lines:
        raise RuntimeError(f"{SOURCE} does not take these lines of {FRAGMENT.name}: {', '.join(lines)}")
