"""Two revisions measured in turn: a run of one, a run of the other, and again."""
import pathlib
import subprocess
import sys
import tempfile

from perf.report import programs, results

HERE = "."  # what lies in the working tree


def commit_of(name):
    """The full hash of a revision; None where git knows none."""
    answer = subprocess.run(["git", "-C", results.ROOT, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"],
                            stdout=subprocess.PIPE, text=True, check=False)
    return answer.stdout.strip() or None


def build(name):
    """The program of a revision, from a tree of its own in build-compare/."""
    if name == HERE:
        return programs.build(programs.PIPELINE)
    tree = results.ROOT / "build-compare" / commit_of(name)[:12]
    if not tree.exists():
        subprocess.run(["git", "-C", results.ROOT, "worktree", "add", "--quiet", "--detach", tree, name], check=True)
    return programs.build(programs.PIPELINE, tree)


def measure(programs, rounds, options):
    """A result for each program, with a run of every round."""
    merged = [None] * len(programs)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "run.json"
        for number in range(rounds):
            print(f"\rround {number + 1} of {rounds}", end="", file=sys.stderr)
            for i, program in enumerate(programs):
                subprocess.run([program, "--runs", "1", "--json", path, *options], check=True, stdout=subprocess.DEVNULL)
                merged[i] = add(merged[i], results.load(path))
    print(file=sys.stderr)
    return merged


def add(before, more):
    if before is None:
        return more
    for row, new in zip(before["rows"], more["rows"]):
        for stage in results.STAGES:
            row[stage]["runs"] += new[stage]["runs"]
    return before
