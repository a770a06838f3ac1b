"""Which network cards gate41d drives: gate41-init hands these over and leaves others to the kernel."""
import json
import pathlib
import re

PMDS = pathlib.Path("/usr/lib/x86_64-linux-gnu/dpdk")
# Of those that scripts/package/meson.build links.
DRIVERS = ("e1000", "i40e", "ixgbe", "virtio", "vmxnet3")
# DPDK's own note in each driver, for its pmdinfo tool.
NOTE = re.compile(rb"PMD_INFO_STRING= (\{.*?\})\0")


def known():
    """The text of etc/gate41/nics: a line VENDOR:DEVICE each."""
    found = set()
    for name in DRIVERS:
        path = next(PMDS.glob(f"pmds-*/librte_net_{name}.so"))
        for note in NOTE.findall(path.read_bytes()):
            found.update((vendor, device) for vendor, device, *_ in json.loads(note).get("pci_ids", []))
    return "".join(f"{vendor:04x}:{device:04x}\n" for vendor, device in sorted(found))
