"""The lab itself: two of one prefix would take each other's namespaces away, and one that was killed leaves nothing for long."""
import os
import subprocess
import sys

import pytest

from tests.lab.daemon import ROOT
from tests.lab.netns import TEMPORARY, Lab, LabInUse, wait_for

PREFIX = "g41lk"
# A lab whose process, like dnsmasq, does not hear that its lab has been killed.
KILLED = """
import os, pathlib, signal, sys
from tests.lab.netns import Lab
lab = Lab(pathlib.Path(sys.argv[1]), sys.argv[2])
deaf = lab.namespace("one").popen(sys.executable, "-c",
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); signal.pause()", log="deaf")
while "deaf" not in deaf.log_path.read_text():
    pass
print(deaf.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def exists(lab, role):
    return f"{lab.prefix}-{role}" in os.listdir("/run/netns")


def test_a_second_lab_of_a_prefix_is_refused_with_its_holder_and_the_first_stays(tmp_path):
    with Lab(tmp_path, PREFIX) as first:
        first.namespace("one")
        with pytest.raises(LabInUse, match=f"a lab {PREFIX} is running already, in process {os.getpid()}: "):
            Lab(tmp_path, PREFIX)
        assert exists(first, "one")


def test_a_lab_that_has_closed_leaves_its_prefix_to_the_next(tmp_path):
    Lab(tmp_path, PREFIX).close()
    with Lab(tmp_path, PREFIX) as second:
        second.namespace("one")
        assert exists(second, "one")


def test_what_a_killed_lab_left_is_removed_by_the_next_which_says_so(tmp_path, capsys):
    folder = tmp_path / f"{TEMPORARY}killed"
    killed = subprocess.run([sys.executable, "-c", KILLED, folder, PREFIX], cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=60)
    deaf = int(killed.stdout)
    assert os.path.exists(f"/proc/{deaf}")
    with Lab(tmp_path / "next", PREFIX) as lab:
        assert not exists(lab, "one")
    wait_for(lambda: not os.path.exists(f"/proc/{deaf}"), "the process has ended")
    assert not folder.exists()
    assert capsys.readouterr().err == (f"a lab {PREFIX} has been killed; removed what it left: namespace {PREFIX}-one, "
                                       f"process {deaf}, {folder}\n")


def test_a_lab_that_has_closed_left_nothing_to_tell(tmp_path, capsys):
    Lab(tmp_path, PREFIX).close()
    Lab(tmp_path, PREFIX).close()
    assert capsys.readouterr().err == ""
