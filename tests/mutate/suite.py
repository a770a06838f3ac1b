"""The test programs of the copy: built once, run with one fault or none."""
import json
import os
import pathlib
import re
import subprocess
import sys

from tests.mutate.tree import BUILD, TREE

MATRIX = "matrix"  # the room that is tests/matrix, in Python, around this program
DRIVER = BUILD / "tests/matrix/matrix_driver"
MODEL = "model"  # the room that is tests/model, this program
FILTER_MODEL = BUILD / "tests/model/filter_model"
NO_TESTS_COLLECTED = 5  # pytest's exit status
LIMIT = 120  # seconds; a fault may make a test wait for ever,
MEMORY = 2 << 30  # bytes; or remember for ever


def build(rooms, jobs):
    """Room -> program."""
    if not (BUILD / "build.ninja").exists():
        environment = {**os.environ, "CC": "ccache gcc", "CXX": "ccache g++", "CCACHE_BASEDIR": str(TREE)}
        subprocess.run(["meson", "setup", BUILD, TREE, "-Dbuildtype=debug", "-Dwerror=false"], check=True,
                       env=environment, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", BUILD, "--quiet", "build.ninja"], check=True)
    listed = subprocess.run(["meson", "introspect", "--tests", BUILD], check=True, capture_output=True,
                            text=True).stdout
    programs = {MATRIX: DRIVER, MODEL: FILTER_MODEL}
    for test in json.loads(listed):
        program = pathlib.Path(test["cmd"][0])
        programs.setdefault(program.parent.name, program)
    targets = [str(programs[room].relative_to(BUILD)) for room in rooms if room in programs]
    subprocess.run(["ninja", "-C", BUILD, "--quiet", f"-j{jobs}", *targets], check=True)
    return programs


def run(program, pattern, number=0):
    """None when green, otherwise what turned red first."""
    environment = {**os.environ, "GATE41_MUTANT": str(number)}
    if program == DRIVER:
        return run_matrix(pattern, environment)
    if program == FILTER_MODEL:
        return run_model(pattern, environment)
    argv = ["prlimit", f"--data={MEMORY}", program, f"--gtest_filter={pattern}", "--gtest_fail_fast", "--gtest_brief=1"]
    try:
        result = subprocess.run(argv, cwd=TREE, env=environment, timeout=LIMIT, capture_output=True, check=False,
                                text=True, errors="replace")
    except subprocess.TimeoutExpired:
        return f"{program.name} without an end"
    failed = re.search(r"^\[  FAILED  \] ([^\s,]+)", result.stdout, re.MULTILINE)
    if failed and result.returncode == 1:
        return failed[1]
    if result.returncode:
        return f"{program.name} with exit {result.returncode}"
    if re.search(r"^\[=+\] 0 tests", result.stdout, re.MULTILINE):
        return f"{program.name} {pattern}: no such test"
    return None


def run_matrix(pattern, environment):
    """`pattern` is pytest's -k, or *."""
    chosen = [] if pattern == "*" else ["-k", pattern]
    argv = [sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider", "tests/matrix", *chosen]
    try:
        result = subprocess.run(argv, cwd=TREE, env={**environment, "GATE41_BUILD": str(BUILD)}, timeout=LIMIT,
                                capture_output=True, check=False, text=True, errors="replace")
    except subprocess.TimeoutExpired:
        return "the matrix without an end"
    if result.returncode == NO_TESTS_COLLECTED:
        return f"the matrix, {pattern}: no such test"
    failed = re.search(r"^FAILED \S+::(\S+)", result.stdout, re.MULTILINE)
    if failed:
        return f"matrix {failed[1]}"
    return f"the matrix with exit {result.returncode}" if result.returncode else None


def run_model(pattern, environment):
    """`pattern` is how many packets, or *."""
    packets = "100000" if pattern == "*" else pattern
    try:
        result = subprocess.run([FILTER_MODEL, "--packets", packets], env=environment, timeout=LIMIT, capture_output=True,
                                check=False, text=True, errors="replace")
    except subprocess.TimeoutExpired:
        return "the model of the filter without an end"
    found = re.search(r"expected \S+, found \S+", result.stdout)
    if found:
        return f"the model of the filter: {found[0]}"
    return f"the model of the filter with exit {result.returncode}" if result.returncode else None
