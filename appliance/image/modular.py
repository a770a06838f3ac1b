"""The system with Debian's kernel: its disk drivers are modules, so the root is an archive that the kernel unpacks into memory;
the squashfs holds both."""
import os

from .fixed import TIME, run
from .system import build_tree, copy, squash

# In an order in which one may need the others before it; what they depend on comes along.
DISKS = ("virtio_pci", "virtio_blk", "virtio_scsi", "sd_mod", "sr_mod", "ahci", "ata_piix", "nvme", "vmw_pvscsi", "mptspi", "uas",
         "usb_storage", "crc32c_generic", "ext4", "isofs", "vfat")
CARDS = ("vfio_iommu_type1", "vfio_pci", "uio_pci_generic", "tun", "af_packet")
# For net_af_packet: those that DPDK, as it is linked here, does not drive.
KERNEL_CARDS = ("r8169", "tg3", "bnx2", "igc", "atlantic", "alx", "sky2", "forcedeth", "8139cp", "pcnet32", "ne2k_pci")
CONSOLE = ("i8042", "atkbd", "evdev", "button", "xhci_pci", "ehci_pci", "uhci_hcd", "ohci_pci", "usbhid", "hid_generic")
MACHINE = ("i6300esb", "iTCO_wdt", "virtio_rng", "qemu_fw_cfg", "rtc_cmos")
MODULES = (*DISKS, *CARDS, *KERNEL_CARDS, *CONSOLE, *MACHINE)


def modules(kernel):
    """{path: file or text}; etc/gate41/modules names them in the order to load them."""
    paths = kernel.with_dependencies(kernel.as_modules(MODULES))
    places = {f"lib/modules/{path.rpartition('/')[2]}": kernel.modules / path for path in paths}
    return {**places, "etc/gate41/modules": "".join(f"/{place}\n" for place in places)}


def archive(root, path):
    """The kernel's initramfs, compressed."""
    names = sorted(str(item.relative_to(root)) for item in root.rglob("*"))
    for name in names:
        os.utime(root / name, (TIME, TIME), follow_symlinks=False)
    plain = path.with_suffix(".cpio")
    run("cpio", "--quiet", "--reproducible", "-o", "-H", "newc", "-R", "0:0", "-F", plain, cwd=root, input="\n".join(names))
    run("zstd", "-q", "-19", "--single-thread", plain, "-o", path)
    return path


def system(folder, kernel, files):
    """The squashfs' bytes: GRUB loads both files of it."""
    root, outer = folder / "root", folder / "outer"
    root.mkdir()
    outer.mkdir()
    build_tree(root, {**files, **modules(kernel)})
    (root / "init").symlink_to("sbin/init")
    copy(outer, {"boot/vmlinuz": kernel.image, "boot/initrd": archive(root, folder / "initrd")})
    return squash(outer, folder / "system")
