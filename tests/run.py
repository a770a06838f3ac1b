"""`scripts/test`: the suites, stage by stage, with their seconds, and one closing line.

A stage prepares (builds), runs and counts. One compiled tree a sanitizer: the programs in `build`, the unit tests under
ASan and UBSan in `build-asan`, the lock-free parts under TSan in `build-tsan`, the fuzz targets in `build-fuzz`.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUILD = pathlib.Path(os.environ.get("GATE41_BUILD", ROOT / "build")).resolve()
# What several threads share: everything else runs on one.
THREADED = ["base", "forward", "runtime", "syslog", "tunnel"]
# Seconds until what hangs has failed.
UNIT_LIMIT = 300
# Names of the tests against a real Linux begin so.
INTEROP = "test_interop_"
NO_TESTS_COLLECTED = 5  # pytest's exit status when the marker leaves none
SANITIZERS = {
    "asan": ["-Db_sanitize=address,undefined", "-Db_lundef=false", "-Doptimization=1", "-Ddebug=true",
             "-Dunity=on"],
    # DPDK's inline rings with atomics, which the tool understands, instead of x86's order of stores.
    "tsan": ["-Db_sanitize=thread", "-Db_lundef=false", "-Doptimization=1", "-Ddebug=true",
             "-Dcpp_args=-DRTE_USE_C11_MEM_MODEL -Wno-tsan"],
}
ENVIRONMENT = {
    "ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=0:strict_string_checks=1",
    "LSAN_OPTIONS": f"suppressions={ROOT}/tests/support/lsan.supp:print_suppressions=0",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    "TSAN_OPTIONS": f"halt_on_error=1:suppressions={ROOT}/tests/support/tsan.supp",
}


class Counts:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def add_report(self, name, report, status):
        """What a test program wrote and how it ended. One that crashed, hung, leaked or wrote nothing failed."""
        failed = self.failed
        try:
            self.add_xml(report)
        except (OSError, xml.etree.ElementTree.ParseError):
            status = f"{status}, without a report"
        if status != 0 and self.failed == failed:
            print(f"FAILED: {name}: exit {status}", flush=True)
            self.failed += 1

    def add_xml(self, path):
        """JUnit XML, as GoogleTest and pytest write it."""
        for case in xml.etree.ElementTree.parse(path).iter("testcase"):
            kinds = {child.tag for child in case}
            if kinds & {"failure", "error"}:
                self.failed += 1
            elif "skipped" in kinds or case.get("status") == "notrun" or case.get("result") == "skipped":
                self.skipped += 1
            else:
                self.passed += 1

    def add(self, ok):
        self.passed += ok
        self.failed += not ok

    def closing_line(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


class Runner:
    def __init__(self, names):
        self.names = names
        self.counts = Counts()
        self.times = []

    def wants(self, name):
        return not self.names or name in self.names

    def needs_programs(self):
        """Unit tests, the matrix, the model and the fuzz targets are built on their own."""
        return not self.names or bool(set(self.names) - {"compare", "count", "figures", "fuzz", "image", "matrix", "model", "rfc8219", "static"} - set(unit_rooms()))

    def stage(self, name, function):
        begin = time.monotonic()
        print(f"== {name}", flush=True)
        try:
            function()
        except (subprocess.SubprocessError, OSError) as error:
            print(f"FAILED: {error}", flush=True)
            self.counts.add(False)
        self.times.append((name, time.monotonic() - begin))

    def summary(self):
        print("\nseconds by stage:")
        for name, seconds in self.times:
            print(f"  {seconds:7.1f}  {name}")
        print(f"  {sum(s for _, s in self.times):7.1f}  in all\n{self.counts.closing_line()}", flush=True)
        return self.counts.failed == 0 and self.counts.passed > 0


def call(*argv, **kwargs):
    subprocess.run([str(a) for a in argv], check=True, cwd=ROOT, **kwargs)


def configure(folder, *options):
    if (folder / "build.ninja").exists():
        return
    environment = {**os.environ, "CC": "ccache gcc", "CXX": "ccache g++"}
    call("meson", "setup", folder, ROOT, *options, env=environment, stdout=subprocess.DEVNULL)


def compile_in(folder, targets):
    call("ninja", "-C", folder, "--quiet", *targets)


def unit_rooms():
    return sorted(path.parent.name for path in (ROOT / "tests/unit").glob("*/meson.build"))


def unit_targets(folder, rooms):
    """The test programs of these rooms, as the build knows them."""
    import json
    text = subprocess.run(["meson", "introspect", "--tests", folder], check=True, capture_output=True, text=True).stdout
    programs = {test["cmd"][0] for test in json.loads(text)}
    wanted = [p for p in programs if pathlib.Path(p).parent.name in rooms]
    return sorted(str(pathlib.Path(p).relative_to(folder)) for p in wanted)


def build_programs():
    call("bash", "-c", ". scripts/common.sh && ensure_built tests/support/flood perf/generator/gate41-gen")


def status_of(argv, limit, environment=None):
    """The exit status, or why there is none."""
    try:
        return subprocess.run([str(a) for a in argv], cwd=ROOT, env={**os.environ, **(environment or {})},
                              stdin=subprocess.DEVNULL, timeout=limit, check=False).returncode
    except subprocess.TimeoutExpired:
        return f"none within {limit} s"


def run_gtest(runner, folder, target):
    name = pathlib.Path(target).name
    with tempfile.TemporaryDirectory() as scratch:
        report = pathlib.Path(scratch) / "report.xml"
        begin = time.monotonic()
        argv = [folder / target, f"--gtest_output=xml:{report}", "--gtest_brief=1"]
        runner.counts.add_report(name, report, status_of(argv, UNIT_LIMIT, ENVIRONMENT))
        print(f"   {name}: {time.monotonic() - begin:.1f} s", flush=True)


def sanitized(runner, sanitizer, rooms):
    folder = BUILD.with_name(f"{BUILD.name}-{sanitizer}")
    rooms = [room for room in rooms if runner.wants(room)]
    if not rooms:
        return
    configure(folder, *SANITIZERS[sanitizer])
    targets = unit_targets(folder, rooms)
    compile_in(folder, targets)
    for target in targets:
        run_gtest(runner, folder, target)


def end_to_end_names():
    return sorted(path.stem for path in (ROOT / "tests/e2e").glob("test_*.py"))


def end_to_end(runner, markers, limit, workers=1):
    paths = [f"tests/e2e/{name}.py" for name in end_to_end_names() if runner.wants(name)]
    if not paths:
        return
    build_programs()
    run_pytest(runner, paths, markers, limit, {"GATE41_WORKERS": str(workers)})


def matrix(runner):
    if not runner.wants("matrix"):
        return
    configure(BUILD, "-Dunity=on")
    compile_in(BUILD, ["tests/matrix/matrix_driver"])
    run_pytest(runner, ["tests/matrix"], "not long", 600)


def pure_python(runner, name, folder, limit):
    """Tests of the tools in Python, which need none of the programs."""
    if runner.wants(name):
        run_pytest(runner, [folder], "", limit)


def appliance(runner, marker):
    """The disk as it is shipped, booted. Its kernel is built once, in minutes."""
    paths = [f"tests/e2e/{name}.py" for name in ("test_appliance", "test_power_cuts") if runner.wants(name)]
    if not paths:
        return
    call(ROOT / "scripts/appliance/build")
    if not marker:
        call(ROOT / "scripts/appliance/build", "--kernel", "debian")
    build_programs()
    run_pytest(runner, paths, marker, 3600)


def package(runner):
    """The Debian package as it is shipped, in a guest."""
    if not runner.wants("test_package"):
        return
    call("bash", "-c", '. scripts/common.sh && ensure_packages "${guest_packages[@]}"')
    call(ROOT / "scripts/package/deb")
    build_programs()
    run_pytest(runner, ["tests/e2e/test_package.py"], "", 1800)


def model(runner, packets):
    """The filter and its reference: the same packets as always, and others every day."""
    if not runner.wants("model"):
        return
    configure(BUILD, "-Dunity=on")
    program = "tests/model/filter_model"
    compile_in(BUILD, [program])
    for seed in (1, int(time.strftime("%Y%m%d"))):
        checked(runner, "model", 1800, BUILD / program, f"--packets={packets}", f"--seed={seed}")
    # With another mapping flows get other workers.
    features = "sctp,dccp,fragments,profiles,timers,pinholes,unreachable"
    checked(runner, "model", 1800, BUILD / program, f"--packets={packets}", "--workers=2", f"--features={features}")


def run_pytest(runner, paths, markers, limit, environment=None):
    with tempfile.TemporaryDirectory() as scratch:
        report = pathlib.Path(scratch) / "report.xml"
        argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", "-m", markers, *paths]
        status = status_of(argv, limit, environment)
        runner.counts.add_report("pytest", report, 0 if status == NO_TESTS_COLLECTED else status)


def static(runner):
    """The programs that need no library. gate41-fetch has names, TLS and HTTP aboard: its tests run against this one too."""
    checked(runner, "static", 1800, ROOT / "scripts/package/static")
    if runner.wants("static"):
        run_pytest(runner, ["tests/static"], "", 60)
        folder, target = BUILD.with_name(f"{BUILD.name}-static"), "tests/unit/fetch/fetch_test"
        compile_in(folder, [target])
        run_gtest(runner, folder, target)


def lab(runner, *options):
    checked(runner, "lab", 300, ROOT / "scripts/lab", *options)


def fuzz(runner, seconds):
    """Each target; the limit is for the build."""
    checked(runner, "fuzz", 900 + 4 * seconds, sys.executable, "-m", "tests.fuzz", f"--seconds={seconds}")


def checked(runner, name, limit, *argv):
    if not runner.wants(name):
        return
    status = status_of(argv, limit)
    if status != 0:
        print(f"FAILED: {name}: exit {status}", flush=True)
    runner.counts.add(status == 0)


def core(runner):
    if runner.needs_programs():
        runner.stage("programs", build_programs)
    runner.stage("check", lambda: checked(runner, "check", 300, ROOT / "scripts/check", "--quick"))
    runner.stage("unit tests under ASan and UBSan", lambda: sanitized(runner, "asan", unit_rooms()))
    runner.stage("lock-free parts under TSan", lambda: sanitized(runner, "tsan", THREADED))
    runner.stage("matrix of addresses", lambda: matrix(runner))
    runner.stage("model of the filter", lambda: model(runner, 300_000))
    runner.stage("instructions a packet", lambda: checked(runner, "count", 900, ROOT / "perf/count", "--check"))
    runner.stage("searches of perf/rfc8219", lambda: pure_python(runner, "rfc8219", "tests/rfc8219", 60))
    runner.stage("verdicts of perf/compare", lambda: pure_python(runner, "compare", "tests/compare", 60))
    runner.stage("figures of perf/vm, perf/count and perf/moments",
                 lambda: pure_python(runner, "figures", "tests/figures", 120))
    runner.stage("fuzzing", lambda: fuzz(runner, 60))
    runner.stage("end to end",
                 lambda: end_to_end(runner, "not long and not interop and not short and not appliance", 900))
    runner.stage("end to end, two workers", lambda: end_to_end(runner, "two_workers", 300, workers=2))
    runner.stage("image of the appliance", lambda: pure_python(runner, "image", "tests/appliance", 300))
    if runner.names:  # not of itself: it builds a kernel where none is kept
        runner.stage("appliance, booted", lambda: appliance(runner, "not long"))
        runner.stage("Debian package, installed", lambda: package(runner))
    runner.stage("interop, short", lambda: end_to_end(runner, "short", 300))
    runner.stage("lab", lambda: lab(runner))
    for what, option in (("on a stick", "--one-port"), ("with 6rd", "--6rd"), ("with 6in4", "--6in4")):
        runner.stage(f"lab {what}", lambda option=option: lab(runner, option))


def long(runner):
    core(runner)
    runner.stage("check with clang-tidy", lambda: checked(runner, "check", 1800, ROOT / "scripts/check"))
    runner.stage("end to end, long", lambda: end_to_end(runner, "long", 3600))
    runner.stage("end to end, two workers, all",
                 lambda: end_to_end(runner, "not two_workers and not appliance", 7200, workers=2))
    runner.stage("static programs", lambda: static(runner))
    runner.stage("appliance, booted, on every kind of machine", lambda: appliance(runner, ""))
    runner.stage("Debian package, installed", lambda: package(runner))
    runner.stage("lab with BGP", lambda: lab(runner, "--bgp"))
    runner.stage("model of the filter, long", lambda: model(runner, 10_000_000))
    runner.stage("fuzzing, long", lambda: fuzz(runner, 3600))
    runner.stage("mutants", lambda: checked(runner, "mutate", 7200, ROOT / "scripts/mutate"))


def interop(runner):
    """gate41 against Linux' own tunnels, in emulated machines."""
    runner.stage("interop", lambda: end_to_end(runner, "interop or short", 1800))


SUITES = {"core": core, "long": long, "interop": interop}


def arguments():
    names = ["check", "compare", "count", "figures", "fuzz", "image", "lab", "matrix", "model", "mutate", "rfc8219", "static", *unit_rooms(), *end_to_end_names()]
    parser = argparse.ArgumentParser(prog="scripts/test", epilog="NAME: " + " ".join(names),
                                     description="Builds and tests gate41. Ends with `N passed, N failed, N skipped`.")
    parser.add_argument("--suite", choices=list(SUITES), default="core")
    parser.add_argument("names", metavar="NAME", nargs="*", help="only these rooms, end-to-end files or stages")
    options = parser.parse_args()
    for name in options.names:
        if name not in names:
            parser.error(f"unknown name {name}; allowed: {' '.join(names)}")
    if {"mutate", "static"} & set(options.names):
        options.suite = "long"
    if any(name.startswith(INTEROP) for name in options.names):
        options.suite = "interop"
    return options


def main():
    options = arguments()
    runner = Runner(options.names)
    SUITES[options.suite](runner)
    return 0 if runner.summary() else 1


if __name__ == "__main__":
    sys.exit(main())
