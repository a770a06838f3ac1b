"""The files that the checks look at, as paths relative to the project."""
import functools
import subprocess

from tests.checks.finding import ROOT

CPP = (".cpp", ".hpp")
PRODUCT = ("appliance/", "config/", "control/", "dataplane/", "packaging/")


@functools.cache
def all_files():
    """What git knows or would add."""
    listing = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                             check=True, capture_output=True, text=True).stdout
    return sorted({name for name in listing.split("\0") if name and (ROOT / name).is_file()})


def cpp_files():
    return [name for name in all_files() if name.endswith(CPP)]


@functools.cache
def text(name):
    return (ROOT / name).read_text(encoding="utf-8")
