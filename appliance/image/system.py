"""The read-only root: kernel, programs, configuration, certificates; and the places where the rest is mounted."""
import pathlib

from . import cards
from .fixed import run

ROOT = pathlib.Path(__file__).resolve().parents[2]
CERTIFICATES = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
PROGRAMS = {"gate41-init": "sbin/init", "gate41d": "usr/bin/gate41d", "gate41-fetch": "usr/bin/gate41-fetch", "gate41": "usr/bin/gate41"}
MOUNT_POINTS = ("data", "dev", "proc", "run", "sys", "tmp")
FOLDERS = ("etc", "sbin", "usr/bin", "usr/lib/ssl", "var/lib")
BUNDLE = "etc/ssl/certs/ca-certificates.crt"
# What the daemon keeps by default lands on the data partition. OpenSSL looks for authorities at a place of its own.
LINKS = {"var/run": "/run", "var/lib/gate41": "/data", "usr/lib/ssl/cert.pem": f"/{BUNDLE}"}
TEXTS = {"etc/passwd": "root:x:0:0:root:/:\n", "etc/group": "root:x:0:\ngate41:x:41:\n", "etc/hostname": "gate41\n"}
EXECUTABLE, READABLE = 0o755, 0o644


def contents(programs, configuration):
    """{path: file or text} of what is copied, whichever the kernel is."""
    missing = [name for name in PROGRAMS if not (programs / name).exists()]
    if missing:
        raise RuntimeError(f"{programs} lacks {', '.join(missing)}: scripts/package/static makes them")
    found = {place: programs / name for name, place in PROGRAMS.items()}
    return {**found, "etc/gate41/gate41.yaml": configuration, "etc/gate41/nics": cards.known(),
            BUNDLE: CERTIFICATES}


def build_tree(root, files):
    """What the programs see as /, in this folder."""
    for folder in (*MOUNT_POINTS, *FOLDERS):
        (root / folder).mkdir(parents=True)
    for name, target in LINKS.items():
        (root / name).symlink_to(target)
    copy(root, {**TEXTS, **files})


def copy(root, files):
    """Files, or texts."""
    place(root, files)
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            path.chmod(EXECUTABLE if path.is_dir() or path.parent.name in ("bin", "sbin") else READABLE)


def place(root, files):
    """What has several names stays one file, as the programs do (scripts/package/static) and libraries have to."""
    placed = {}
    for name, source in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(source, str):
            path.write_text(source)
        elif (first := placed.setdefault(inode(source), path)) != path:
            path.hardlink_to(first)
        else:
            path.write_bytes(source.read_bytes())


def inode(path):
    status = path.stat()
    return status.st_dev, status.st_ino


def squash(root, image):
    """One processor, one order of blocks. Of what GRUB 2.06 reads XZ is smaller, and takes more than twice as long to unpack. What
    GRUB loads is compressed by itself already."""
    run("mksquashfs", root, image, "-comp", "gzip", "-action", "uncompressed@subpathname(boot)", "-all-root", "-no-xattrs",
        "-no-exports", "-noappend", "-no-progress", "-processors", 1)
    return image.read_bytes()


def system(folder, kernel, files):
    """The squashfs' bytes: it is the root."""
    root = folder / "root"
    root.mkdir()
    build_tree(root, {**files, "boot/vmlinuz": kernel})
    return squash(root, folder / "system")
