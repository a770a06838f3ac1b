"""`perf/vm`: boots a guest, measures what can forward in it, one after another, and prints one table."""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from perf.guests import peers, table
from perf.guests.counting import CountedGuest
from perf.guests.meter import Meter
from perf.guests.subjects import Gate41, MacSwap, Sit
from tests.lab.netns import Lab, clean_up_when_ended

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = os.environ.get("GATE41_BUILD", ROOT / "build")
PLUGIN = pathlib.Path(f"{BUILD}-release/perf/guests/instructions.so")
PACKAGE = pathlib.Path(f"{BUILD}-static/package")  # as scripts/package/static leaves it
SYMBOLS = pathlib.Path(f"{BUILD}-static/packaging/whole/gate41-whole")  # not stripped
DRIVER = re.compile(r"^([0-9a-f]+) ([0-9a-f]+) [tT] virtio_(?:recv|xmit)\w*$", re.MULTILINE)
PROGRAMS = (PACKAGE / "gate41d", PACKAGE / "gate41", "dpdk-testpmd", "ip6tables-legacy")
SUBJECTS = {"sit and ip6tables": Sit, "testpmd macswap": MacSwap, "gate41": Gate41}
DIRECTIONS = {"encap": lambda: peers.Stream(peers.outward(), 1, peers.is_forwarded),
              "decap": lambda: peers.Stream(peers.inward(), 0, peers.is_forwarded)}
VECTORISED = ",mrg_rxbuf=off"


def measure(options, folder):
    """{subject: {direction: [a packet's Cost, of each round]}}"""
    lab = Lab(folder, "g41count")
    try:
        guest = CountedGuest(lab, "counted", PLUGIN, PROGRAMS, driver(),
                             VECTORISED if options.vectorised else "")
        guest.start()
        meter = Meter(guest, peers.answer)
        return {name: rounds(subject(guest), meter, options) for name, subject in SUBJECTS.items()}
    finally:
        lab.close()


def driver():
    """(begin, end) of DPDK's virtio driver in gate41d, which is where it was linked to: its functions lie together."""
    symbols = subprocess.run(["nm", "--defined-only", "-S", SYMBOLS], check=True, capture_output=True, text=True).stdout
    places = [(int(begin, 16), int(size, 16)) for begin, size in DRIVER.findall(symbols)]
    return min(begin for begin, _ in places), max(begin + size for begin, size in places)


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


def where():
    def first_line(*argv):
        return subprocess.run(argv, check=True, capture_output=True, text=True, cwd=ROOT).stdout.splitlines()[0]
    return f"{first_line('qemu-system-x86_64', '--version')}, commit {first_line('git', 'describe', '--always', '--dirty')}"


def arguments():
    parser = argparse.ArgumentParser(prog="perf/vm", description="Counts a virtual machine's instructions for a forwarded packet: "
                                     "with gate41, with testpmd, with Linux' sit and ip6tables. Two minutes; needs no KVM.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--packets", type=int, default=20_000, help="of a round, in each direction (default: %(default)s)")
    parser.add_argument("--vectorised", action="store_true", help="NICs without mergeable buffers, so that DPDK's vectorised path serves")
    parser.add_argument("--keep", metavar="NAME", help="the figures into perf/results/NAME.json")
    return parser.parse_args()


def main():
    options = arguments()
    clean_up_when_ended()
    with tempfile.TemporaryDirectory(prefix="gate41-vm-") as folder:
        found = measure(options, pathlib.Path(folder))
    print(table.text(found))
    if options.keep:
        told = {"where": where(), "vectorised": options.vectorised, "flows": peers.FLOWS, **table.kept(found)}
        (ROOT / f"perf/results/{options.keep}.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
