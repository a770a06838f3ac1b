"""`perf/moments`: measures one thing after another, and prints a table."""
import argparse
import contextlib
import json
import pathlib
import sys

from perf.report.programs import where
from perf.running import idle, start, turns
from tests.e2e.sites import GatewayBench
from tests.lab.internet import Internet
from tests.lab.netns import LabInUse, clean_up_when_ended, remove_folder, temporary_folder

ROOT = pathlib.Path(__file__).resolve().parents[2]
PREFIX = "g41mo"


@contextlib.contextmanager
def world():
    """An empty lab, which is gone afterwards."""
    folder = temporary_folder("moments")
    try:
        with Internet(folder, PREFIX) as made:
            yield made
    finally:
        remove_folder(folder)


def measure_start(options):
    with world() as lab:
        bench = GatewayBench(lab)
        return {name: start.measure(bench, huge, options.repeats) for name, huge in (("huge pages", True), ("plain memory", False))}


def measure_idle(options):
    with world() as lab:
        return idle.measure(GatewayBench(lab), options.seconds, options.packets)


def measure_turns(options):
    with world() as lab:
        return turns.of_gateway(lab, options.flows)


def measure_routes(options):
    with world() as lab:
        return turns.of_relay(lab, options.routes)


PARTS = {"start": (measure_start, start.rows), "idle": (measure_idle, idle.rows), "turns": (measure_turns, turns.rows),
         "routes": (measure_routes, turns.rows)}


def arguments():
    parser = argparse.ArgumentParser(prog="perf/moments", epilog="PART: " + " ".join(PARTS), description="What a running gate41d takes "
                                     "in moments that no packet rate tells of. Judges nothing but the targets.")
    parser.add_argument("parts", metavar="PART", nargs="*", help="only these")
    parser.add_argument("--repeats", type=int, default=5, help="starts (%(default)s)")
    parser.add_argument("--seconds", type=float, default=10, help="of idleness (%(default)s)")
    parser.add_argument("--packets", type=int, default=60, help="after a pause each (%(default)s)")
    parser.add_argument("--flows", type=int, default=1_000_000, help="while turns are timed (%(default)s)")
    parser.add_argument("--routes", type=int, default=200_000, help="of the relay whose turns are timed while some go and come (%(default)s)")
    parser.add_argument("--keep", metavar="NAME", help="the figures into perf/results/NAME.json")
    options = parser.parse_args()
    for name in options.parts:
        if name not in PARTS:
            parser.error(f"unknown part {name}; there are: {' '.join(PARTS)}")
    return options


def rounded(value):
    """To a microsecond: nothing is known more exactly."""
    if isinstance(value, dict):
        return {name: rounded(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [rounded(inner) for inner in value]
    return round(value, 6) if isinstance(value, float) else value


def keep(found, name):
    """A part a line, beside what was kept of other parts."""
    path = ROOT / f"perf/results/{name}.json"
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    lines = ",\n".join(f" {json.dumps(part)}: {json.dumps(rounded(figures))}" for part, figures in (before | found).items())
    path.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


def main():
    options = arguments()
    clean_up_when_ended()
    found = {}
    try:
        for name in options.parts or PARTS:
            measure, rows = PARTS[name]
            figures = measure(options)
            found[name] = {"where": where(), **figures}
            print("\n".join(f"| {what} | {told} |" for what, told in rows(figures)), flush=True)
    except LabInUse as error:
        print(f"{error}; end it first", file=sys.stderr)
        return 1
    if options.keep:
        keep(found, options.keep)
    return 0


if __name__ == "__main__":
    sys.exit(main())
