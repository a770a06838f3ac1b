"""The procedures of RFC 8219 §7 (which are mostly RFC 2544 §26's), and of RFC 9693 for what has state.

Each takes a Bench, which runs trials, and returns what it found, with a row of the table in `text`.
"""
import concurrent.futures
import time

from . import search
from .trial import LEAST_OFFERED, Trial

# A search ends when what passes and what fails are so near, as a share of the highest value.
RESOLUTION = 0.01
LONGEST_BURST = 2  # seconds at the highest rate (RFC 2544 §26.4)
# Seconds of a trial with a reset, at least, and of those that pass before it: the tester has to have begun.
RESET_TRIAL, BEFORE_RESET = 30, 8
FIRST_CONNECTIONS = 1000
# Where it is not the rate that is asked for, a packet that was lost on the way to the device is sent again.
PATIENT = {"open-passes": 3}


class Bench:
    """`generate`: {option: value} -> what gate41-gen says; `reset`: makes the device forget its connections; `restart`: resets the
    device itself.

    None = nobody can. `most`: frame size -> the highest rate of the link, packets a second in each direction.
    """

    def __init__(self, generate, most, seconds=60.0, repeats=20, reset=None, restart=None, connections=100_000,
                 say=lambda text: None, clock=time.monotonic, sleep=time.sleep):
        self.generate, self.most, self.seconds, self.repeats = generate, most, seconds, repeats
        self.reset, self.restart, self.connections = reset, restart, connections
        self.say, self.clock, self.sleep = say, clock, sleep
        self.trials = []
        self.next_connection = 0  # each trial has its own
        self.throughputs = {}
        self.connection_rate = None

    def trial(self, size, rate, seconds=None, **options):
        settings = {"size": size, "rate": rate if rate == "max" else round(rate, 3), "seconds": seconds or self.seconds, **options}
        one_rate = rate != "max" and "then-rate" not in options
        trial = Trial(rate if one_rate else None, self.generate(settings))
        self.trials.append({"options": settings, "found": trial.found, "passes": trial.passes()})
        verdict = "passes" if trial.passes() else "the tester was too slow" if not trial.offered() else f"{trial.lost()} lost"
        self.say(f"{size} bytes at {settings['rate']}/s: {verdict}")
        return trial

    def throughput(self, size):
        """Found once a size: others begin from it."""
        if size not in self.throughputs:
            most, trials = self.most(size), {}

            def passes(rate):
                trials[rate] = self.trial(size, rate)
                return trials[rate].passes()

            rate = search.highest(passes, float(most), RESOLUTION * most)
            above = min((tried for tried in trials if tried > rate), default=None)
            self.throughputs[size] = {"rate": rate, "limited_by_tester": above is not None and not trials[above].offered()}
        return self.throughputs[size]


def throughput(bench, size):
    """§7.1: the highest rate at which nothing is lost, in each direction."""
    found = bench.throughput(size)
    limit = " (the tester offers no more)" if found["limited_by_tester"] else ""
    return {**found, "text": f"{found['rate']:,.0f} packets/s{limit}"}


def _repeated(bench, size, seconds, value_of):
    rate = bench.throughput(size)["rate"]
    if not rate:
        return None
    return [value_of(bench.trial(size, rate, seconds)) for _ in range(bench.repeats)]


NO_THROUGHPUT = {"text": "no rate passes without loss"}


def latency(bench, size):
    """§7.2: at the throughput, for twice as long; typical latency is the median, worst-case the 99.9th percentile."""
    pairs = _repeated(bench, size, 2 * bench.seconds, lambda trial: (trial.delay("p50"), trial.delay("p99_9")))
    if pairs is None:
        return NO_THROUGHPUT
    typical, worst = (search.summary(values) for values in zip(*pairs))
    text = f"typical {typical['median']:,.1f} us, worst case {worst['median']:,.1f} us"
    return {"typical_us": typical, "worst_case_us": worst, "text": text}


def pdv(bench, size):
    """§7.3.1: the 99.9th percentile of the delays above the least one."""
    values = _repeated(bench, size, bench.seconds, Trial.pdv)
    if values is None:
        return NO_THROUGHPUT
    found = search.summary(values)
    return {"pdv_us": found, "text": f"{found['median']:,.1f} us"}


def frame_loss(bench, size):
    """§7.4: what is lost at the link's highest rate, at 90 % of it, and so on."""
    found = search.ladder(lambda rate: bench.trial(size, rate).loss(), bench.most(size))
    rows = [{"share": share, "rate": share * bench.most(size), "loss_percent": loss} for share, loss in found.items()]
    text = ", ".join(f"{100 * share:.0f} %: {loss:.2f}" for share, loss in found.items())
    return {"rates": rows, "text": f"% lost at {text}"}


def back_to_back(bench, size):
    """§7.5: the longest burst, sent as fast as it goes, of which nothing is lost."""
    most = int(LONGEST_BURST * bench.most(size))

    def burst(count):
        return bench.trial(size, "max", count=count, seconds=60).passes()

    values = [search.highest(burst, most, max(1, most // 100)) for _ in range(bench.repeats)]
    found = search.summary(values)
    return {"packets": found, "text": f"{found['median']:,} packets"}


def recovery(bench, size):
    """§7.6: from overload at 110 % of the throughput to half of that; until when packets were lost."""
    rate = bench.throughput(size)["rate"]
    if not rate:
        return NO_THROUGHPUT
    overload = min(1.1 * rate, bench.most(size))
    values = [bench.trial(size, overload, 2 * bench.seconds, **{"then-rate": round(overload / 2, 3), "then-after": bench.seconds})
              .recovery() for _ in range(bench.repeats)]
    found = search.summary(values)
    return {"seconds": found, "overload": overload, "text": f"{1000 * found['median']:,.1f} ms"}


def reset(bench, size):
    """RFC 2544 §26.6 by the packets lost (RFC 6201 §4): for how long nothing passes while the device is reset, at its throughput."""
    if not bench.restart:
        return {"text": "needs --restart"}
    rate = bench.throughput(size)["rate"]
    if not rate:
        return NO_THROUGHPUT
    values = [_lost_by_a_reset(bench, size, rate) for _ in range(bench.repeats)]
    found = search.summary(values)
    return {"seconds": found, "text": f"{found['median']:,.1f} s" if found["median"] else "nothing was lost: was there a reset?"}


def _lost_by_a_reset(bench, size, rate):
    """Seconds, of the worse direction. It is the trial that has a thread: what a thread starts may end with it."""
    with concurrent.futures.ThreadPoolExecutor(1) as thread:
        trial = thread.submit(bench.trial, size, rate, max(bench.seconds, RESET_TRIAL))
        bench.sleep(BEFORE_RESET)
        bench.restart()
        return max(stream["lost"] / stream["rate"] for stream in trial.result().streams().values())


def _open(bench, size, connections, open_rate, **options):
    """Connections that the device has not met yet, each opened once and answered once: that validates it."""
    if bench.reset:
        bench.reset()
    settings = {"size": size, "flows": connections, "first-flow": bench.next_connection, "open-rate": round(open_rate, 3),
                "open-passes": 1, "count": 1, "mode": "lan", "seconds": 10, **options}
    bench.next_connection += connections
    found = bench.generate(settings)
    bench.trials.append({"options": settings, "found": found})
    return found


def connection_rate(bench, size):
    """RFC 9693: the maximum connection establishment rate, each connection validated by an answer through it."""
    most = bench.most(size)

    def passes(rate):
        connections = max(1, min(bench.connections, int(rate * bench.seconds)))
        opened = _open(bench, size, connections, rate)["opened"]
        bench.say(f"{connections} connections at {rate:.0f}/s: {opened['answered']} validated, {opened['rate']:.0f}/s reached")
        return opened["answered"] == connections and opened["rate"] >= LEAST_OFFERED * rate

    rate = search.highest(passes, float(most), RESOLUTION * most)
    bench.connection_rate = rate
    limit = " (no more were tried)" if rate == most else ""
    return {"connections_per_second": rate, "text": f"{rate:,.0f} connections/s{limit}"}


def _safe_connection_rate(bench, size):
    if bench.connection_rate is None:
        connection_rate(bench, size)
    return max(1.0, bench.connection_rate / 2)


def connection_tear_down(bench, size):
    """RFC 9693: the connection tear-down rate: how fast the device forgets all of so many when it is told to."""
    if not bench.reset:
        return {"text": "needs --reset"}
    opened = _open(bench, size, bench.connections, _safe_connection_rate(bench, size), **PATIENT)["opened"]["answered"]
    begin = bench.clock()
    bench.reset()
    rate = opened / (bench.clock() - begin)
    return {"connections": opened, "connections_per_second": rate, "text": f"{rate:,.0f} connections/s"}


def connection_capacity(bench, size):
    """RFC 9693: the connection tracking table capacity: so many connections were opened, at half the maximum rate, and a
    packet from the WAN passes by each."""
    rate = _safe_connection_rate(bench, size)

    def passes(connections):
        found = _open(bench, size, connections, rate, mode="wan", order="turn", count=connections, rate=round(rate, 3),
                      seconds=2 * connections / rate + 10, **PATIENT)
        trial = Trial(None, found)
        bench.say(f"{connections} connections: {found['opened']['answered']} validated, {trial.lost()} let no packet in")
        return found["opened"]["answered"] == connections and trial.passes()

    count = search.doubling(passes, FIRST_CONNECTIONS, bench.connections, max(1, FIRST_CONNECTIONS // 100))
    limit = " (no more were tried)" if count == bench.connections else ""
    return {"connections": count, "text": f"{count:,} connections{limit}"}


PROCEDURES = {"throughput": throughput, "latency": latency, "pdv": pdv, "frame-loss": frame_loss, "back-to-back": back_to_back,
              "recovery": recovery, "reset": reset, "connection-rate": connection_rate, "connection-tear-down": connection_tear_down,
              "connection-capacity": connection_capacity}
# They have nothing to do with the size of frames: the first one that was asked for is taken.
ONCE = ("reset", "connection-rate", "connection-tear-down", "connection-capacity")
