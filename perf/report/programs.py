"""The programs that measure, built optimised."""
import os
import pathlib
import subprocess
import sys

from perf.report import results

PIPELINE, FILTER = "perf/pipeline/pipeline_cost", "perf/filter_cost"


def folder_of(tree):
    return pathlib.Path(os.environ.get("GATE41_PERF_BUILD", tree / "build-perf"))


def build(program, tree=results.ROOT):
    """The path of the program, up to date."""
    folder = folder_of(tree) if tree == results.ROOT else tree / "build-perf"
    print(f"building {program} in {folder}", file=sys.stderr)
    if not (folder / "build.ninja").exists():
        environment = {"CC": "ccache gcc", "CXX": "ccache g++"} | os.environ
        options = f"--native-file={results.ROOT}/scripts/release.ini"
        subprocess.run(["meson", "setup", folder, tree, options], check=True, env=environment, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", folder, "--quiet", program], check=True, stdout=sys.stderr)
    return folder / program


def where():
    """A sentence about the machine and what was measured on it."""
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        model = next((line.partition(":")[2].strip() for line in info if line.startswith("model name")), "unknown processor")
    commit = subprocess.run(["git", "-C", results.ROOT, "describe", "--always", "--dirty"], text=True,
                            stdout=subprocess.PIPE, check=False).stdout.strip()
    today = subprocess.run(["date", "+%F"], text=True, stdout=subprocess.PIPE, check=True).stdout.strip()
    return f"{model}, {os.cpu_count()} cores, {today}, commit {commit or 'unknown'}"
