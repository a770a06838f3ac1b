"""The initramfs of a guest: busybox, some programs of this machine with their libraries, kernel modules, init.sh."""
import hashlib
import pathlib
import re
import shutil
import subprocess

from appliance.image.system import place
from appliance.kernel.cache import kept

HERE = pathlib.Path(__file__).resolve().parent
INIT, AGENT = HERE / "init.sh", HERE / "agent.sh"
BUSYBOX = pathlib.Path("/bin/busybox")
VIRTIO_NET = ("virtio_pci", "virtio_net")
SIT = ("sit",)
FOLDERS = ("bin", "dev", "etc", "lib", "modules", "proc", "run", "sys", "tmp")


def libraries(program):
    """What the loader would map, the loader included; nothing for a program that is linked statically."""
    listing = subprocess.run(["ldd", program], check=False, capture_output=True, text=True).stdout
    return re.findall(r"(/\S+) \(0x", listing)


def initramfs(kernel, modules=VIRTIO_NET + SIT, programs=("ip",), plugins=()):
    """The archive's path. `programs` are names on PATH, or paths; `modules` and `plugins`, which programs load by their
    paths, bring what they need."""
    files = contents(kernel, modules, programs, plugins)
    return kept(f"vm/initramfs-{fingerprint(files)}", lambda folder: pack(files, folder)) / "initramfs"


def contents(kernel, modules, programs, plugins):
    """{path in the guest: file here or text}"""
    found = {"init": INIT, "agent.sh": AGENT, "bin/busybox": BUSYBOX}
    for name in programs:
        program = shutil.which(name)
        found[f"bin/{pathlib.Path(name).name}"] = pathlib.Path(program)
        found.update({path.lstrip("/"): pathlib.Path(path) for path in libraries(program)})
    for plugin in plugins:
        found.update({str(path).lstrip("/"): pathlib.Path(path) for path in (plugin, *libraries(plugin))})
    paths = kernel.with_dependencies(modules)
    found.update({f"modules/{pathlib.Path(path).name}": kernel.modules / path for path in paths})
    found["modules/order"] = "".join(f"{pathlib.Path(path).name}\n" for path in paths)
    return found


def bytes_of(source):
    return source.encode() if isinstance(source, str) else source.read_bytes()


def fingerprint(files):
    digest = hashlib.sha256(pathlib.Path(__file__).read_bytes())
    for name, source in sorted(files.items()):
        content = bytes_of(source)
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:20]


def pack(files, folder):
    """Not compressed: to unpack costs an emulated processor more than to read."""
    root = folder / "root"
    for name in FOLDERS:
        (root / name).mkdir(parents=True)
    place(root, files)
    for name in files:
        (root / name).chmod(0o755)
    archive(root, folder / "initramfs")
    shutil.rmtree(root)


def archive(root, path):
    """As the kernel unpacks it. With the root itself, which everybody could write into otherwise: DPDK loads no drivers then."""
    root.chmod(0o755)
    names = "\n".join([".", *(str(found.relative_to(root)) for found in sorted(root.rglob("*")))])
    with open(path, "wb") as output:
        subprocess.run(["cpio", "--quiet", "-o", "-H", "newc", "-R", "0:0"], cwd=root, check=True, text=True,
                       input=names, stdout=output)
