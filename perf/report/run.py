"""perf/run: what a packet costs, in one table; the figures stay in perf/results/NAME.json.

Without an option: everything, pairwise: the cases at all numbers of flows; sizes; virtio as in a guest; small bursts
(120 rows, three minutes), and a chart, NAME.svg.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

from perf.report import programs, results, tables

QUICK = [["--flows", "1,100000,1000000,4000000"]]
MAIN = "6to4 encap,6to4 decap,relay encap,relay decap"
FULL = [
    ["--flows", "1,1000,100000,1000000,4000000"],
    ["--cases", MAIN, "--flows", "100000", "--sizes", "128,512,1280,0"],
    ["--cases", MAIN, "--flows", "1,100000,1000000", "--wires", "split,vectorised,packed"],
    ["--cases", MAIN, "--flows", "100000", "--wires", "split,vectorised,packed", "--sizes", "512,0"],
    ["--cases", MAIN, "--flows", "100000", "--burst", "1"],
    ["--cases", MAIN, "--flows", "100000", "--burst", "8"],
]


def overridden(words, extra):
    """Options of the plan, but those that the caller has set."""
    kept = [word for option, value in zip(words[::2], words[1::2]) if option not in extra for word in (option, value)]
    return kept + extra


def rounded(row):
    """To a tenth of a cycle: nothing is known more exactly."""
    for stage in (*results.STAGES, *(part for part in results.WITHIN_WORK if part in row)):
        row[stage] = {"least": round(row[stage]["least"], 1), "median": round(row[stage]["median"], 1),
                      "runs": [round(run, 1) for run in row[stage]["runs"]]}
    return row


def keep(whole, path):
    """A row a line."""
    head = json.dumps({name: value for name, value in whole.items() if name != "rows"}, indent=1)[:-2]
    rows = ",\n".join("  " + json.dumps(row) for row in whole["rows"])
    path.write_text(f'{head},\n "rows": [\n{rows}\n ]\n}}\n', encoding="utf-8")


def measure(plan, name, extra):
    """Runs the plan, and keeps all rows in one result."""
    program, where = programs.build(programs.PIPELINE), programs.where()
    whole = None
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "part.json"
        for words in plan:
            subprocess.run([program, "--json", path, "--where", where, *overridden(words, extra)], check=True)
            part = results.load(path)
            whole = whole or part | {"rows": []}
            whole["rows"] += map(rounded, part["rows"])
            print()
    kept = results.RESULTS / f"{name}.json"
    keep(whole, kept)
    return kept


def judge(path):
    """Tells the targets that are missed."""
    cells = results.by_cell(results.load(path))
    missed = [f"{cell}: {ratio:.2f}, aimed at {target}" for cell, target, ratio in results.judged(cells) if ratio > target]
    print(f"{len(missed)} of {len(list(results.judged(cells)))} targets are missed" + "".join(f"\n  {line}" for line in missed))


def main():
    parser = argparse.ArgumentParser(prog="perf/run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     epilog="Further OPTIONs are pipeline_cost's (build-perf/perf/pipeline/pipeline_cost --help): "
                                     "--cases, --flows, --sizes, --wires, --runs, --bursts, --burst.")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--quick", metavar="NAME", nargs="?", const="quick",
                        help="every case, over net_ring, with the targets: a minute")
    choice.add_argument("--full", metavar="NAME", nargs="?", const="full", help="what is done without an option")
    choice.add_argument("--filter", metavar="NAME", nargs="?", const="filter",
                        help="the filter's stage alone, beside a bare rte_hash: a minute")
    choice.add_argument("--chart", metavar="NAME", help="measure nothing: draw NAME.svg from NAME.json again")
    choice.add_argument("--tables", metavar="NAME", help="measure nothing: print NAME.json as Markdown")
    options, extra = parser.parse_known_args()
    if options.filter:
        kept = results.RESULTS / f"{options.filter}.json"
        return subprocess.run([programs.build(programs.FILTER), kept, programs.where()], check=False).returncode
    if options.tables:
        print("\n\n".join(tables.tables(results.load(results.RESULTS / f"{options.tables}.json"))))
        return 0
    if options.quick:
        judge(measure(QUICK, options.quick, extra))
        return 0
    if options.chart:
        kept = results.RESULTS / f"{options.chart}.json"
    else:
        kept = measure(FULL, options.full or "full", extra)
        judge(kept)
    from perf.report import chart  # matplotlib takes a second, and is not always there
    print(chart.draw(kept, kept.with_suffix(".svg")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
