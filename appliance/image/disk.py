"""The raw disk: the partitions' contents at their places, the table around them."""
import dataclasses
import pathlib

from . import boot, layout
from .data import SIZE as DATA_SIZE
from .data import data


@dataclasses.dataclass(frozen=True)
class Disk:
    """`slots`: 1, or 2 with room for an upgrade. `size`: at least so many bytes."""
    system: bytes
    slots: int = 1
    size: int = 0

    def sizes(self, core, esp):
        slot = len(self.system)
        if self.slots == 2:  # the next one may be larger
            slot = layout.round_up(slot + slot // 4, layout.MIB)
        sizes = {"bios": len(core), "esp": len(esp), "a": slot, "data": DATA_SIZE}
        return {**sizes, "b": slot} if self.slots == 2 else sizes

    def write(self, path, folder):
        """Into `path`; `folder` is for what comes before."""
        core, esp = boot.bios_core(folder), boot.esp(folder, current="a")
        partitions, least = layout.place(self.sizes(core, esp))
        size = max(layout.round_up(self.size, layout.GRANULE), least)
        partitions = layout.fill(partitions, size)
        first_sector, core = boot.installed(core, partitions["bios"].start)
        contents = {"bios": core, "esp": esp, "a": self.system, "data": data(folder, partitions["data"].size)}
        with open(path, "wb") as image:
            image.truncate(size)
        layout.write_table(path, partitions)
        with open(path, "r+b") as image:
            image.write(first_sector[:boot.CODE_SIZE])
            for role, content in contents.items():
                image.seek(partitions[role].offset)
                image.write(content)
        return pathlib.Path(path)
