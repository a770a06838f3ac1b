"""clang-tidy over the product's sources. What passed is not looked at again until the file, what it includes, its flags or
.clang-tidy change."""
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import re
import subprocess

from tests.checks.finding import ROOT, Finding
from tests.checks.generated import BUILD
from tests.checks.sources import PRODUCT

CLANG_TIDY = "clang-tidy-14"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "gate41/tidy"
DATABASE = BUILD.with_name(f"{BUILD.name}-tidy")
# GCC's flags mean little to clang, and GCC warns already.
ARGUMENTS = ["--quiet", "-p", str(DATABASE), "--extra-arg=-w"]
FINDING = re.compile(r"^(\S[^:\n]*):(\d+):\d+: (?:error|warning): (.*)$", re.MULTILINE)
JOBS = 2


def commands():
    """Source -> its line of a build that compiles each file by itself."""
    if not (DATABASE / "compile_commands.json").exists():
        subprocess.run(["meson", "setup", DATABASE, ROOT], check=True, stdout=subprocess.DEVNULL)
    database = json.loads((DATABASE / "compile_commands.json").read_text())
    found = {}
    for entry in database:
        path = pathlib.Path(os.path.normpath(pathlib.Path(entry["directory"]) / entry["file"]))
        if path.is_relative_to(ROOT) and str(path.relative_to(ROOT)).startswith(PRODUCT):
            found[path] = entry
    return found


def dependencies():
    """Source -> all that was compiled together with it, as ninja noted it."""
    listing = subprocess.run(["ninja", "-C", BUILD, "-t", "deps"], check=True, capture_output=True, text=True).stdout
    found = {}
    for block in listing.split("\n\n"):
        together = [os.path.normpath(BUILD / line.strip()) for line in block.splitlines()[1:]]
        found.update({source: together for source in together if source.endswith(".cpp")})
    return found


@functools.cache
def fingerprint(path):
    """Ours by content, the system's by its date."""
    if pathlib.Path(path).is_relative_to(ROOT):
        return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()
    status = os.stat(path)
    return f"{status.st_size} {status.st_mtime_ns}"


def key(path, entry, sources):
    parts = [CLANG_TIDY, (ROOT / ".clang-tidy").read_text(), *ARGUMENTS, entry["command"].replace(str(DATABASE), "")]
    parts += [f"{source} {fingerprint(source)}" for source in sorted({str(path), *sources})]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def look_at(path):
    result = subprocess.run([CLANG_TIDY, *ARGUMENTS, path], cwd=ROOT, check=False, capture_output=True, text=True)
    said = {Finding(os.path.relpath(DATABASE / file, ROOT), int(line), what)
            for file, line, what in FINDING.findall(result.stdout)}
    # What it holds against the system's headers is not ours to mend, unless it could not read them.
    found = {finding for finding in said if not finding.file.startswith("..") or "clang-diagnostic-error" in finding.what}
    if result.returncode != 0 and not said:
        found.add(Finding(os.path.relpath(path, ROOT), 0, f"{CLANG_TIDY} ended with {result.returncode}: {result.stderr.strip()}"))
    return found


def findings():
    CACHE.mkdir(parents=True, exist_ok=True)
    compiled_from = dependencies()
    keys = {path: key(path, entry, compiled_from.get(str(path), [])) for path, entry in commands().items()}
    new = [path for path, name in keys.items() if not (CACHE / name).exists()]
    found = set()
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        for path, here in zip(new, pool.map(look_at, new)):
            found |= here
            if not here:
                (CACHE / keys[path]).touch()
    return found
