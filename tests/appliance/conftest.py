"""An image of stand-ins: what is tested here is how it is put together, which needs no kernel and no program."""
import random
import types

import pytest

from appliance.image import __main__ as build
from appliance.image import system

PROGRAMS = ("gate41-init", "gate41d", "gate41-fetch", "gate41")


def pytest_configure(config):
    config.addinivalue_line("markers", "proves(*rows): the rows of the requirements that this test proves")


def stand_ins(folder):
    """(folder of programs, kernel, configuration): bytes that don't compress, like the real ones; all programs are one file."""
    chance = random.Random(41)
    programs = folder / "programs"
    programs.mkdir()
    (programs / PROGRAMS[0]).write_bytes(chance.randbytes(800_000))
    for name in PROGRAMS[1:]:
        (programs / name).hardlink_to(programs / PROGRAMS[0])
    kernel, configuration = folder / "kernel", folder / "gate41.yaml"
    kernel.write_bytes(chance.randbytes(1_000_000))
    configuration.write_text("role: gateway\n")
    return programs, kernel, configuration


def make(folder, **changes):
    """The folder with an image in every form."""
    folder.mkdir()
    programs, kernel, configuration = stand_ins(folder)
    options = types.SimpleNamespace(**{"programs": programs, "config": configuration, "slots": 1, "size": 0,
                                       "folder": folder / "image", **changes})
    options.folder.mkdir()
    build.make_others(build.make_raw(options, lambda scratch, files: system.system(scratch, kernel, files)))
    return options.folder


@pytest.fixture(scope="session")
def image(tmp_path_factory):
    return make(tmp_path_factory.mktemp("appliance") / "one")


@pytest.fixture(scope="session")
def same_again(tmp_path_factory):
    return make(tmp_path_factory.mktemp("appliance") / "another")


@pytest.fixture(scope="session")
def two_slots(tmp_path_factory):
    return make(tmp_path_factory.mktemp("appliance") / "two", slots=2, size=40)
