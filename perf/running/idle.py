"""A gateway with naps and without traffic: what its threads take, and how late the first packet after a pause is."""
import random
import time

from perf.running import threads
from perf.running.arrivals import Arrivals
from perf.running.scene import is_packet, packet
from tests.lab.probes import percentile

SETTLED = 5.0  # seconds until nothing of the start goes on
PAUSE = 1.2, 1.9  # seconds: longer than the silence after which naps become long (dataplane/worker/idle.hpp)
BUSY = 1e-3  # between two packets, for comparison
PATIENCE = 5.0
TARGETS = {"worker": 0.05, "control": 0.01}  # of a core


def measure(bench, seconds, packets):
    """{"threads": {who: share of a core}, "delays": {what: [seconds]}}"""
    bench.start("moments", workers={"rx_mode": "adaptive"})
    time.sleep(SETTLED)
    shares = shares_of_threads(bench.daemon.process.pid, seconds)
    delays = {"after a pause": delayed(bench, packets, lambda: random.uniform(*PAUSE)),
              "one a millisecond": delayed(bench, 10 * packets, lambda: BUSY)}
    bench.stop()
    return {"threads": shares, "delays": delays}


def shares_of_threads(pid, seconds):
    before, began = threads.of_threads(pid), time.monotonic()
    time.sleep(seconds)
    after, passed = threads.of_threads(pid), time.monotonic() - began
    return {who_is(pid, *thread): (after[thread] - before[thread]).running / passed for thread in after if thread in before}


def who_is(pid, thread, name):
    """As DPDK names its threads; the first one is control's."""
    if thread == pid:
        return "control"
    return name.replace("rte-worker-", "worker ") if "worker" in name else name


def delayed(bench, packets, pause):
    """Seconds from the LAN's wire to the WAN's, a packet at a time."""
    arrivals = Arrivals(bench.lab.namespace("gw-wan"), "peer0", is_packet)
    found = []
    for number in range(packets):
        frame = bench.from_lan(packet(number))
        time.sleep(pause())
        sent = time.time_ns()
        bench.wires["lan"].send(frame)
        arrived = arrivals.next(PATIENCE)
        if arrived is None:
            raise RuntimeError(f"packet {number} is not forwarded within {PATIENCE} s")
        found.append((arrived - sent) / 1e9)
    arrivals.close()
    return found


def rows(found):
    """(name, its figures in words)"""
    for who, share in sorted(found["threads"].items()):
        target = next((target for name, target in TARGETS.items() if who.startswith(name)), None)
        verdict = "" if target is None else f"; at most {target:.0%}: {'met' if share <= target else 'MISSED'}"
        yield f"idle, {who}", f"{share:.2%} of a core{verdict}"
    for what, delays in found["delays"].items():
        told = ", ".join(f"{name} {1e6 * percentile(delays, share):.0f}"
                         for name, share in (("p10", 0.1), ("median", 0.5), ("p90", 0.9), ("p99", 0.99)))
        yield f"a packet's delay, {what}", f"{told}, at most {1e6 * max(delays):.0f} us ({len(delays)} packets)"
