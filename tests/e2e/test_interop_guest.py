"""The guests themselves (tests/vm): what the tests against a real Linux rely on."""
import os
import signal
import subprocess
import sys

import pytest

from tests.lab.daemon import ROOT
from tests.lab.netns import Lab, wait_for
from tests.vm.guest import Guest

pytestmark = pytest.mark.interop

PREFIX = "g41iv"
# Starts a guest, tells its process, waits for the end.
HOLDER = """
import pathlib, signal, sys
from tests.lab.netns import Lab
from tests.vm.guest import Guest
with Lab(pathlib.Path(sys.argv[1]), sys.argv[2]) as lab, Guest(lab, "held", []) as guest:
    print(guest.process.pid, flush=True)
    signal.pause()
"""


@pytest.fixture
def guest(tmp_path):
    with Lab(tmp_path, PREFIX) as lab, Guest(lab, "guest", [(lab.namespace("net"), "g0")]) as result:
        yield result


def test_commands_give_their_output_and_status_and_sit_is_there(guest):
    assert guest.run("echo", "two  words").stdout == "two  words\n"
    assert guest.shell("echo told; exit 41", check=False).returncode == 41
    with pytest.raises(RuntimeError, match="exit 3\ntold"):
        guest.shell("echo told >&2; exit 3")
    assert "sit0" in guest.ip("link").stdout and "eth0" in guest.ip("link").stdout


def test_a_guest_that_panics_is_told_at_once_with_its_console(guest):
    with pytest.raises(RuntimeError, match="has ended(.|\n)*sysrq triggered crash"):
        guest.shell("echo c >/proc/sysrq-trigger")


def test_a_command_that_hangs_has_a_deadline(guest):
    with pytest.raises(TimeoutError, match="within 1 s"):
        guest.shell("sleep 600", timeout=1)


def test_a_guest_ends_with_its_test_even_when_that_is_killed(tmp_path):
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, tmp_path, PREFIX], cwd=ROOT, stdout=subprocess.PIPE,
                              text=True, start_new_session=True)
    try:
        emulator = int(holder.stdout.readline())
        assert os.path.exists(f"/proc/{emulator}")
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.wait(10)
        holder.stdout.close()
    wait_for(lambda: not os.path.exists(f"/proc/{emulator}"), "the emulator has ended")
    Lab(tmp_path, PREFIX).close()  # removes the namespaces that were left
