"""A guest whose instructions are counted, and whose processor runs only so many as it is granted."""
import mmap
import os
import socket
import struct
import time

from perf.guests.peers import MACS
from tests.vm.guest import MACHINE, Guest
from tests.vm.image import SIT, VIRTIO_NET, initramfs

MODULES = (*VIRTIO_NET, *SIT, "uio_pci_generic", "tun", "ip6table_filter", "xt_conntrack")
PMDS = "/usr/lib/x86_64-linux-gnu/dpdk/pmds-23.0"
XTABLES = "/usr/lib/x86_64-linux-gnu/xtables"
PLUGINS = (*(f"{PMDS}/librte_{name}.so.23.0" for name in ("bus_pci", "bus_vdev", "mempool_ring", "net_virtio")),
           *(f"{XTABLES}/libxt_{name}.so" for name in ("conntrack", "standard")))
# An instruction takes a nanosecond of the guest's time, whatever it takes here.
ICOUNT = ("-icount", "shift=0")
FREE = 2**64 - 1
LOOK = 50e-6
PATIENCE = 20.0  # seconds


class Counter:
    """The page that the plug-in shares: instructions executed and granted, and who executed them."""

    def __init__(self):
        self.descriptor = os.memfd_create("instructions")
        os.ftruncate(self.descriptor, mmap.PAGESIZE)
        self._page = mmap.mmap(self.descriptor, mmap.PAGESIZE)
        self.run_free()

    @property
    def executed(self):
        return struct.unpack_from("Q", self._page, 0)[0]

    def counts(self):
        """Executed: by all, by the kernel, by the driver."""
        executed, _, of_kernel, of_driver = struct.unpack_from("4Q", self._page, 0)
        return executed, of_kernel, of_driver

    def _grant(self, limit):
        struct.pack_into("Q", self._page, 8, limit)

    def run_free(self):
        self._grant(FREE)

    def hold(self):
        """As soon as it can be held."""
        self._grant(0)

    def run(self, instructions):
        """Runs about so many, and is held again; a processor that sleeps needs somebody to wake it."""
        end = self.executed + round(instructions)
        self._grant(end)
        patience = time.monotonic() + PATIENCE
        while self.executed < end:
            if time.monotonic() > patience:
                raise TimeoutError(f"the guest sleeps: {end - self.executed} of {instructions} instructions have not run")
            time.sleep(LOOK)


class CountedGuest(Guest):
    """`driver`: (begin, end) of the addresses in a program that are to be counted apart; `device`: more words for each NIC."""

    machine = (*MACHINE, *ICOUNT)
    # Without its mitigations the kernel is faster than most people's.
    kernel_words = "console=ttyS0 loglevel=5 panic=-1 mitigations=off no_timer_check tsc=reliable hugepages=128"

    def __init__(self, lab, name, plugin, programs, driver, device=""):
        super().__init__(lab, name, memory="1G")
        self.plugin, self.programs, self.driver, self.device = plugin, programs, driver, device
        self.counter = Counter()
        self.wires = []

    def image(self, kernel):
        return initramfs(kernel, MODULES, ("ip", *self.programs), PLUGINS)

    def devices(self):
        page = os.dup(self.counter.descriptor)
        words = ["-plugin", f"file={self.plugin},page={page},driver={'%x-%x' % self.driver}"]
        descriptors = [page]
        for number in range(2):
            here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
            here.setblocking(False)
            self.wires.append(here)
            descriptors.append(there.detach())
            words += ["-netdev", f"dgram,id=n{number},local.type=fd,local.str={descriptors[-1]}", "-device",
                      f"virtio-net-pci,netdev=n{number},addr={3 + number},romfile=,mac={MACS[number]}{self.device}"]
        return words, descriptors
