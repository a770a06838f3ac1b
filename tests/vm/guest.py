"""QEMU, and commands in what it runs. A guest belongs to a lab: it ends with it, and with the test's process."""
import contextlib
import os
import select
import shlex
import socket
import subprocess
import time

from appliance.kernel.debian import debian_kernel

from .image import initramfs
from .tap import open_tap

# Emulated everywhere, so that a result is the same everywhere; 64 bits and SSE4.2, which DPDK wants.
MACHINE = ("-machine", "q35", "-accel", "tcg", "-cpu", "Nehalem", "-smp", "1", "-nodefaults", "-no-user-config",
           "-display", "none", "-no-reboot")
# A panic ends the guest. A busy host looks like a broken timer, and the TSC is calibrated wrong there: the PM timer's
# rate is fixed.
KERNEL_WORDS = "console=ttyS0 loglevel=5 panic=-1 mitigations=off no_timer_check notsc clocksource=acpi_pm"
BOOT = 300.0  # of which an idle machine needs a hundredth
COMMAND = 60.0


class Guest:
    """`nics`: (namespace, name of its TAP there), in the order of eth0, eth1... Frames leave with checksums done."""

    machine = MACHINE
    nic = "virtio-net-pci"
    kernel_words = KERNEL_WORDS

    def __init__(self, lab, name, nics=(), memory="192M", options=()):
        self.lab, self.name = lab, name
        self.namespace = lab.namespace(f"vm-{name}")  # nothing in it; it names the process for those who clean up
        self.console = lab.folder / f"{name}.console"
        self.nics, self.memory, self.options = nics, memory, options
        self.process = self.boot_seconds = None
        self._number = 0
        self._pending = b""

    def start(self):
        begin = time.monotonic()
        kernel = debian_kernel()
        self._agent, there = socket.socketpair()
        devices, descriptors = self.devices()
        argv = ["setpriv", "--pdeathsig", "KILL", "qemu-system-x86_64", *self.machine, "-m", self.memory,
                "-kernel", kernel.image, "-initrd", self.image(kernel), "-append", self.kernel_words,
                "-serial", f"file:{self.console}", "-chardev", f"socket,id=agent,fd={there.fileno()}",
                "-serial", "chardev:agent", *devices, *self.options]
        self.process = self.namespace.popen(*argv, log=self.name, pass_fds=[there.fileno(), *descriptors])
        there.close()
        for descriptor in descriptors:
            os.close(descriptor)
        self._read_until(b"ready\n", BOOT)
        self.boot_seconds = time.monotonic() - begin
        return self

    def image(self, kernel):
        """The initramfs' path."""
        return initramfs(kernel)

    def devices(self):
        """(QEMU's words, descriptors that it takes over)"""
        taps = [open_tap(namespace, tap) for namespace, tap in self.nics]
        words = []
        for number, tap in enumerate(taps):
            words += ["-netdev", f"tap,id=n{number},fd={tap}", "-device", f"{self.nic},netdev=n{number},romfile="]
        return words, taps

    def stop(self):
        self.lab.stop(self.process)
        self._agent.close()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def run(self, *argv, check=True, timeout=COMMAND):
        """As tests.lab.netns.run: output and errors are both in stdout."""
        return self.shell(shlex.join(map(str, argv)), check, timeout)

    def ip(self, *words, **kwargs):
        """iproute2's, by its path: the shell takes an applet for a mere name."""
        return self.run("/bin/ip", *words, **kwargs)

    def sysctl(self, **values):
        for key, value in values.items():
            self.run("sysctl", "-qw", f"{key.replace('__', '.')}={value}")

    def shell(self, command, check=True, timeout=COMMAND):
        """One line for the guest's shell."""
        self._number += 1
        mark = f"=gate41-{self._number}="
        self._agent.sendall(f"{mark} {command}\n".encode())
        output = self._read_until(f"{mark} ".encode(), timeout)
        status = int(self._read_until(b"\n", timeout))
        result = subprocess.CompletedProcess(command, status, output.decode(errors="replace"), "")
        if check and status != 0:
            raise RuntimeError(f"{self.name}: {command}: exit {status}\n{result.stdout}")
        return result

    def _read_until(self, end, timeout):
        """What comes before `end`."""
        deadline = time.monotonic() + timeout
        while end not in self._pending:
            if not select.select([self._agent], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise TimeoutError(f"{self.name} did not say {end!r} within {timeout:.0f} s\n{self._told()}")
            data = b""
            with contextlib.suppress(ConnectionResetError):
                data = self._agent.recv(65536)
            if not data:
                raise RuntimeError(f"{self.name} has ended\n{self._told()}")
            self._pending += data
        before, _, self._pending = self._pending.partition(end)
        return before

    def _told(self):
        """For whoever looks into a failure."""
        parts = {"it said": self._pending.decode(errors="replace")[-2000:]}
        for title, path in (("QEMU", self.lab.folder / f"{self.name}.log"), ("console", self.console)):
            parts[title] = path.read_text(errors="replace")[-3000:] if path.exists() else ""
        return "\n".join(f"-- {title}:\n{text}" for title, text in parts.items())
