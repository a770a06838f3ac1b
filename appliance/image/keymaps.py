"""Keymaps for the console, converted from the data of console-data by the loadkeys of kbd; neither is installed."""
import shutil
import subprocess

from appliance.kernel.apt import unpack
from appliance.kernel.cache import kept

# The name that is typed at `gate41 setup` -> Debian's file.
KEYMAPS = {"us": "qwerty/us", "uk": "qwerty/uk", "de": "qwertz/de-latin1", "fr": "azerty/fr-latin9", "ch": "qwertz/sg-latin1",
           "es": "qwerty/es", "it": "qwerty/it", "se": "qwerty/se-latin1", "no": "qwerty/no-latin1", "dk": "qwerty/dk-latin1",
           "jp": "qwerty/jp106"}
SOURCE = "usr/share/keymaps/i386"
MAGIC = b"bkeymap"


def convert(tools, source):
    """The bytes that appliance/init/keymap.hpp reads; the console speaks UTF-8."""
    argv = [tools / "bin/loadkeys", "-q", "-u", "--bkeymap", tools / SOURCE / f"{source}.kmap.gz"]
    keymap = subprocess.run(argv, check=True, stdout=subprocess.PIPE).stdout
    if not keymap.startswith(MAGIC):
        raise RuntimeError(f"loadkeys made no keymap of {source}")
    return keymap


def fill(folder):
    tools = folder / "tools"
    tools.mkdir()
    for package in ("kbd", "console-data"):
        unpack(package, tools)
    for name, source in KEYMAPS.items():
        (folder / name).write_bytes(convert(tools, source))
    shutil.rmtree(tools)


def keymaps():
    """{path in the image: file}"""
    folder = kept("keymaps-1", fill)
    return {f"usr/share/gate41/keymaps/{name}": folder / name for name in KEYMAPS}
