"""`perf/rfc8219`: the procedures, one after another, and the table."""
import argparse
import contextlib
import json
import pathlib
import subprocess
import sys
import tempfile

from tests.lab.daemon import build_folder
from tests.lab.internet import Internet
from tests.lab.netns import LabInUse, clean_up_when_ended, run
from tests.lab.under_test import SETUPS, UnderTest

from . import report
from .procedures import ONCE, PROCEDURES, Bench

SIZES = ["84", "128", "256", "512", "768", "1024", "1280"]  # RFC 8219 §5.1, those that need no fragments
IMIX = (7 * 84 + 4 * 512 + 1280) / 12
# Preamble and gap of Ethernet, and the outer header: the tunnel's side is the narrower one.
OVERHEAD = 20 + 20
LAB_RATE = 20_000
# On shared cores nobody sends in time.
LAB = ["--lan-hosts", "100", "--flows", "1000", "--catch-up", "100"]
QUICK_CONNECTIONS = 10_000
LONGER = 120  # seconds beyond what the generator itself may take


def arguments():
    parser = argparse.ArgumentParser(
        prog="perf/rfc8219", usage="%(prog)s [options] [-- OPTIONS OF gate41-gen]",
        description="Benchmarks a 6to4, 6rd or 6in4 device by RFC 8219, and its state by RFC 9693. What comes after -- says where the "
        "device is (gate41-gen(1)): for a stateful one with --open-rate.", epilog="PROCEDURE: " + " ".join(PROCEDURES))
    parser.add_argument("procedures", metavar="PROCEDURE", nargs="*", help="only these")
    parser.add_argument("--lab", choices=SETUPS, help="a device of our own, in network namespaces: to try the procedures")
    parser.add_argument("--sizes", default=",".join(SIZES), help="of frames: %(default)s; imix")
    parser.add_argument("--seconds", type=float, default=60, help="of a trial (60)")
    parser.add_argument("--repeats", type=int, default=20, help="of latency, pdv, back-to-back, recovery and reset (20)")
    parser.add_argument("--quick", action="store_true", help=f"one second, once, 84 bytes, {QUICK_CONNECTIONS} connections: not by the RFCs")
    parser.add_argument("--gbit", type=float, default=10, help="of the links (10)")
    parser.add_argument("--most", type=float, help="packets a second in each direction at most, if that is less")
    parser.add_argument("--connections", type=int, default=100_000, help="at most (100000)")
    parser.add_argument("--reset", metavar="COMMAND", help="makes the device forget its connections")
    parser.add_argument("--restart", metavar="COMMAND", help="resets the device itself; returns when it has")
    parser.add_argument("--dedicated", action="store_true", help="tester and device have cores and links of their own")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="everything that was found, trial by trial")
    ours, generators = split(sys.argv[1:])
    options = parser.parse_args(ours)
    options.generator = generators
    for name in options.procedures:
        if name not in PROCEDURES:
            parser.error(f"unknown procedure {name}; there are: {' '.join(PROCEDURES)}")
    if not options.lab and not generators:
        parser.error("where is the device? options of gate41-gen after --, or --lab")
    if options.quick:
        options.seconds, options.repeats, options.sizes = 1, 1, "84"
        options.connections = min(options.connections, QUICK_CONNECTIONS)
    return options


def split(words):
    at = words.index("--") if "--" in words else len(words)
    return words[:at], words[at + 1:]


def line_rate(gbit, most):
    """Frame size -> packets a second."""
    def rate(size):
        bits = ((IMIX if size == "imix" else int(size)) + OVERHEAD) * 8
        return min(gbit * 1e9 / bits, most or float("inf"))
    return rate


def words_of(settings):
    return [word for key, value in settings.items() for word in (f"--{key}", str(value))]


def on_ports(command):
    """{option: value} -> what the generator says, with these words before its options."""
    def generate(settings):
        limit = LONGER + 4 * float(settings["seconds"]) + float(settings.get("flows", 0)) / float(settings.get("open-rate", 1))
        result = subprocess.run([*command, *words_of(settings)], capture_output=True, text=True, timeout=limit, check=False)
        if result.returncode != 0:
            raise RuntimeError(result.stderr.strip())
        return json.loads(result.stdout)
    return generate


@contextlib.contextmanager
def device(options):
    """(generate, reset, restart, where the device is)"""
    program = str(build_folder().with_name(f"{build_folder().name}-release") / "perf/generator/gate41-gen")
    if not options.lab:
        yield on_ports([program, *options.generator]), told(options.reset), told(options.restart), " ".join(options.generator)
        return
    with tempfile.TemporaryDirectory(prefix="gate41-rfc8219-") as folder, Internet(pathlib.Path(folder), "g41rf") as world:
        devices = UnderTest(world, options.lab, filter={"max_flows": 65536})
        opening = [] if options.lab == "relay" else ["--open-rate", "5000"]
        place = ["ip", "netns", "exec", devices.place.name]
        reset = None if options.lab == "relay" else devices.forget_flows
        yield on_ports([*place, *devices.command(), *LAB, *opening, *options.generator]), reset, devices.restart, f"lab: {options.lab}"


def told(command):
    """What runs it; None where there is none."""
    return (lambda: run("sh", "-c", command)) if command else None


def measure(bench, names, sizes, say):
    """({procedure: {size: found}}, whether that is all); an interrupt or an error leaves what was found before."""
    results = {}
    try:
        for name in names:
            for size in sizes[:1] if name in ONCE else sizes:
                say(f"== {name}, {size}")
                results.setdefault(name, {})[size] = PROCEDURES[name](bench, size)
    except (KeyboardInterrupt, RuntimeError, subprocess.TimeoutExpired) as error:
        say(f"ended early: {error or 'interrupted'}")
        return results, False
    return results, True


def main():
    options = arguments()
    clean_up_when_ended()
    sizes = options.sizes.split(",")
    most = options.most or (LAB_RATE if options.lab else None)

    def say(text):
        print(text, file=sys.stderr, flush=True)

    try:
        with device(options) as (generate, reset, restart, where):
            bench = Bench(generate, line_rate(options.gbit, most), options.seconds, options.repeats, reset, restart, options.connections, say)
            results, complete = measure(bench, options.procedures or [*PROCEDURES], sizes, say)
    except LabInUse as error:
        say(f"{error}; end it first")
        return 1
    here = report.machine()
    caveat = report.caveat(options.dedicated, here["cores"])
    print(f"{report.table(results, sizes)}\n\n{here['processor']}, {here['cores']} cores, load {here['load']:.1f}, {here['date']}; "
          f"trials of {options.seconds:g} s, {options.repeats} repetitions.\n{caveat}")
    if options.json:
        options.json.write_text(json.dumps({"machine": here, "caveat": caveat, "device": where, "seconds": options.seconds,
                                            "repeats": options.repeats, "results": results, "trials": bench.trials}, indent=1) + "\n",
                                encoding="utf-8")
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
