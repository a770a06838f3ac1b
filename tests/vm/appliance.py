"""The appliance's disk in QEMU: nothing is told to it but what a user would, and its NICs are TAPs in a lab's namespaces."""
import json
import os
import pathlib
import socket
import time

from appliance.image.boot import KERNEL_WORDS
from appliance.image.fixed import identifier
from appliance.image.machines import MEMORY
from tests.lab.netns import wait_for

from .tap import open_tap

OVMF = "/usr/share/OVMF/OVMF_CODE.fd"
# As a hypervisor's default machine; emulated everywhere. No ROMs of NICs, which the firmware would try to boot from.
MACHINE = ("-accel", "tcg", "-cpu", "Nehalem", "-nodefaults", "-no-user-config", "-display", "none", "-vga", "std",
           "-device", "i6300esb", "-watchdog-action", "reset", "-device", "virtio-rng-pci")
DISKS = {"virtio": ("-device", "virtio-blk-pci,drive=disk"), "ide": ("-device", "ide-hd,drive=disk"),
         "sata": ("-device", "ahci,id=ahci", "-device", "ide-hd,drive=disk,bus=ahci.0"),
         "pvscsi": ("-device", "pvscsi", "-device", "scsi-hd,drive=disk"), "nvme": ("-device", "nvme,drive=disk,serial=41")}
ROW_BYTES = 720 * 16 * 3  # of VGA's 80 columns
FORMATS = {".raw": "raw", ".qcow2": "qcow2", ".vmdk": "vmdk"}


class Appliance:
    """`nics`: (namespace, name of its TAP there) in the order of the PCI bus. What it writes is lost unless `keep`, and
    recorded in the file `writes` (power_cuts.py). Its serial console is the socket `serial`, else a file. `kernel`: loaded by
    QEMU, without the disk's firmware and GRUB. `devices`: further ones, as QEMU's -device wants them; `processors`: how many."""

    def __init__(self, lab, disk, nics, *, memory=MEMORY, machine="q35", firmware="bios", nic="virtio-net-pci", bus="virtio",
                 configuration=None, keep=False, serial=None, writes=None, kernel=None, devices=(), processors=1):
        self.lab, self.disk, self.memory = lab, pathlib.Path(disk), memory
        self.machine, self.firmware, self.nic, self.bus, self.keep = machine, firmware, nic, bus, keep
        self.configuration, self.serial, self.writes, self.kernel = configuration, serial, writes, kernel
        self.devices, self.processors = devices, processors
        self.namespace = lab.namespace("appliance")  # nothing in it; it names the process for those who clean up
        self.console = lab.folder / "appliance.console"
        self.taps = [open_tap(namespace, name) for namespace, name in nics]
        self.process = None

    def start(self):
        self._monitor, there = socket.socketpair()
        words = [*self._serial(), *self._disk(), *self._firmware(), *self._configuration(), *self._kernel()]
        self.process = self.namespace.popen(
            "setpriv", "--pdeathsig", "KILL", "qemu-system-x86_64", "-machine", self.machine, *self._nics(), *MACHINE,
            "-m", str(self.memory), "-smp", str(self.processors), "-serial", "chardev:serial", "-chardev", f"socket,id=monitor,fd={there.fileno()}",
            "-mon", "chardev=monitor,mode=control", *words, log="appliance", pass_fds=[there.fileno(), *self.taps, *([self.serial] if self.serial else [])])
        there.close()
        self._lines = self._monitor.makefile("r", encoding="utf-8")
        self._lines.readline()  # its greeting
        self.command("qmp_capabilities")
        return self

    def command(self, name, **arguments):
        """One of QEMU's (QMP); its answer, without the events before it."""
        self._monitor.sendall(json.dumps({"execute": name, "arguments": arguments}).encode())
        while True:
            line = self._lines.readline()
            if not line:
                raise RuntimeError(f"QEMU has ended: {self.process.log_path.read_text(errors='replace')[-2000:]}")
            answer = json.loads(line)
            if "error" in answer:
                raise RuntimeError(f"QEMU: {name}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]

    def press_power_button(self, deadline=30.0):
        """Seconds until it is off."""
        begin = time.monotonic()
        self.command("system_powerdown")
        wait_for(lambda: self.process.poll() is not None, f"the appliance is off; it said\n{self.told()}", deadline, every=0.01)
        return time.monotonic() - begin

    def press(self, key):
        """A key of its PS/2 keyboard, by QEMU's name, which is that of the place on an American one."""
        self.command("send-key", keys=[{"type": "qcode", "data": key}])

    def bottom_row(self):
        """The picture of its screen's last row of text."""
        picture = self.lab.folder / "appliance.ppm"
        self.command("screendump", filename=str(picture))
        return picture.read_bytes()[-ROW_BYTES:]

    def told(self):
        """What is on its serial console."""
        return self.console.read_text(errors="replace")[-4000:] if self.console.exists() else ""

    def stop(self):
        self.lab.stop(self.process)
        for descriptor in self.taps:
            os.close(descriptor)
        self._monitor.close()

    def _serial(self):
        return ["-chardev", f"socket,id=serial,fd={self.serial}" if self.serial else f"file,id=serial,path={self.console}"]

    def _disk(self):
        if self.writes:
            self.writes.touch()
            return ["-blockdev", f"driver=blklogwrites,node-name=disk,file.driver=file,file.filename={self.disk},"
                    f"log.driver=file,log.filename={self.writes}", *DISKS[self.bus]]
        snapshot = "off" if self.keep else "on"
        drive = f"file={self.disk},format={FORMATS[self.disk.suffix]},if=none,id=disk,snapshot={snapshot}"
        return ["-drive", drive, *DISKS[self.bus]]

    def _firmware(self):
        return ["-drive", f"if=pflash,format=raw,readonly=on,file={OVMF}"] if self.firmware == "uefi" else []

    def _kernel(self):
        root = f"root=PARTUUID={identifier('a')} rootfstype=squashfs ro rootwait"
        return ["-kernel", str(self.kernel), "-append", f"{root} {KERNEL_WORDS}"] if self.kernel else []

    def _nics(self):
        """In slots 3 and 4, before others take them; behind the IOMMU, if that is among `devices`."""
        words = [word for device in self.devices for word in ("-device", device)]
        for number, tap in enumerate(self.taps):
            words += ["-netdev", f"tap,id=n{number},fd={tap}", "-device", f"{self.nic},netdev=n{number},romfile=,addr={number + 3}"]
        return words

    def _configuration(self):
        """As a hypervisor's fleet hands it over."""
        if self.configuration is None:
            return []
        path = self.lab.folder / "appliance.yaml"
        path.write_text(json.dumps(self.configuration))
        return ["-fw_cfg", f"name=opt/gate41/config,file={path}"]
