"""`perf/vm`: boots a guest, measures what can forward in it, one after another, and prints one table."""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from perf.guests import peers
from perf.guests.counting import CountedGuest
from perf.guests.meter import Meter
from perf.guests.subjects import Gate41, MacSwap, Sit
from tests.lab.netns import Lab, clean_up_when_ended

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(f"{os.environ.get('GATE41_BUILD', ROOT / 'build')}-release")
PROGRAMS = (BUILD / "control/gate41d", BUILD / "control/tool/gate41", "dpdk-testpmd", "ip6tables-legacy")
SUBJECTS = {"sit and ip6tables": Sit, "testpmd macswap": MacSwap, "gate41": Gate41}
DIRECTIONS = {"encap": lambda: peers.Stream(peers.outward(), 1, peers.is_forwarded),
              "decap": lambda: peers.Stream(peers.inward(), 0, peers.is_forwarded)}
# gate41 against them: at most so much.
TARGETS = {"sit and ip6tables": 1 / 13, "testpmd macswap": 1.7}
VECTORISED = ",mrg_rxbuf=off"


def measure(options, folder):
    """{subject: {direction: [instructions a packet, of each round]}}"""
    lab = Lab(folder, "g41count")
    try:
        guest = CountedGuest(lab, "counted", BUILD / "perf/guests/instructions.so", PROGRAMS,
                             VECTORISED if options.vectorised else "")
        guest.start()
        meter = Meter(guest, peers.answer)
        return {name: rounds(subject(guest), meter, options) for name, subject in SUBJECTS.items()}
    finally:
        lab.close()


def rounds(subject, meter, options):
    subject.start(meter)
    found = {name: [] for name in DIRECTIONS}
    # The first round opens the flows. Nothing happens in between: the guest's time would go on, and flows end.
    for number in range(options.rounds + 1):
        for name, stream in DIRECTIONS.items():
            cost = meter.measure(stream(), options.packets if number else peers.FLOWS)
            if number:
                found[name].append(cost)
    meter.guest.counter.run_free()
    subject.stop()
    return found


def mean(values):
    return sum(values) / len(values)


def table(found):
    print(f"{'instructions a packet':24}" + "".join(f"{name:>9}" for name in DIRECTIONS) + "   rounds differ by")
    for subject, costs in found.items():
        apart = max(max(values) / min(values) - 1 for values in costs.values())
        print(f"{subject:24}" + "".join(f"{mean(costs[name]):9.0f}" for name in DIRECTIONS) + f"   {apart:.2%}")
    print()
    for subject, target in TARGETS.items():
        ratios = [mean(found["gate41"][name]) / mean(found[subject][name]) for name in DIRECTIONS]
        told = "  ".join(f"{name} {ratio:.3f}" for name, ratio in zip(DIRECTIONS, ratios))
        print(f"gate41 / {subject}: {told}  (at most {target:.3f}: {'met' if max(ratios) <= target else 'MISSED'})")


def where():
    def first_line(*argv):
        return subprocess.run(argv, check=True, capture_output=True, text=True, cwd=ROOT).stdout.splitlines()[0]
    return f"{first_line('qemu-system-x86_64', '--version')}, commit {first_line('git', 'describe', '--always', '--dirty')}"


def arguments():
    parser = argparse.ArgumentParser(prog="perf/vm", description="Counts a virtual machine's instructions for a forwarded packet: "
                                     "with gate41, with testpmd, with Linux' sit and ip6tables. Two minutes; needs no KVM.")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--packets", type=int, default=20_000, help="of a round, in each direction (default: %(default)s)")
    parser.add_argument("--vectorised", action="store_true", help="NICs without mergeable buffers, so that DPDK's vectorised path serves")
    parser.add_argument("--keep", metavar="NAME", help="the figures into perf/results/NAME.json")
    return parser.parse_args()


def main():
    options = arguments()
    clean_up_when_ended()
    with tempfile.TemporaryDirectory(prefix="gate41-vm-") as folder:
        found = measure(options, pathlib.Path(folder))
    table(found)
    if options.keep:
        told = {"where": where(), "vectorised": options.vectorised, "flows": peers.FLOWS, "instructions a packet": found}
        (ROOT / f"perf/results/{options.keep}.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
