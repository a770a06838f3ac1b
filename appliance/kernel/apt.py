"""Debian's packages, downloaded and unpacked, never installed: the machine stays as it is."""
import re
import subprocess


def output(*argv):
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout


def fields(package):
    """{field: value} of what apt would install now; its lists are fetched if there are none."""
    found = description(package)
    if not found:
        output("apt-get", "update", "-qq")
        found = description(package)
    if not found:
        raise RuntimeError(f"apt knows no package {package}; it is in Debian's main")
    return dict(re.findall(r"^(\S+): (.*)$", found, re.MULTILINE))


def description(package):
    argv = ["apt-cache", "show", "--no-all-versions", package]
    return subprocess.run(argv, check=False, capture_output=True, text=True).stdout


def unpack(package, folder):
    download(package, folder)
    archive = next(folder.glob("*.deb"))
    output("dpkg-deb", "-x", archive, folder)
    archive.unlink()


def download(package, folder):
    """A list of some days ago may name a version that is gone."""
    argv = ["apt-get", "download", "-qq", package]
    if subprocess.run(argv, cwd=folder, check=False, capture_output=True).returncode != 0:
        output("apt-get", "update", "-qq")
        subprocess.run(argv, cwd=folder, check=True, stdout=subprocess.DEVNULL)
