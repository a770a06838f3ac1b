"""The meter of perf/vm against a guest that is not there: it forwards a packet for so many instructions that it is granted."""
import socket

import pytest

from perf.guests.meter import Cost, Meter, Starved
from perf.guests.peers import Stream

PACKET = b"p" * 60


class Guest:
    """A router with a ring, a NIC a side: of each packet's `cost` instructions `kernel` are the kernel's, `driver` the driver's.
    It may keep what it gets."""

    def __init__(self, cost, kernel=0, driver=0, forwards=True, gulps=()):
        self.cost, self.kernel, self.driver, self.forwards = cost, kernel, driver, forwards
        self.gulps = list(gulps)  # numbers of the grants that it exceeds by far
        (self.wires, self.ends) = zip(*(pair() for _ in range(2)))
        self.counter = self
        self.executed = self.credit = self.packets = self.grants = 0

    def hold(self):
        pass

    def counts(self):
        return self.executed, self.packets * self.kernel, self.packets * self.driver

    def run(self, instructions):
        self.grants += 1
        if self.grants in self.gulps:
            instructions *= 10
        self.executed += round(instructions)
        self.credit += round(instructions)
        while self.credit >= self.cost and (frame := received(self.ends[1])):
            self.credit -= self.cost
            self.packets += 1
            if self.forwards:
                self.ends[0].send(frame)


def pair():
    ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    for end in ends:
        end.setblocking(False)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    return ends


def received(end):
    try:
        return end.recv(100)
    except BlockingIOError:
        return None


def measured(guest):
    meter = Meter(guest, lambda number, frame: None)
    return meter.measure(Stream([PACKET], 1, lambda frame: frame == PACKET), 5000)


@pytest.mark.parametrize("cost", [500, 3000, 10_000])
def test_what_a_packet_costs_is_found_whatever_it_is(cost):
    assert measured(Guest(cost, cost // 4, cost // 2)) == pytest.approx(Cost(cost, cost / 4, cost / 2), rel=0.02)


def test_a_measurement_in_which_the_ring_was_empty_is_done_again():
    assert measured(Guest(500, gulps=[150])).all == pytest.approx(500, rel=0.02)


def test_a_guest_whose_ring_is_always_empty_is_told_of():
    with pytest.raises(Starved, match="ring empty"):
        measured(Guest(500, gulps=range(150, 10_000)))


def test_a_guest_that_passes_nothing_on_is_told_of():
    with pytest.raises(RuntimeError, match="no packet passes any more"):
        measured(Guest(1000, forwards=False))
