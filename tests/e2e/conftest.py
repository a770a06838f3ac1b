"""What all end-to-end tests share: markers, labs that close themselves, daemons' logs beside a failure.

Run as root: `GATE41_BUILD=build python3 -m pytest tests/e2e`. Each test module takes a lab prefix of its own.
"""
import os

import pytest

from tests.lab.daemon import program
from tests.lab.internet import Internet
from tests.lab.netns import clean_up_when_ended

LOG_TAIL = 4000
_open = []  # the Internets that are up


def pytest_configure(config):
    clean_up_when_ended()
    config.addinivalue_line("markers", "proves(*rows): the rows of the requirements that this test proves")
    config.addinivalue_line("markers", "long: takes more than half a minute; not in the core suite")
    config.addinivalue_line("markers", "two_workers: with two workers too in the core suite; all others in the long one")
    config.addinivalue_line("markers", "interop: against a real Linux in QEMU; in the suite of that name")
    config.addinivalue_line("markers", "short: of these the least, in the core suite too")
    config.addinivalue_line("markers", "appliance: boots what scripts/appliance/build or scripts/package/deb makes")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A failed test shows what the daemons said."""
    report = (yield).get_result()
    if report.failed:
        for world in _open:
            for daemon in world.daemons.values():
                report.sections.append((f"log of {daemon.instance}", daemon.log()[-LOG_TAIL:]))


@pytest.fixture(scope="session", autouse=True)
def requirements():
    """Namespaces need root, tests need the programs: said once instead of failing in each test."""
    missing = [str(program(name)) for name in ("gate41d", "gate41") if not program(name).exists()]
    if os.geteuid() != 0:
        pytest.exit("end-to-end tests build network namespaces: run them as root", returncode=3)
    if missing:
        pytest.exit(f"not built: {', '.join(missing)}; set GATE41_BUILD to the build folder", returncode=3)


def _opener(tmp_path_factory):
    mine = []

    def open_internet(prefix, **settings):
        world = Internet(tmp_path_factory.mktemp(prefix), prefix, **settings)
        mine.append(world)
        _open.append(world)
        return world

    yield open_internet
    for world in reversed(mine):
        _open.remove(world)
        world.close()


@pytest.fixture
def internet(tmp_path_factory):
    """internet(PREFIX, ...) opens an empty lab (tests.lab.internet.Internet) that closes after the test."""
    yield from _opener(tmp_path_factory)


@pytest.fixture(scope="module")
def module_internet(tmp_path_factory):
    """The same for all tests of a module: it closes after the last one."""
    yield from _opener(tmp_path_factory)
