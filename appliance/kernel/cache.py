"""Folders that are made once and kept: each under a name that says all that went into it."""
import os
import pathlib
import shutil
import tempfile

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "gate41"


def kept(name, make):
    """The folder of this name; if there is none, make(folder) fills it first. Two that make it at once do no harm."""
    folder = CACHE / name
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = pathlib.Path(tempfile.mkdtemp(dir=folder.parent, prefix=".making-"))
    try:
        make(scratch)
        if not folder.exists():
            scratch.rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return folder
