"""Every write of a disk, as QEMU's blklogwrites records them, and what the disk may hold after a power cut: all that was
written before the last flush, and any of what came after it. The log's format: Linux, drivers/md/dm-log-writes.c.
"""
import dataclasses
import pathlib
import random
import re
import struct
import subprocess
import tempfile

MAGIC, VERSION = 0x6A736677736872, 1
FLUSH, FUA, DISCARD = 1, 2, 4
SUPER = struct.Struct("<QQQI")
ENTRY = struct.Struct("<QQQQ")
FIRST_LINE = re.compile(rb"gate41 state ([0-9a-f]{16})\n")
PREDECESSOR = ".old"


@dataclasses.dataclass(frozen=True)
class Write:
    """A flush has no data."""
    offset: int
    data: bytes
    flags: int


def read_log(path):
    """[Write]"""
    log = pathlib.Path(path).read_bytes()
    magic, version, entries, sector = SUPER.unpack_from(log)
    if (magic, version) != (MAGIC, VERSION):
        raise RuntimeError(f"{path} is no log of writes: {magic:x}, version {version}")
    found, position = [], sector
    for _ in range(entries):
        start, sectors, flags, _ = ENTRY.unpack_from(log, position)
        size = 0 if flags & DISCARD else sectors * sector
        position += sector
        found.append(Write(start * sector, log[position:position + size], flags))
        position += size
    return found


class Cuts:
    """The states of a disk that began as `before`."""

    def __init__(self, before, log):
        self.before, self.log = before, log

    def last_flush(self, moment):
        """How many writes are certainly on the disk after the first `moment` ones."""
        return next((n for n in range(moment, 0, -1) if self.log[n - 1].flags & FLUSH), 0)

    def at(self, moment):
        """All of the first so many writes."""
        return self._apply(self.log[:moment])

    def torn(self, moment, chance):
        """The same, but some of those after the last flush are lost."""
        certain = self.last_flush(moment)
        kept = [w for w in self.log[certain:moment] if w.flags & FUA or chance.random() < 0.5]
        return self._apply(self.log[:certain] + kept)

    def _apply(self, writes):
        disk = bytearray(self.before)
        for write in writes:
            disk[write.offset:write.offset + len(write.data)] = write.data
        return bytes(disk)


def checksum(text):
    """FNV-1a, 64 bits."""
    value = 0xCBF29CE484222325
    for byte in text:
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


def sound(content):
    """The text of a checked file (control/loop/checked_file.hpp), or None."""
    found = FIRST_LINE.match(content)
    text = content[found.end():] if found else b""
    return text if found and int(found[1], 16) == checksum(text) else None


def texts(partition):
    """{name: text} of the checked files of a data partition, as the appliance would find them; an error if its file system
    does not mend itself."""
    with tempfile.TemporaryDirectory() as folder:
        image, files = pathlib.Path(folder) / "data", pathlib.Path(folder) / "files"
        image.write_bytes(partition)
        files.mkdir()
        # What mounting does: the journal is replayed. Nothing else may be left to do.
        subprocess.run(["/sbin/e2fsck", "-E", "journal_only", "-y", image], check=True, capture_output=True)
        subprocess.run(["/sbin/e2fsck", "-f", "-n", image], check=True, capture_output=True)
        subprocess.run(["/sbin/debugfs", "-R", f"rdump / {files}", image], check=True, capture_output=True)
        contents = {path.name: path.read_bytes() for path in files.iterdir() if path.is_file()}
    names = {name.removesuffix(PREDECESSOR).removesuffix(".new") for name in contents}
    found = {}
    for name in sorted(names):
        candidates = (contents.get(name), contents.get(name + PREDECESSOR))
        found[name] = next((text for text in map(sound, filter(None, candidates)) if text is not None), None)
    return {name: text for name, text in found.items() if text is not None}


def moments(cuts, count, seed=1):
    """So many, spread over the log by chance, the last one among them."""
    chance = random.Random(seed)
    return sorted({*(chance.randrange(1, len(cuts.log) + 1) for _ in range(count - 1)), len(cuts.log)})
