"""Debian's kernel: the package is downloaded and unpacked, never installed: the machine's own boot stays as it is."""
import dataclasses
import functools
import pathlib
import re
import subprocess

from .cache import kept

# Depends on the newest one for virtual machines, which is small.
NEWEST = "linux-image-cloud-amd64"
DEPENDS = re.compile(r"^Depends: (linux-image-\S+) \(= (\S+)\)", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Kernel:
    folder: pathlib.Path  # the package, unpacked
    release: str

    @property
    def image(self):
        return self.folder / f"boot/vmlinuz-{self.release}"

    @property
    def modules(self):
        return self.folder / f"lib/modules/{self.release}"

    def with_dependencies(self, names):
        """Paths below `modules`, in an order in which insmod takes them."""
        needs = self._dependencies()
        order = {}

        def add(path):
            # modules.dep names all that a module needs, the direct ones first (depmod(8)).
            for needed in reversed(needs[path]):
                order.setdefault(needed)
            order.setdefault(path)

        for name in names:
            add(next(path for path in needs if pathlib.Path(path).name == f"{name}.ko"))
        return list(order)

    def _dependencies(self):
        lines = (self.modules / "modules.dep").read_text().splitlines()
        return {path: rest.split() for path, _, rest in (line.partition(":") for line in lines)}


def output(*argv):
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout


@functools.cache
def newest():
    """(package, version) that apt would install now; its lists are fetched if there are none."""
    found = DEPENDS.search(description())
    if not found:
        output("apt-get", "update", "-qq")
        found = DEPENDS.search(description())
    if not found:
        raise RuntimeError(f"apt knows no package {NEWEST}; it is in Debian's main")
    return found.groups()


def description():
    argv = ["apt-cache", "show", "--no-all-versions", NEWEST]
    return subprocess.run(argv, check=False, capture_output=True, text=True).stdout


def unpack(package, folder):
    download(package, folder)
    archive = next(folder.glob("*.deb"))
    output("dpkg-deb", "-x", archive, folder)
    archive.unlink()
    output("busybox", "depmod", "-b", str(folder), package.removeprefix("linux-image-"))


def download(package, folder):
    """A list of some days ago may name a version that is gone."""
    argv = ["apt-get", "download", "-qq", package]
    if subprocess.run(argv, cwd=folder, check=False, capture_output=True).returncode != 0:
        output("apt-get", "update", "-qq")
        subprocess.run(argv, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def debian_kernel():
    package, version = newest()
    folder = kept(f"{package}_{version}", lambda scratch: unpack(package, scratch))
    return Kernel(folder, package.removeprefix("linux-image-"))
