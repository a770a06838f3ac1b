"""Markers, and the program that the matrix needs: `ninja -C build tests/matrix/matrix_driver`, or `scripts/test matrix`."""
import pytest

from .driver import program


def pytest_configure(config):
    config.addinivalue_line("markers", "proves(*rows): the rows of the requirements that this test proves")


@pytest.fixture(scope="session", autouse=True)
def built():
    if not program().exists():
        pytest.exit(f"not built: {program()}; set GATE41_BUILD to the build folder", returncode=3)
