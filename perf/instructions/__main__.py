"""`perf/count`: instructions a packet, by case, and where they are."""
import argparse
import os
import pathlib
import sys

from perf.instructions import callgrind, pinned, stages

BUILD = os.environ.get("GATE41_BUILD", pinned.ROOT / "build")
PROGRAM = pathlib.Path(f"{BUILD}-release/perf/instructions/count")
OURS = "gate41::"
HERE = "gate41::perf::"
WIDTH = 25
LEAST = 5  # instructions a packet: less is not worth a line


def totals(cases):
    print("instructions a packet, one worker, net_ring, bursts of 32\n")
    for case in cases:
        print(f"{case.total:8.0f}  {case.name}")


def files(cases):
    print("\nby the file that they stand in")
    print("".join(f"{case.name:>{WIDTH}}" for case in cases))
    names = sorted({name for case in cases for name in case.by_file}, key=lambda name: -cases[0].by_file[name])
    for name in names:
        row = [case.by_file[name] for case in cases]
        if max(row) >= LEAST:
            print("".join(f"{cost:{WIDTH}.0f}" for cost in row), name)


def by_stage(cases):
    """Of the product's; the minima are one function each."""
    products = [case for case in cases if "minimum" not in case.name]
    found = {case.name: stages.by_stage(case) for case in products}
    print("\nby stage, and its budget")
    print("".join(f"{name:>{WIDTH}}" for name in found) + "  budget")
    for stage, budget in stages.BUDGET.items():
        print("".join(f"{costs[stage]:{WIDTH}.0f}" for costs in found.values()) + f"{budget:8}  {stage}")


def functions(case):
    print(f"\n{case.name}: by function\n     own  with calls")
    for name, cost in case.with_calls.most_common():
        if cost >= LEAST and name.startswith(OURS) and not name.startswith(HERE):
            print(f"{case.by_function[name]:8.0f}  {cost:10.0f}  {name.split('(std::')[0][:100]}")


def arguments():
    parser = argparse.ArgumentParser(prog="perf/count", description="Counts the instructions of a packet's way under callgrind, "
                                     "in the release build: the same number every time.")
    parser.add_argument("--functions", metavar="CASE", help="by function too, e.g. \"gateway encap\"")
    parser.add_argument("--check", action="store_true",
                        help=f"no table: exit 1 when a count is more than {100 * pinned.TOLERANCE:.0f} %% away from the pinned one")
    parser.add_argument("--pin", metavar="WHY", help="pin what is counted now: a row in docs/performance.md with this sentence")
    return parser.parse_args()


def main():
    options = arguments()
    cases = callgrind.count(PROGRAM)
    every = {case.name: round(case.total) for case in cases}
    counts = pinned.plain(every)
    if options.pin:
        pinned.pin(counts, options.pin)
    if options.check:
        moved = pinned.moved(counts) + pinned.dearer(every)
        print("\n".join(moved) or f"{len(counts)} counts are where they were pinned, {len(every) - len(counts)} with more around them no higher")
        return 1 if moved else 0
    totals(cases)
    cases = [case for case in cases if case.name in counts]
    by_stage(cases)
    files(cases)
    for case in cases:
        if case.name == options.functions:
            functions(case)
    return 0


if __name__ == "__main__":
    sys.exit(main())
