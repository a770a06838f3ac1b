"""GRUB, for BIOS in sectors of its own, for UEFI in a FAT partition that has the configuration of both."""
import os
import pathlib
import struct

from .fixed import TIME, identifier, run
from .layout import ALIGNMENT, KIB, SECTOR, round_up

CONFIGURATION = pathlib.Path(__file__).with_name("grub.cfg")
GRUB = pathlib.Path("/usr/lib/grub")
MODULES = ("part_gpt", "fat", "squash4", "xzio", "normal", "configfile", "test", "loadenv", "echo", "sleep", "reboot")
# `linux` puts the kernel and all the room that it unpacks itself into elsewhere, byte by byte: a second, emulated.
BIOS_MODULES = (*MODULES, "linux16")
# efi_gop: or the kernel would find no frame buffer.
EFI_MODULES = (*MODULES, "linux", "efi_gop")
# A panic starts again, and so the other system if it was a trial. DPDK's way to the NICs without an IOMMU.
KERNEL_WORDS = "console=ttyS0,115200 console=tty0 quiet panic=10 vfio.enable_unsafe_noiommu_mode=1"
# Beside GRUB: tables, folders, what it reads.
ESP_ROOM = 24 * KIB
ENVIRONMENT_SIZE = 1024
# In boot.img: the sector of what it loads (grub-core/boot/i386/pc/boot.S). At the end of what it loads first, diskboot.img:
# a list of {sector, sectors, segment} of the rest.
KERNEL_SECTOR = 0x5C
BLOCK_LIST = SECTOR - 12
# Behind it sector 0 has the partition table of old (and the disk's name before it).
CODE_SIZE = 440


def bios_core(folder):
    """GRUB's image for BIOS."""
    path = folder / "core.img"
    run("grub-mkimage", "-O", "i386-pc", "-p", "(,gpt2)/grub", "-o", path, "biosdisk", *BIOS_MODULES)
    return path.read_bytes()


def installed(core, start):
    """(sector 0 but for the partition table, the core) as they stand when the core begins at this sector."""
    boot, core = bytearray((GRUB / "i386-pc/boot.img").read_bytes()), bytearray(core)
    struct.pack_into("<Q", boot, KERNEL_SECTOR, start)
    struct.pack_into("<Q", core, BLOCK_LIST, start + 1)
    return bytes(boot), bytes(core)


def configuration():
    """grub.cfg."""
    text = CONFIGURATION.read_text()
    for mark, value in (("A", identifier("a")), ("B", identifier("b")), ("WORDS", KERNEL_WORDS)):
        text = text.replace(f"@{mark}@", value)
    return text


def environment(**values):
    """grubenv: as GRUB writes it."""
    text = "# GRUB Environment Block\n" + "".join(f"{name}={value}\n" for name, value in values.items())
    return text.ljust(ENVIRONMENT_SIZE, "#")


def esp(folder, **values):
    """The FAT partition's bytes; `values` are grubenv's."""
    image, loader = folder / "esp", folder / "BOOTX64.EFI"
    run("grub-mkimage", "-O", "x86_64-efi", "-p", "/grub", "-o", loader, *EFI_MODULES)
    (folder / "grub.cfg").write_text(configuration())
    (folder / "grubenv").write_text(environment(**values))
    image.write_bytes(bytes(round_up(loader.stat().st_size + ESP_ROOM, ALIGNMENT)))
    run("/sbin/mkfs.vfat", "--invariant", "-F", "12", "-r", "112", "-s", "4", "-n", "GATE41", image)
    run("mmd", "-i", image, "::/EFI", "::/EFI/BOOT", "::/grub")
    for name, place in (("BOOTX64.EFI", "EFI/BOOT"), ("grub.cfg", "grub"), ("grubenv", "grub")):
        put(folder / name, image, f"{place}/{name}")
    return image.read_bytes()


def put(source, image, name):
    os.utime(source, (TIME, TIME))
    run("mcopy", "-o", "-m", "-i", image, source, f"::/{name}")
