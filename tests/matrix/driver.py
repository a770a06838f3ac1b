"""The packet path in a process (driver/main.cpp): frames in, and for each what became of it."""
import os
import pathlib
import struct
import subprocess
import typing

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIMIT = 300  # seconds until a driver that hangs has failed


class Outcome(typing.NamedTuple):
    moved: dict  # counter: by how much
    frames: list  # (device, bytes)


def program():
    return pathlib.Path(os.environ.get("GATE41_BUILD", ROOT / "build")) / "tests/matrix/matrix_driver"


def run(scenario, frames, pause=1000_000):
    """frames: (device, bytes), `pause` milliseconds apart. The default lets every flow and every rate limit run out."""
    text = scenario.encode()
    parts = [struct.pack("!I", len(text)), text]
    for device, frame in frames:
        parts += struct.pack("!IHH", pause, device, len(frame)), frame
    result = subprocess.run([program()], input=b"".join(parts), stdout=subprocess.PIPE, check=True, timeout=LIMIT)
    outcomes = list(read(result.stdout))
    if len(outcomes) != len(frames):
        raise RuntimeError(f"{len(frames)} frames, but {len(outcomes)} outcomes")
    return outcomes


def read(data):
    length, = struct.unpack_from("!I", data)
    names = data[4:4 + length].decode().splitlines()
    at = 4 + length
    while at < len(data):
        moved, at = read_list(data, at, "!HH")
        frames = []
        count, = struct.unpack_from("!H", data, at)
        at += 2
        for _ in range(count):
            device, size = struct.unpack_from("!HH", data, at)
            frames.append((device, data[at + 4:at + 4 + size]))
            at += 4 + size
        yield Outcome({names[number]: amount for number, amount in moved}, frames)


def read_list(data, at, form):
    count, = struct.unpack_from("!H", data, at)
    size = struct.calcsize(form)
    return [struct.unpack_from(form, data, at + 2 + i * size) for i in range(count)], at + 2 + count * size
