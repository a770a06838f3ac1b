"""From the start of the process to the first packet that it forwards: a static WAN, and a LAN host that sends all the while."""
import time

from perf.running import threads
from perf.running.arrivals import Arrivals
from perf.running.scene import is_packet, packet
from tests.lab.daemon import Daemon, program
from tests.lab.netns import wait_for

EVERY = 1e-3  # seconds between two packets
PATIENCE = 60.0
TARGET = 1.0  # seconds


def measure(bench, huge_pages, repeats):
    """[{"wall", "running", "waiting"}]: seconds of each start; the daemon's on a core, and of being ready without one."""
    return [once(bench, huge_pages) for _ in range(repeats)]


def once(bench, huge_pages):
    bench.open_wires()
    arrivals = Arrivals(bench.lab.namespace("gw-wan"), "peer0", is_packet)
    config = bench.config(eal={"hugepages": huge_pages})
    bench.daemon = Daemon(bench.namespace, "moments", config)
    frame = bench.from_lan(packet(0))
    began = time.time_ns()
    bench.daemon.process = bench.namespace.popen(program("gate41d"), "--config", bench.daemon.config_path, log="moments")
    arrived = wait_for(lambda: send_and_look(bench, frame, arrivals), "a packet is forwarded", PATIENCE, every=0)
    taken = threads.of_process(bench.daemon.process.pid)
    arrivals.close()
    bench.stop()
    return {"wall": (arrived - began) / 1e9, **taken._asdict()}


def send_and_look(bench, frame, arrivals):
    bench.wires["lan"].send(frame)
    return arrivals.next(EVERY)


def rows(found):
    """(name, its figures in words)"""
    for name, starts in found.items():
        walls = sorted(start["wall"] for start in starts)
        middle = sorted(starts, key=lambda start: start["wall"])[len(starts) // 2]
        verdict = "met" if walls[len(walls) // 2] <= TARGET else "MISSED"
        yield f"start to first packet, {name}", (
            f"{walls[len(walls) // 2]:.2f} s ({walls[0]:.2f} to {walls[-1]:.2f}), of which {middle['running']:.2f} s on a core "
            f"and {middle['waiting']:.2f} s without one that was wanted; at most {TARGET:.0f} s: {verdict}")
