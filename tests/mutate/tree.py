"""The copy of the tree in which the faults stand, each behind a switch. The product's own code knows nothing of them."""
import hashlib
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "gate41/mutate"
TREE = CACHE / "tree"
BUILD = CACHE / "build"
SWITCH = "dataplane/base/mutant.hpp"
# The fault whose number is in GATE41_MUTANT is the one that is there.
SWITCH_TEXT = """#pragma once
#include <cstdlib>
#include <type_traits>

namespace gate41 {
inline unsigned active_mutant() noexcept {
  static const char* const text = std::getenv("GATE41_MUTANT");
  static const unsigned active = text == nullptr ? 0U : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
  return active;
}
// What is computed while compiling has no fault.
constexpr bool mutant(unsigned number) noexcept {
  return !std::is_constant_evaluated() && number == active_mutant();
}
}  // namespace gate41
"""


class Misfit(Exception):
    """The list does not fit the code any more."""


def sources():
    """Path -> bytes of the working tree: what git tracks, and what is new and not ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = [path for path in listed.split("\0") if path and (ROOT / path).is_file()]
    return {path: (ROOT / path).read_bytes() for path in sorted(paths)}


def is_compiled(path):
    """Whether a change of this file can change a verdict."""
    return path.startswith(("dataplane/", "control/", "config/", "tests/unit/", "tests/support/", "tests/matrix/", "tests/model/", "meson"))


def digest(files):
    sha = hashlib.sha256()
    for path, content in files.items():
        if is_compiled(path):
            sha.update(f"{path} {len(content)}\n".encode())
            sha.update(content)
    return sha.hexdigest()


def places(text, numbered, path):
    """(start, end, replacement) of each fault in one file."""
    found = []
    for number, mutant in numbered:
        count = text.count(mutant.original)
        if count != 1:
            raise Misfit(f"{mutant.id}: its original stands {count} times in {path}, not once")
        start = text.index(mutant.original)
        found.append((start, start + len(mutant.original), mutant.switched(number)))
    found.sort()
    for before, after in zip(found, found[1:]):
        if before[1] > after[0]:
            raise Misfit(f"{path}: two faults overlap at {text[after[0]:after[1]]!r}")
    return found


def rewritten(text, numbered, path):
    for start, end, replacement in reversed(places(text, numbered, path)):
        text = text[:start] + replacement + text[end:]
    return f'#include "{SWITCH}"\n' + text


def with_faults(files, mutants):
    """The files as they stand in the copy. Numbers begin with 1; 0 is no fault."""
    files = {**files, SWITCH: SWITCH_TEXT.encode()}
    by_file = {}
    for number, mutant in enumerate(mutants, 1):
        by_file.setdefault(mutant.file, []).append((number, mutant))
    for path, numbered in by_file.items():
        if path not in files:
            raise Misfit(f"{numbered[0][1].id}: no file {path}")
        files[path] = rewritten(files[path].decode(), numbered, path).encode()
    return files


def write(files):
    """Makes the copy the same as `files`, touching only what differs, so that little is compiled again."""
    TREE.mkdir(parents=True, exist_ok=True)
    for old in [path for path in TREE.rglob("*") if path.is_file()]:
        if str(old.relative_to(TREE)) not in files:
            old.unlink()
    for path, content in files.items():
        target = TREE / path
        if not target.is_file() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
