"""What docs/performance.md says last of the pinned instruction counts is what is pinned."""
from perf.instructions import pinned
from tests.checks.finding import Finding


def documented():
    line, counts = pinned.documented()
    if counts == pinned.read():
        return []
    return [Finding("docs/performance.md", line, "not what perf/instructions/pinned.json says; perf/count --pin \"WHY\" writes both")]
