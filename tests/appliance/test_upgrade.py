"""An upgrade writes the free slot and nothing else, and has it tried once."""
import shutil

import pytest

from appliance.image import upgrade

KEPT = ("bios", "a", "data")


def content(disk, role):
    offset, size = upgrade.partitions(disk)[role]
    return disk.read_bytes()[offset:offset + size]


@pytest.fixture
def disk(two_slots, tmp_path):
    return shutil.copyfile(two_slots / "gate41.raw", tmp_path / "disk.raw")


def test_the_free_slot_has_the_new_system_and_is_tried(disk, image):
    before = {role: content(disk, role) for role in KEPT}
    assert upgrade.upgrade(disk, image / "gate41.raw") == "b"
    new = content(image / "gate41.raw", "a")
    assert content(disk, "b")[:len(new)] == new
    assert {role: content(disk, role) for role in KEPT} == before
    assert upgrade.Environment(disk).values == {"current": "a", "trial": "b"}


def test_the_slot_that_runs_is_left_alone(disk, image):
    known = upgrade.Environment(disk)
    known.values = {"current": "b"}
    known.save()
    assert upgrade.upgrade(disk, image / "gate41.raw") == "a"


def test_a_disk_with_one_slot_is_told_so(image, tmp_path):
    disk = shutil.copyfile(image / "gate41.raw", tmp_path / "one.raw")
    with pytest.raises(RuntimeError, match="has one slot"):
        upgrade.upgrade(disk, image / "gate41.raw")
