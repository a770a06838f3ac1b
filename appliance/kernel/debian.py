"""Debian's kernels, with modules."""
import dataclasses
import functools
import pathlib
import re

from . import apt
from .cache import kept

# They depend on the newest one: for virtual machines, which is small; for every machine.
CLOUD, EVERY = "linux-image-cloud-amd64", "linux-image-amd64"
DEPENDS = re.compile(r"(linux-image-\S+) \(= (\S+)\)")


def module_name(path):
    """As the kernel has it: of vfio-pci.ko vfio_pci."""
    return pathlib.PurePath(path).stem.replace("-", "_")


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

    def as_modules(self, names):
        """Without those that are inside of it."""
        modules = {module_name(path) for path in self._dependencies()}
        builtin = {module_name(path) for path in (self.modules / "modules.builtin").read_text().split()}
        if missing := set(names) - modules - builtin:
            raise RuntimeError(f"Linux {self.release} has not: {', '.join(sorted(missing))}")
        return [name for name in names if name in modules]

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
            add(next(path for path in needs if module_name(path) == name))
        return list(order)

    def _dependencies(self):
        lines = (self.modules / "modules.dep").read_text().splitlines()
        return {path: rest.split() for path, _, rest in (line.partition(":") for line in lines)}


@functools.cache
def newest(name):
    """(package, version) that apt would install now."""
    depends = apt.fields(name)["Depends"]
    found = DEPENDS.search(depends)
    if not found:
        raise RuntimeError(f"{name} depends on `{depends}`, which names no kernel with a version")
    return found.groups()


def unpack(package, folder):
    apt.unpack(package, folder)
    apt.output("busybox", "depmod", "-b", str(folder), package.removeprefix("linux-image-"))


def debian_kernel(name=CLOUD):
    package, version = newest(name)
    folder = kept(f"vm/{package}_{version}", lambda scratch: unpack(package, scratch))
    return Kernel(folder, package.removeprefix("linux-image-"))
