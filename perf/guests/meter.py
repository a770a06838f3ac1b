"""Instructions a packet of a guest that always finds its ring full.

The guest runs for as many instructions as it needs for a quarter of the ring, is held, what it has sent is taken, and the
ring is filled again: it never waits, and how fast the machine around it is makes no difference.
"""
import time
import typing

RING = 224  # of 256 descriptors
STEP = 56  # packets
BURST = 32  # less than this left in the ring is too little
FIRST_STEP, SMALLEST_STEP, LARGEST_STEP = 20_000, 5_000, 1_000_000  # instructions
WARM_UP = 5000
QUIET, CERTAINLY_QUIET = 2e-3, 0.05  # seconds
LOOK = 0.5
PATIENCE = 100  # steps
ATTEMPTS = 5  # at a measurement in which the guest has never starved


class Cost(typing.NamedTuple):
    """Instructions a packet, and those of them that are the kernel's, and gate41's driver's."""
    all: float
    kernel: float
    driver: float


class Starved(RuntimeError):
    """The ring was not filled in time: what has passed until then is worth nothing."""


class Meter:
    def __init__(self, guest, answer):
        self.guest, self.answer = guest, answer
        self.step = FIRST_STEP

    def live(self, seconds, until=lambda: False):
        """The guest runs as it likes, and is answered."""
        self.guest.counter.run_free()
        end = time.monotonic() + seconds
        while time.monotonic() < end and not until():
            pause = time.monotonic() + LOOK
            while time.monotonic() < pause:
                self._pump()
                time.sleep(1e-3)

    def measure(self, stream, packets):
        """The Cost of a packet, over so many. The guest is held before and after."""
        self.guest.counter.hold()
        self.step = FIRST_STEP
        self._run(stream, WARM_UP, may_starve=True)
        cost = self._run_without_starving(stream, packets)
        self._drain(stream)
        return cost

    def _run_without_starving(self, stream, packets):
        """On a machine with much else to do QEMU may hand over so late that the guest seems to need more instructions."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._run(stream, packets)
            except Starved:
                if attempt == ATTEMPTS:
                    raise
                self.step = FIRST_STEP

    def _run(self, stream, packets, may_starve=False):
        self._settle(stream, CERTAINLY_QUIET)
        counter, received, idle = self.guest.counter, stream.received, 0
        counts = counter.counts()
        while stream.received < received + packets:
            self._fill(stream)
            before = stream.received
            counter.run(self.step)
            self._settle(stream)
            if stream.received - before < STEP / 2:  # or QEMU has not had its turn
                self._settle(stream, CERTAINLY_QUIET)
            self._adapt(stream.received - before)
            if stream.under_way < BURST and not may_starve:
                raise Starved("the guest found its ring empty")
            idle = idle + 1 if stream.received == before else 0
            if idle > PATIENCE:
                raise RuntimeError(f"no packet passes any more; {stream.sent} were sent, {stream.received} came out")
        self._settle(stream, CERTAINLY_QUIET)
        return Cost(*((after - before) / (stream.received - received) for before, after in zip(counts, counter.counts())))

    def _drain(self, stream):
        """Nothing of this stream is left for the next one."""
        for _ in range(PATIENCE):
            if stream.under_way > 0:
                self.guest.counter.run(self.step)
                self._settle(stream)

    def _adapt(self, passed):
        if passed > 1.5 * STEP:
            self.step = max(self.step * 0.7, SMALLEST_STEP)
        elif passed < 0.5 * STEP:
            self.step = min(self.step * 1.1, LARGEST_STEP)

    def _fill(self, stream):
        wire = self.guest.wires[stream.into]
        while stream.under_way < RING:
            wire.send(next(stream.frames))
            stream.sent += 1

    def _settle(self, stream, quiet=QUIET):
        """Until QEMU has handed over what the guest has sent."""
        end = time.monotonic() + quiet
        while time.monotonic() < end:
            if self._pump(stream):
                end = time.monotonic() + quiet
            time.sleep(QUIET / 20)

    def _pump(self, stream=None):
        """Takes what the guest has sent, answers whom it asks. True: there was something."""
        any_frame = False
        for number, wire in enumerate(self.guest.wires):
            for frame in waiting(wire):
                any_frame = True
                if stream and number != stream.into and stream.passed(frame):
                    stream.received += 1
                elif reply := self.answer(number, frame):
                    wire.send(reply)
        return any_frame


def waiting(wire):
    while True:
        try:
            yield wire.recv(65536)
        except BlockingIOError:
            return
