"""What gate41d and gate41 say when something is wrong: the remedy, the exit code, and nothing left behind.

Ports are net_null, so that no link is needed: nothing here gets as far as a packet.
"""
import json
import os
import pathlib
import signal
import subprocess

import pytest

from tests.lab.daemon import Daemon, program
from tests.lab.netns import run, wait_for
from tests.lab.workers import af_packet

PREFIX = "g41sb"
START_FAILED, BAD_CONFIGURATION = 1, 2
REFUSED, USAGE, NO_DAEMON = 1, 2, 3
DEADLINE = 60
GONE = 15


def gateway(**changes):
    """The least that starts."""
    return {"role": "gateway", "ports": {"wan": {"device": "net_null0"}, "lan": {"device": "net_null1"}},
            "wan": {"port": "wan"}, "tunnels": {"main": {"mode": "6to4", "relays": ["192.88.99.1"]}},
            "lans": {"home": {"port": "lan"}}, "eal": {"hugepages": False, "memory": "64M"}, **changes}


class Bench:
    """Runs gate41d to its end, and looks at what it leaves."""

    def __init__(self, lab):
        self.lab = lab
        self.namespace = lab.namespace("gw")
        lab.link(self.namespace, "spare0", self.namespace, "spare1")
        self.daemon = Daemon(self.namespace, "bad", gateway())

    def run(self, *before, config=None, text=None, words=()):
        """`before`: a program that starts it, as setpriv. `text`: the file as it is."""
        self.daemon.write(config or gateway())
        if text is not None:
            self.daemon.config_path.write_text(text)
        return self.run_at(self.daemon.config_path, *before, words=words)

    def run_at(self, path, *before, words=()):
        argv = ["ip", "netns", "exec", self.namespace.name, *before, program("gate41d"), "--config", path, *words]
        return subprocess.run([str(a) for a in argv], capture_output=True, text=True, timeout=DEADLINE, check=False)

    def leftovers(self):
        """Namespaces, processes and sockets of a daemon that is not there any more."""
        found = [str(self.daemon.socket)] if self.daemon.socket.exists() else []
        found += [name for name in os.listdir("/run/netns") if name == self.daemon.host_netns]
        found += run("ip", "netns", "pids", self.namespace.name).stdout.split()
        return found

    def refused(self, result, code, *texts):
        """The exit code, every text in what it says, and a clean place."""
        assert result.returncode == code, result.stderr
        for text in texts:
            assert text in result.stderr
        # The one that removes the namespace outlives the daemon by a moment.
        wait_for(lambda: not self.leftovers(), f"nothing is left behind: {self.leftovers()}", GONE)


@pytest.fixture(scope="module")
def bench(module_internet):
    return Bench(module_internet(PREFIX).lab)


@pytest.fixture(scope="module")
def running(bench):
    """A daemon that works."""
    daemon = Daemon(bench.lab.namespace("good"), "good", gateway())
    daemon.start()
    yield daemon
    daemon.stop()


# Devices and memory ----------------------------------------------------------------------------------------------


def test_a_pci_device_that_does_not_exist_is_named_with_those_that_do(bench):
    result = bench.run(config=gateway(ports={"wan": {"device": "0000:7f:1f.7"}, "lan": {"device": "net_null1"}}))
    bench.refused(result, START_FAILED, "ports.wan.device: 0000:7f:1f.7: no such device; PCI network devices here: ")


def test_an_interface_that_does_not_exist_is_named_with_those_that_do(bench):
    result = bench.run(config=gateway(ports={"wan": {"device": af_packet(0, "nope0")},
                                             "lan": {"device": "net_null1"}}))
    bench.refused(result, START_FAILED, "ports.wan.device: net_af_packet0: no interface nope0; interfaces here: ",
                  "spare0")


def test_a_driver_that_does_not_exist_is_refused_with_those_that_do(bench):
    result = bench.run(config=gateway(ports={"wan": {"device": "net_afpacket0,iface=spare0"},
                                             "lan": {"device": "net_null1"}}))
    bench.refused(result, START_FAILED, "ports.wan.device: net_afpacket0: no such driver; allowed: ", "net_af_packet,")
    assert "DPDK" not in result.stderr


def test_a_lan_that_carries_less_than_ipv6_needs_is_refused(bench):
    bench.namespace.ip("link", "set", "spare0", "mtu", "1279")
    result = bench.run(config=gateway(ports={"wan": {"device": "net_null0"}, "lan": {"device": af_packet(1, "spare0")}}))
    bench.namespace.ip("link", "set", "spare0", "mtu", "1500")
    bench.refused(result, START_FAILED, "ports.lan.device: takes packets of up to 1279 bytes, IPv6 needs 1280")


def free_huge_pages():
    words = dict(line.split(":", 1) for line in pathlib.Path("/proc/meminfo").read_text().splitlines())
    return int(words["HugePages_Free"])


def test_huge_pages_that_are_not_free_are_asked_for_with_their_number(bench):
    mebibytes = 2 * free_huge_pages() + 64
    result = bench.run(config=gateway(eal={"hugepages": True, "memory": f"{mebibytes}M"}))
    bench.refused(result, START_FAILED, f"eal.hugepages: {mebibytes} MiB in huge pages are needed", "vm.nr_hugepages=")


def test_a_core_that_does_not_exist_is_refused_with_those_that_do(bench):
    result = bench.run(config=gateway(workers={"cores": [999]}))
    bench.refused(result, START_FAILED, "workers.cores: core 999 is not available; available: ")


# Permissions -----------------------------------------------------------------------------------------------------


def readable_by_all(bench):
    """A folder on the way to the configuration that only root may enter would be another test."""
    bench.daemon.write(gateway())
    path = pathlib.Path("/run") / f"{PREFIX}.yaml"
    path.write_text(bench.daemon.config_path.read_text())
    path.chmod(0o644)
    return path


@pytest.fixture
def open_config(bench):
    path = readable_by_all(bench)
    yield path
    path.unlink()


def test_an_ordinary_user_is_told_to_be_root(bench, open_config):
    result = bench.run_at(open_config, "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")
    bench.refused(result, START_FAILED, "Operation not permitted; run gate41d as root")


@pytest.mark.parametrize("capability, remedy", [
    ("sys_admin", "run gate41d as root with CAP_SYS_ADMIN, or set `host.netns: none`"),
    ("net_admin", "run gate41d as root")])
def test_a_missing_capability_is_told_with_the_remedy(bench, capability, remedy):
    result = bench.run("setpriv", "--bounding-set", f"-{capability}", "--inh-caps", f"-{capability}")
    bench.refused(result, START_FAILED, "not permitted", remedy)


def test_a_packet_socket_that_is_not_permitted_is_told_with_its_device(bench):
    config = gateway(ports={"wan": {"device": af_packet(0, "spare1")}, "lan": {"device": "net_null1"}})
    result = bench.run("setpriv", "--bounding-set", "-net_raw", "--inh-caps", "-net_raw", config=config)
    bench.refused(result, START_FAILED, "ports.wan.device: net_af_packet0: needs CAP_NET_RAW, ", "run gate41d as root")
    assert len(result.stderr.splitlines()) == 1


def test_a_missing_tun_device_is_told_with_the_module(bench):
    """In a mount namespace of its own, in which the device is not there."""
    result = bench.run("unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /dev/net && exec "$@"', "sh")
    bench.refused(result, START_FAILED, "/dev/net/tun: cannot be opened", "modprobe tun")


def test_a_socket_folder_that_cannot_be_made_is_named(bench):
    blocker = bench.lab.folder / "file"
    blocker.write_text("")
    result = bench.run(config=gateway(management={"socket": f"{blocker}/x.sock", "group": "root"}))
    bench.refused(result, START_FAILED, f"{blocker}")


# Two daemons -----------------------------------------------------------------------------------------------------


def test_a_second_daemon_in_the_same_host_namespace_is_refused_and_the_first_stays(bench, running):
    # `ip netns exec` gives each a mount namespace of its own, in which the other's network namespace has no name.
    mounts = f"--mount=/proc/{running.process.pid}/ns/mnt"
    result = bench.run("nsenter", mounts, config=gateway(host={"netns": running.host_netns}))
    bench.refused(result, START_FAILED, f"namespace {running.host_netns}", "another gate41d runs in it",
                  "set `instance` or `host.netns`")
    assert running.status()["instance"] == "good"
    assert running.host_netns in os.listdir("/run/netns")


def test_a_second_daemon_at_the_same_socket_is_refused_and_the_first_answers(bench, running):
    result = bench.run(config=gateway(management={"socket": str(running.socket), "group": "root"}))
    bench.refused(result, START_FAILED, str(running.socket))
    assert running.status()["instance"] == "good"


# The configuration -----------------------------------------------------------------------------------------------


def place(bench, text, result):
    """The line of stderr that names a place in the file: FILE:LINE:COLUMN: ..."""
    found = [line for line in result.stderr.splitlines() if text in line]
    assert len(found) == 1, result.stderr
    assert found[0].startswith(f"{bench.daemon.config_path}:"), found[0]
    line, column = found[0].removeprefix(f"{bench.daemon.config_path}:").split(":")[:2]
    return int(line), int(column)


MINIMAL = """\
role: gateway
ports:
  wan: { device: net_null0 }
  lan: { device: net_null1 }
wan: { port: wan }
tunnels:
  main: { mode: 6to4, relays: [192.88.99.1] }
lans:
  home: { port: lan }
"""


def test_an_unknown_key_is_refused_at_its_place(bench):
    result = bench.run(text=MINIMAL + "wans: { port: wan }\n")
    bench.refused(result, BAD_CONFIGURATION, "wans: ")
    assert place(bench, "wans: ", result) == (10, 1)


def test_a_duplicate_key_is_refused_at_its_second_place(bench):
    result = bench.run(text=MINIMAL + "role: relay\n")
    bench.refused(result, BAD_CONFIGURATION, "role: ")
    assert place(bench, "role: ", result) == (10, 1)


def test_a_gateway_without_a_relay_is_refused_by_name(bench):
    result = bench.run(text=MINIMAL.replace(", relays: [192.88.99.1]", ""))
    bench.refused(result, BAD_CONFIGURATION, "tunnels.main")
    assert "relay" in result.stderr


def test_all_problems_are_told_at_once(bench):
    text = MINIMAL.replace("device: net_null1", "device: net_null1, vlan: 5000").replace("port: lan", "port: attic")
    result = bench.run(text=text)
    bench.refused(result, BAD_CONFIGURATION)
    assert place(bench, "ports.lan.vlan: ", result)[0] == 4
    assert place(bench, "lans.home.port: ", result)[0] == 9
    assert len(result.stderr.splitlines()) == 2


def test_text_that_is_not_yaml_is_refused_at_its_place(bench):
    result = bench.run(text="role: [gateway\n")
    bench.refused(result, BAD_CONFIGURATION, f"{bench.daemon.config_path}:")


@pytest.mark.parametrize("words", [(), ("--check",)])
def test_a_missing_file_is_told(bench, words):
    result = bench.run_at("/nowhere/gate41.yaml", words=words)
    bench.refused(result, BAD_CONFIGURATION, "/nowhere/gate41.yaml: no such file")


def test_check_finds_a_problem_without_starting(bench):
    result = bench.run(text=MINIMAL + "wans: 1\n", words=("--check",))
    bench.refused(result, BAD_CONFIGURATION, "wans: ")


def test_check_touches_no_hardware(bench, open_config):
    """Devices that are not there are none of its business, and any user may ask."""
    config = json.loads(open_config.read_text())
    config["ports"]["wan"]["device"] = "0000:7f:1f.7"
    open_config.write_text(json.dumps(config))
    result = bench.run_at(open_config, "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                          words=("--check",))
    bench.refused(result, 0)
    assert result.stdout == f"{open_config}: ok\n"


def test_an_unknown_option_is_a_matter_of_usage(bench):
    assert bench.run(words=("--no-such-option",)).returncode == BAD_CONFIGURATION


# Reload ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def reloadable(running):
    """The running daemon; its file is put right afterwards."""
    yield running
    running.write(gateway())


def test_reload_refuses_a_bad_file_and_the_running_one_stays(reloadable):
    before = reloadable.status()
    reloadable.write(gateway(wans=1, tunnels={"main": {"mode": "6to4", "relays": ["192.88.99.1"], "mtu": 1400}}))
    result = reloadable.reload()
    assert result.returncode == REFUSED
    assert "wans: " in result.stderr and "the running configuration stays" in result.stderr
    # All or nothing: the part of it that was good is not taken over either.
    assert reloadable.status()["tunnels"][0]["mtu"] == before["tunnels"][0]["mtu"] == 1280


def test_reload_refuses_a_restart_key_by_name(reloadable):
    tunnel = {"mode": "6to4", "relays": ["192.88.99.1"], "mtu": 1400}
    reloadable.write(gateway(tunnels={"main": tunnel}, workers={"rx_mode": "polling"}))
    result = reloadable.reload()
    assert result.returncode == REFUSED
    assert "workers.rx_mode cannot change without a restart" in result.stderr
    assert reloadable.status()["tunnels"][0]["mtu"] == 1280


def test_reload_refuses_a_file_that_has_gone(reloadable):
    reloadable.config_path.unlink()
    result = reloadable.reload()
    assert result.returncode == REFUSED
    assert f"{reloadable.config_path}: no such file" in result.stderr


def test_reload_takes_over_a_live_key(reloadable):
    reloadable.write(gateway(tunnels={"main": {"mode": "6to4", "relays": ["192.88.99.1"], "mtu": 1400}}))
    assert reloadable.reload().returncode == 0
    assert reloadable.status()["tunnels"][0]["mtu"] == 1400
    reloadable.write(gateway())
    assert reloadable.reload().returncode == 0


def filter_sentence(daemon):
    return next(state["sentence"] for state in daemon.status()["states"] if state["component"] == "filter")


@pytest.mark.proves("X5", "K51")
def test_reload_takes_over_the_profile_and_warns_of_short_timers(reloadable):
    short = "filter.timeouts.udp is 30s, less than the 2min that hosts may count on"
    assert filter_sentence(reloadable).startswith("strict: ")
    reloadable.write(gateway(filter={"profile": "simple-security", "timeouts": {"udp": "30s"}}))
    assert reloadable.reload().returncode == 0
    assert filter_sentence(reloadable).startswith("simple-security: ")
    assert short in filter_sentence(reloadable) and short in reloadable.log()
    assert short in " ".join(reloadable.tool("doctor", check=False).stdout.split())
    reloadable.write(gateway())
    assert reloadable.reload().returncode == 0
    assert filter_sentence(reloadable).startswith("strict: ")


def test_sighup_reloads_and_refuses_in_the_log(reloadable):
    def hang_up_with(**changes):
        reloadable.write(gateway(**changes))
        reloadable.process.send_signal(signal.SIGHUP)

    hang_up_with(wans=1)
    wait_for(lambda: "reload refused: " in reloadable.log(), "the log says that the file is refused")
    assert "wans: " in reloadable.log()
    hang_up_with(tunnels={"main": {"mode": "6to4", "relays": ["192.88.99.1"], "mtu": 1300}})
    wait_for(lambda: reloadable.status()["tunnels"][0]["mtu"] == 1300, "SIGHUP took over a live key")
    hang_up_with()
    wait_for(lambda: reloadable.status()["tunnels"][0]["mtu"] == 1280, "SIGHUP took over the file as it was")


# The tool --------------------------------------------------------------------------------------------------------


def tool(*words):
    return run(program("gate41"), *words, check=False)


def test_the_tool_says_that_there_is_no_daemon(bench):
    result = tool("--socket", bench.lab.folder / "nobody.sock", "status")
    assert result.returncode == NO_DAEMON
    assert "no daemon at" in result.stderr and "start gate41d, or name its socket" in result.stderr


@pytest.mark.parametrize("words", [(), ("no-such-command",), ("status", "--no-such-option"),
                                   ("capture", "--count", "-1"), ("--instance", "Not/One", "status"),
                                   ("flows", "--address", "12")])
def test_the_tool_refuses_a_wrong_command_line(words):
    assert tool(*words).returncode == USAGE


def test_health_is_an_exit_code(running):
    """Nobody leases an address here, so it is not healthy, and says what is missing."""
    result = running.tool("health", check=False)
    assert result.returncode == REFUSED
    assert "DHCP" in result.stdout + result.stderr


def test_an_ordinary_user_is_not_let_in(running):
    """The socket is for its group (S70)."""
    assert running.socket.stat().st_mode & 0o777 == 0o660


# The end ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_is_clean(bench, how):
    bench.daemon.write(gateway())
    bench.daemon.start()
    assert bench.daemon.stop(how=how) == 0
    wait_for(lambda: not bench.leftovers(), f"nothing is left behind: {bench.leftovers()}", GONE)


def test_a_killed_daemon_is_not_in_the_way_of_the_next(bench):
    bench.daemon.write(gateway())
    bench.daemon.start()
    bench.daemon.stop(how=signal.SIGKILL)
    bench.daemon.start()
    assert bench.daemon.stop() == 0
    wait_for(lambda: not bench.leftovers(), f"nothing is left behind: {bench.leftovers()}", GONE)
