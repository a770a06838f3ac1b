"""The disk: what other programs than those that wrote it read from it."""
import json
import re
import subprocess

import pytest

from appliance.image import boot, data, formats
from appliance.image.system import CERTIFICATES

SECTOR = 512
KERNEL_AND_PROGRAMS = {"boot/vmlinuz", "sbin/init", "usr/bin/gate41d", "usr/bin/gate41-fetch", "usr/bin/gate41", "etc/gate41/gate41.yaml",
                       "etc/ssl/certs/ca-certificates.crt"}


def output(*argv):
    return subprocess.run([str(word) for word in argv], check=True, capture_output=True, text=True).stdout


def partitions(raw):
    """{name: (offset, bytes)}"""
    table = json.loads(output("/sbin/sfdisk", "--json", raw))["partitiontable"]["partitions"]
    return {p["name"].removeprefix("gate41-"): (p["start"] * SECTOR, p["size"] * SECTOR) for p in table}


def cut_out(raw, name, folder):
    offset, size = partitions(raw)[name]
    path = folder / name
    path.write_bytes(raw.read_bytes()[offset:offset + size])
    return path


def files(folder):
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def test_the_same_inputs_make_the_same_bytes_in_every_form(image, same_again):
    assert files(image) == files(same_again)
    assert [name for name in files(image) if (image / name).read_bytes() != (same_again / name).read_bytes()] == []


def test_its_table_is_sound(image):
    assert "No errors detected" in output("/sbin/sfdisk", "--verify", image / "gate41.raw")
    assert list(partitions(image / "gate41.raw")) == ["bios", "esp", "a", "data"]


def test_bios_finds_grub_where_the_first_sector_says(image):
    content = (image / "gate41.raw").read_bytes()
    offset, _ = partitions(image / "gate41.raw")["bios"]
    assert int.from_bytes(content[boot.KERNEL_SECTOR:boot.KERNEL_SECTOR + 8], "little") * SECTOR == offset
    rest = offset + boot.BLOCK_LIST
    assert int.from_bytes(content[rest:rest + 8], "little") * SECTOR == offset + SECTOR
    assert content[510:512] == b"\x55\xaa"


def test_grub_starts_again_and_gives_no_prompt_where_no_system_can_be_loaded():
    last = boot.configuration().splitlines()[-1]
    assert last == "reboot"
    assert last in boot.MODULES  # or it would be no command


def test_uefi_finds_grub_and_both_find_its_configuration(image, tmp_path):
    esp = cut_out(image / "gate41.raw", "esp", tmp_path)
    output("/sbin/fsck.vfat", "-n", esp)
    output("mcopy", "-i", esp, "::/EFI/BOOT/BOOTX64.EFI", tmp_path / "efi")
    assert (tmp_path / "efi").read_bytes().startswith(b"MZ")
    output("mcopy", "-i", esp, "::/grub/grub.cfg", tmp_path / "grub.cfg")
    output("grub-script-check", tmp_path / "grub.cfg")
    output("mcopy", "-i", esp, "::/grub/grubenv", tmp_path / "grubenv")
    assert output("grub-editenv", tmp_path / "grubenv", "list") == "current=a\n"


@pytest.mark.proves("S72")
def test_the_system_is_read_only_and_has_what_it_needs(image, tmp_path):
    system = cut_out(image / "gate41.raw", "a", tmp_path)
    listing = output("unsquashfs", "-d", "", "-l", system).splitlines()
    assert KERNEL_AND_PROGRAMS <= {line.lstrip("/") for line in listing}
    owners = {line.split()[1] for line in output("unsquashfs", "-d", "", "-ll", system).splitlines() if line[:1] in "-dl"}
    assert owners == {"root/root"}


def test_programs_that_are_one_file_are_on_it_once(image, tmp_path):
    system = cut_out(image / "gate41.raw", "a", tmp_path)
    output("unsquashfs", "-q", "-n", "-d", tmp_path / "tree", system, "usr/bin", "sbin")
    programs = [path for path in (tmp_path / "tree").rglob("*") if path.is_file()]
    assert len(programs) == 4
    assert len({path.stat().st_ino for path in programs}) == 1


def test_openssl_finds_the_authorities_where_debian_has_them(image, tmp_path):
    """Linked into gate41-fetch, it knows one place by itself (`openssl version -d`)."""
    system = cut_out(image / "gate41.raw", "a", tmp_path)
    tree, folder = tmp_path / "tree", re.search(r'OPENSSLDIR: "/(.*)"', output("openssl", "version", "-d"))[1]
    output("unsquashfs", "-q", "-n", "-d", tree, system, folder, "etc/ssl")
    bundle = (tree / folder / "cert.pem").readlink()
    assert (tree / bundle.relative_to("/")).read_text() == CERTIFICATES.read_text()


def test_the_data_partition_is_an_empty_sound_ext4(image, tmp_path):
    partition = cut_out(image / "gate41.raw", "data", tmp_path)
    assert "11/" in output("/sbin/e2fsck", "-f", "-n", partition)  # no more inodes than an empty one has
    assert output("/sbin/e2label", partition) == "gate41-data\n"


def test_the_least_data_partition_takes_a_journal(tmp_path):
    """What a disk gives it beyond that is by chance."""
    assert len(data.data(tmp_path, data.SIZE)) == data.SIZE


def test_two_slots_have_room_for_another_system(two_slots):
    raw = two_slots / "gate41.raw"
    assert raw.stat().st_size == 40 * 1024 * 1024
    found = partitions(raw)
    assert list(found) == ["bios", "esp", "a", "b", "data"]
    assert found["a"][1] == found["b"][1]


@pytest.mark.parametrize("form", ["gate41.qcow2", "gate41.vmdk", "vmware/gate41.vmdk"])
def test_every_form_has_the_same_content(image, form):
    assert "Images are identical" in output("qemu-img", "compare", "-f", "raw", image / "gate41.raw", image / form)


@pytest.mark.parametrize("by_chance", [b"1", b"c0ffee", b"fffffffe"])
@pytest.mark.parametrize("remainder", [b"", b"\0\n"])
def test_the_content_identifier_of_a_vmdk_is_always_the_same(by_chance, remainder):
    header, text = b"KDMV".ljust(SECTOR, b"\0"), b"# Disk DescriptorFile\nversion=1\nCID=%s\nparentCID=ffffffff\n"
    content = (header + text % by_chance + remainder).ljust(21 * SECTOR, b"\0") + b"grains"
    expected = (header + text % b"67617465").ljust(21 * SECTOR, b"\0") + b"grains"
    assert formats.with_content_id(content) == expected
