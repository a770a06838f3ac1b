"""Do the planted faults of scripts/mutate still fit the code?"""
from tests.checks.finding import Finding
from tests.mutate import tree
from tests.mutate.mutants import MUTANTS


def misfits():
    try:
        tree.with_faults(tree.sources(), MUTANTS)
    except tree.Misfit as misfit:
        return [Finding("tests/mutate/mutants", 0, str(misfit))]
    return []
