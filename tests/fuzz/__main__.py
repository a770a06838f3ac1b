"""`python3 -m tests.fuzz`: builds the fuzz targets with clang, and lets each run for a while; exit 1 if one found something.

They go on from the seeds, from tests/fuzz/corpus/TARGET (inputs that were found once: what is put there is run in every
suite) and from what earlier runs of this build folder learned.
"""
import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import sys

from tests.fuzz import seeds

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = pathlib.Path(os.environ.get("GATE41_BUILD", ROOT / "build")).resolve()
FOLDER = FOLDER.with_name(f"{FOLDER.name}-fuzz")
OPTIONS = ["-Dfuzzers=true", "-Db_sanitize=address,undefined", "-Db_lundef=false", "-Dunity=on", "-Dwerror=false"]
ENVIRONMENT = {"UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1"}
LOG_TAIL = 4000


def build(targets):
    if not (FOLDER / "build.ninja").exists():
        environment = {**os.environ, "CC": "ccache clang", "CXX": "ccache clang++"}
        subprocess.run(["meson", "setup", FOLDER, ROOT, *OPTIONS], check=True, env=environment, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", FOLDER, "--quiet", *(f"tests/fuzz/fuzz_{name}" for name in targets)], check=True)


def run(target, seconds):
    """What it said, and whether it found nothing."""
    learned, found = FOLDER / "corpus" / target, FOLDER / "found"
    for folder in (learned, found):
        folder.mkdir(parents=True, exist_ok=True)
    known = [path for path in (FOLDER / "seeds" / target, ROOT / "tests/fuzz/corpus" / target) if path.exists()]
    argv = [FOLDER / f"tests/fuzz/fuzz_{target}", f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048",
            "-max_len=2048", f"-artifact_prefix={found}/{target}-", learned, *known]
    result = subprocess.run(argv, env={**os.environ, **ENVIRONMENT}, capture_output=True, text=True, errors="replace",
                            check=False)
    return result.stderr, result.returncode == 0


def tell(target, log, good):
    last = next((line for line in reversed(log.splitlines()) if line.startswith("Done ")), "without an end")
    print(f"{target}: {last}", flush=True)
    if not good:
        print(log[-LOG_TAIL:], f"The input is in {FOLDER}/found; again: {FOLDER}/tests/fuzz/fuzz_{target} FILE", sep="\n")


def main():
    parser = argparse.ArgumentParser(prog="python3 -m tests.fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=60, help="for each target (60)")
    parser.add_argument("targets", metavar="TARGET", nargs="*", help=f"of {', '.join(seeds.TARGETS)}; all of them")
    options = parser.parse_args()
    targets = options.targets or list(seeds.TARGETS)
    if unknown := set(targets) - set(seeds.TARGETS):
        parser.error(f"unknown target {', '.join(sorted(unknown))}")
    build(targets)
    seeds.write(FOLDER / "seeds")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda target: run(target, options.seconds), targets))
    for target, (log, good) in zip(targets, results):
        tell(target, log, good)
    return 0 if all(good for _, good in results) else 1


if __name__ == "__main__":
    sys.exit(main())
