"""Mutator: good frames made bad where it hurts (lengths, header chains, versions); the same ones for the same seed."""
import random

LEAST, MOST = 14, 1514  # what a veth takes


class Mutator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def frame(self, seeds):
        """One of the seeds after one to four mutations; one in fifty is noise."""
        if self.random.random() < 0.02:
            return self.random.randbytes(self.random.randint(LEAST, MOST))
        frame = bytearray(self.random.choice(seeds))
        for _ in range(self.random.randint(1, 4)):
            self.random.choice((self.byte, self.bit, self.word, self.cut, self.grow, self.repeat))(frame)
        return bytes(frame[:MOST]).ljust(LEAST, b"\0")

    def place(self, frame, size=1):
        """Headers rather than data: half of the places lie in the first 100 bytes."""
        end = len(frame) - size
        return self.random.randint(0, max(0, min(end, 100) if self.random.random() < 0.5 else end))

    def byte(self, frame):
        frame[self.place(frame)] = self.random.choice((0, 1, 0x7F, 0x80, 0xFF, self.random.randrange(256)))

    def bit(self, frame):
        frame[self.place(frame)] ^= 1 << self.random.randrange(8)

    def word(self, frame):
        """Lengths and offsets: two bytes that are too small, too large, or just wrong."""
        at = self.place(frame, 2)
        frame[at:at + 2] = self.random.choice((0, 1, 7, 8, 39, 40, 1280, 0x7FFF, 0xFFFF)).to_bytes(2, "big")

    def cut(self, frame):
        del frame[self.random.randint(LEAST, max(LEAST, len(frame))):]

    def grow(self, frame):
        frame += self.random.randbytes(self.random.randint(1, 64))

    def repeat(self, frame):
        at, size = self.place(frame), self.random.randint(1, 48)
        frame[at:at] = frame[at:at + size]
