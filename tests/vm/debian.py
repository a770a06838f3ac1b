"""A guest with a Debian of its own: systemd, udev, apt, and the modules of Debian's kernel. All of it is in memory, so that each
one that is started is as clean as the first. It has no network but its NICs; what it is to install is handed to it.
"""
import hashlib
import pathlib
import shutil
import subprocess

from appliance.kernel.cache import kept

from .guest import KERNEL_WORDS, MACHINE, Guest
from .image import archive

HERE = pathlib.Path(__file__).resolve().parent
SUITE = "bookworm"
BASE = ("systemd-sysv", "udev", "kmod", "iproute2")
AGENT = """[Unit]
Description=Commands of a test
After=multi-user.target

[Service]
Environment=HOME=/root DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
ExecStart=/bin/sh /usr/local/lib/agent.sh

[Install]
WantedBy=default.target
"""


def userland(kernel, packages):
    """The archive's path: Debian with these packages. Made in some minutes, of what apt has now, then kept."""
    recipe = "\n".join([kernel.release, SUITE, *BASE, *sorted(packages), AGENT, *(
        (HERE / name).read_text() for name in ("agent.sh", "debian.py"))])
    name = f"vm/debian-{hashlib.sha256(recipe.encode()).hexdigest()[:20]}"
    return kept(name, lambda folder: make(folder, kernel, packages)) / "initramfs"


def make(folder, kernel, packages):
    root = folder / "root"
    subprocess.run(["mmdebstrap", "--quiet", "--mode=root", "--variant=minbase", f"--include={','.join((*BASE, *packages))}",
                    SUITE, root], check=True)
    shutil.copytree(kernel.modules, root / "usr/lib/modules" / kernel.release)
    subprocess.run(["chroot", root, "depmod", kernel.release], check=True)
    put(root / "etc/hostname", "guest\n")
    put(root / "etc/machine-id", "41" * 16 + "\n")  # not its first boot, which would enable every unit
    put(root / "usr/local/lib/agent.sh", (HERE / "agent.sh").read_text())
    put(root / "etc/systemd/system/agent.service", AGENT)
    subprocess.run(["systemctl", "--quiet", f"--root={root}", "enable", "agent.service"], check=True)
    archive(root, folder / "initramfs")
    shutil.rmtree(root)


def put(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


class Debian(Guest):
    """`packages`: of Debian, there from the beginning. `files`: {path in the guest: file here}."""

    kernel_words = f"{KERNEL_WORDS} rdinit=/sbin/init net.ifnames=0"

    def __init__(self, lab, name, nics, packages, files, memory="2048M"):
        super().__init__(lab, name, nics, memory)
        self.packages, self.files = packages, files

    def image(self, kernel):
        """Archives that follow each other are unpacked over each other."""
        extra, path = self.lab.folder / f"{self.name}.files", self.lab.folder / f"{self.name}.initramfs"
        for there, here in self.files.items():
            (extra / there).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(here, extra / there)
        archive(extra, self.lab.folder / f"{self.name}.more")
        with open(path, "wb") as output:
            for part in (userland(kernel, self.packages), self.lab.folder / f"{self.name}.more"):
                with open(part, "rb") as source:
                    shutil.copyfileobj(source, output)
        return path

    def property(self, unit, name):
        """Of a unit, as systemd has it."""
        return self.run("systemctl", "show", "-P", name, unit).stdout.strip()

    def files_everywhere(self):
        """Every path of its disk, so to speak: not what the kernel makes up, nor what goes with the next boot."""
        return set(self.run("find", "/", "-xdev", "-not", "-path", "/tmp/*").stdout.splitlines())


class DebianWithIommu(Debian):
    """As most machines of today are, and with Intel cards."""

    machine = (*MACHINE, "-device", "intel-iommu,intremap=on")
    nic = "e1000e"
