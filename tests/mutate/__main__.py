"""`scripts/mutate`: small breakages of the code, one at a time; the tests must turn red for each."""
import argparse
import concurrent.futures
import hashlib
import json
import subprocess
import sys

from tests.mutate import suite, tree
from tests.mutate.mutants import MUTANTS

RESULTS = tree.CACHE / "results.json"


class Results:
    """What was found before, by the code and the fault; it outlives a run that was cut off."""

    def __init__(self, digest):
        self.digest = digest
        self.known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}

    def key(self, mutant):
        return hashlib.sha256(f"{self.digest} {mutant!r}".encode()).hexdigest()

    def get(self, mutant):
        return self.known.get(self.key(mutant))

    def put(self, mutant, killer):
        self.known[self.key(mutant)] = killer
        RESULTS.write_text(json.dumps(self.known, indent=0))


def tell(mutant, killer):
    """True when all is well with this fault."""
    if killer:
        print(f"{mutant.id}: killed by {killer}", flush=True)
        return not mutant.survives
    print(f"{mutant.id}: SURVIVED" + (f" ({mutant.survives})" if mutant.survives else f": {mutant.why}"), flush=True)
    return bool(mutant.survives)


def judge(mutant, program, results):
    """The tests that are named, then the rest of their program."""
    number = MUTANTS.index(mutant) + 1
    killer = suite.run(program, mutant.filter, number) or suite.run(program, "*", number) or ""
    results.put(mutant, killer)
    return killer


def red_without_fault(mutants, programs, pool):
    """(room, filter) -> why it can judge nothing."""
    wanted = sorted({(m.room, m.filter) for m in mutants} | {(m.room, "*") for m in mutants})

    def check(pair):
        return suite.run(programs[pair[0]], pair[1]) if pair[0] in programs else f"no test program of {pair[0]}"
    return {pair: why for pair, why in zip(wanted, pool.map(check, wanted)) if why}


def run(mutants, results, jobs):
    """How many are well and how many are not."""
    programs = suite.build(sorted({m.room for m in mutants}), jobs)
    counts = {True: 0, False: 0}
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        red = red_without_fault(mutants, programs, pool)
        futures = {}
        for mutant in mutants:
            why = red.get((mutant.room, mutant.filter)) or red.get((mutant.room, "*"))
            if why:
                print(f"{mutant.id}: not judged, red without it: {why}", flush=True)
                counts[False] += 1
            else:
                futures[pool.submit(judge, mutant, programs[mutant.room], results)] = mutant
        for future in concurrent.futures.as_completed(futures):
            counts[tell(futures[future], future.result())] += 1
    return counts[True], counts[False]


def arguments():
    closing = " Ends with `N passed, N failed, N skipped`; passed are those that turned a test red."
    parser = argparse.ArgumentParser(prog="scripts/mutate", description=__doc__.strip() + closing)
    parser.add_argument("--list", action="store_true", help="the faults, and nothing more")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("ids", metavar="ID", nargs="*", help="only these faults, or those that begin so")
    options = parser.parse_args()
    options.mutants = [m for m in MUTANTS if not options.ids or m.id.startswith(tuple(options.ids))]
    if not options.mutants:
        parser.error("no such fault; see --list")
    return options


def main():
    options = arguments()
    if options.list:
        for mutant in options.mutants:
            print(f"{mutant.id:32} {mutant.file}: {mutant.why}")
        return 0
    files = tree.sources()
    try:
        tree.write(tree.with_faults(files, MUTANTS))
    except tree.Misfit as misfit:
        sys.exit(f"scripts/mutate: {misfit}")
    results = Results(tree.digest(files))
    done = [m for m in options.mutants if results.get(m) is not None]
    failed = sum(not tell(m, results.get(m)) for m in done)
    passed = len(done) - failed
    rest = [m for m in options.mutants if results.get(m) is None]
    if rest:
        try:
            more_passed, more_failed = run(rest, results, options.jobs)
        except subprocess.CalledProcessError as error:
            sys.exit(f"scripts/mutate: {error}")
        passed, failed = passed + more_passed, failed + more_failed
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
