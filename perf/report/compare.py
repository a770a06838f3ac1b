"""perf/compare A B: is B faster than A?

Two results (files, or names in perf/results): the ratios to the minimum are compared, which each has measured beside it.
Two git revisions (`.`: the working tree): both are built and measured in turn, and cycles are compared. In both
cases the verdict knows the noise: a difference counts only beyond what chance makes of these runs, and beyond 6 % of
results, of revisions beyond 2 % and what the minimum has moved by, which is the same code on both sides.
"""
import argparse
import sys

from perf.report import noise, results, revisions

OTHER_TIMES = 0.06  # what ratios of two results differ by when nothing has changed
WORDS = {-1: "faster", 0: "no difference to be seen", 1: "SLOWER"}


def runs_of(row, stage="work"):
    return row[stage]["runs"]


def told_by_ratio(row, minimum):
    """Of measurements at other times: what it takes more than the minimum of the same run."""
    scale = noise.typical(runs_of(minimum))
    return [run / scale for run in runs_of(row)]


def rows(a, b, together):
    """(cell, what is typical of A, and of B, the difference, the drift) of what both have."""
    cells_a, cells_b = results.by_cell(a), results.by_cell(b)
    for cell in (cell for cell in cells_a if cell in cells_b):
        of_a, of_b = cells_a[cell], cells_b[cell]
        if not {"gate41", "minimum"} <= of_a.keys() & of_b.keys():
            continue
        drift = abs(noise.difference(runs_of(of_a["minimum"]), runs_of(of_b["minimum"])).ratio - 1)
        if together:
            told = runs_of(of_a["gate41"]), runs_of(of_b["gate41"])
        else:
            told = told_by_ratio(of_a["gate41"], of_a["minimum"]), told_by_ratio(of_b["gate41"], of_b["minimum"])
            drift = OTHER_TIMES
        yield cell, noise.typical(told[0]), noise.typical(told[1]), noise.difference(*told), drift


def tell(a, b, together):
    """Prints the table; True unless something is slower."""
    worst = -1
    print(f"{'cycles of gate41' if together else 'gate41 over minimum'}: what a quarter of the runs stays below\n")
    for cell, before, after, difference, drift in rows(a, b, together):
        verdict = difference.beyond(drift)
        worst = max(worst, verdict)
        print(f"{str(cell):62} {before:7.2f} -> {after:7.2f}  {100 * (difference.ratio - 1):+6.1f} % "
              f"[{100 * (difference.low - 1):+.1f}, {100 * (difference.high - 1):+.1f}]"
              f"{f', minimum moved {100 * drift:.1f} %' if together else ''}  {WORDS[verdict]}")
    print(f"\nB is, at its worst: {WORDS[worst]}")
    return worst < 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, prog="perf/compare",
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("a", metavar="A")
    parser.add_argument("b", metavar="B")
    parser.add_argument("--rounds", type=int, default=11, help="of revisions: how often each is measured")
    parser.add_argument("--flows", default="1,100000", help="of revisions: as pipeline_cost's")
    parser.add_argument("--cases", default="6to4 encap,6to4 decap,relay encap,relay decap", help="the same")
    options = parser.parse_args()
    names = [options.a, options.b]
    files = [results.find(name) for name in names]
    if all(files):
        return 0 if tell(*map(results.load, files), together=False) else 1
    unknown = [name for name in names if name != revisions.HERE and not revisions.commit_of(name)]
    if unknown:
        parser.error(f"neither a result nor a revision: {', '.join(unknown)}")
    words = ["--flows", options.flows, "--cases", options.cases]
    measured = revisions.measure([revisions.build(name) for name in names], options.rounds, words)
    return 0 if tell(*measured, together=True) else 1


if __name__ == "__main__":
    sys.exit(main())
