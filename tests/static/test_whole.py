"""All programs in one file: it is whichever it is called as. `scripts/package/static` has made it."""
import itertools
import json
import os
import signal
import subprocess

import pytest

from tests.lab.daemon import build_folder

FOLDER = build_folder().with_name(f"{build_folder().name}-static") / "package"
USAGE = 2


def called_as(name, *arguments):
    """The result of what the file does under this name."""
    return subprocess.run([name, *arguments], executable=FOLDER / "gate41d", check=False, capture_output=True, text=True)


@pytest.mark.parametrize("name, arguments, answer", [
    ("gate41", ["--version"], "gate41 0."), ("gate41d", ["--version"], "gate41d 0."), ("gate41-fetch", ["--help"], "--credentials"),
    ("gate41-init", [], "usage: gate41-init"), ("/sbin/init", [], "usage: gate41-init")])
def test_it_is_the_program_that_it_is_called_as(name, arguments, answer):
    result = called_as(name, *arguments)
    assert answer in result.stdout + result.stderr


CONFIGURATION = {"role": "gateway", "ports": {"wan": {"device": "net_af_packet0,iface=wan0"}, "lan": {"device": "net_af_packet1,iface=lan0"}},
                 "wan": {"port": "wan", "ipv4": {"address": "11.0.0.99/24", "gateway": "11.0.0.1"}},
                 "tunnels": {"main": {"mode": "6to4", "relays": ["192.88.99.1"]}}, "lans": {"home": {"port": "lan"}}}
CABLE = "ip link add wan0 type veth peer name lan0 && ip link set wan0 up && ip link set lan0 up"


def test_the_daemon_runs_and_ends_where_nobody_knows_its_group(tmp_path):
    """Debian asks systemd for names that no file has: by a library."""
    places = {"state": str(tmp_path), "management": {"socket": str(tmp_path / "sock"), "group": "nobody-knows-it"}}
    (tmp_path / "gate41.yaml").write_text(json.dumps({**CONFIGURATION, **places, "instance": "whole"}))
    script = f"{CABLE} && exec {FOLDER}/gate41d --config {tmp_path}/gate41.yaml"
    with subprocess.Popen(["unshare", "--net", "sh", "-c", script], stderr=subprocess.PIPE, text=True) as daemon:
        said = list(itertools.takewhile(lambda line: "is running as" not in line, daemon.stderr))
        daemon.send_signal(signal.SIGINT)
        rest = daemon.stderr.read()
    assert daemon.returncode == 0, "".join(said) + rest
    assert any("there is no group `nobody-knows-it`" in line for line in said)


def test_under_another_name_it_says_which_it_knows():
    result = called_as("gate42")
    assert (result.returncode, result.stdout) == (USAGE, "")
    assert "gate41, gate41d, gate41-fetch and gate41-init" in result.stderr


@pytest.mark.parametrize("name", ["gate41", "gate41-fetch", "gate41-init"])
def test_all_names_are_of_one_file(name):
    assert os.path.samefile(FOLDER / name, FOLDER / "gate41d")
