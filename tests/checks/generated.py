"""Files that are written by programs: up to date?"""
import os
import pathlib
import subprocess

from tests.checks import conformance, drops, rfc6092
from tests.checks.finding import ROOT, Finding

BUILD = pathlib.Path(os.environ.get("GATE41_BUILD", ROOT / "build")).resolve()


def config_reference():
    program = BUILD / "config/config_reference"
    return subprocess.run([program], check=True, capture_output=True, text=True).stdout


FILES = {
    "config/README.md": config_reference,
    "docs/conformance.md": conformance.document,
    "docs/drops.md": drops.document,
    "docs/rfc6092.md": rfc6092.document,
}


def up_to_date():
    return [Finding(name, 0, "out of date: run scripts/check --write") for name, generate in FILES.items()
            if not (ROOT / name).exists() or (ROOT / name).read_text(encoding="utf-8") != generate()]


def write():
    for name, generate in FILES.items():
        (ROOT / name).write_text(generate(), encoding="utf-8")
