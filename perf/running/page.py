"""The page that turns.cpp fills from inside the daemon."""
import mmap
import struct
import time

CLASSES, WORKERS = 40, 8
HEAD, WORKER = 64, 384  # bytes; of a cache line's multiple
SIZE = HEAD + WORKERS * WORKER
PATIENCE = 10.0


class Turns:
    """Of one worker. Seconds; `by_length`: how many took from 2^n ns of its own time to twice that."""

    def __init__(self, data):
        self.round, self.turns, *times = struct.unpack_from("5Q", data)
        self.longest, self.its_wall, self.longest_wall = (time / 1e9 for time in times)
        self.by_length = struct.unpack_from(f"{CLASSES}Q", data, 40)

    def at_most(self, share):
        """What so many of the turns have not exceeded, to a factor of two."""
        left = share * sum(self.by_length)
        for number, count in enumerate(self.by_length):
            left -= count
            if left <= 0:
                return 2 ** (number + 1) / 1e9
        return float("inf")


class Page:
    def __init__(self, path):
        self.path = path
        path.write_bytes(bytes(SIZE))
        with open(path, "r+b") as file:
            self._page = mmap.mmap(file.fileno(), SIZE)

    def close(self):
        self._page.close()

    def worker(self, number=0):
        begin = HEAD + number * WORKER
        return Turns(self._page[begin:begin + WORKER])

    def forget(self):
        """Of the first worker; returns when it has."""
        wanted = struct.unpack_from("Q", self._page, 0)[0] + 1
        struct.pack_into("Q", self._page, 0, wanted)
        end = time.monotonic() + PATIENCE
        while self.worker().round != wanted:
            if time.monotonic() > end:
                raise TimeoutError("the worker does not turn, or turns.so was not loaded into the daemon")
            time.sleep(1e-3)
