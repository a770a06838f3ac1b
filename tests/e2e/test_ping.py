"""`gate41 ping` and `gate41 traceroute`: from a site's console through its tunnel, and from a relay's.

One lab for the whole module; the last test kills the relay.
"""
import json
import signal
import subprocess

import pytest

from tests.lab import internet as net
from tests.lab.daemon import program
from tests.lab.netns import wait_for

PREFIX = "g41pi"
RELAY_NATIVE = "2600:41::3"
NOBODY = "2600:41::dead"
MOST_RUNS = 8


@pytest.fixture(scope="module")
def world(module_internet):
    world = module_internet(PREFIX)
    world.build_isp()
    relay = world.build_relay().start()
    world.serve_web()
    gateway = world.add_gateway()
    world.serve_dhcp("w0", "11.0.0")
    gateway.start()
    relay.wait_healthy(60)
    gateway.wait_healthy(60)
    wait_for(lambda: ping(gateway, net.WEB, "-c", "1")[0] == 0, "the web server answers", 30)
    return world


@pytest.fixture
def gateway(world):
    return world.daemons["gateway"]


def ask(daemon, *words):
    """(exit code, lines, complaints)"""
    result = daemon.tool(*words, check=False)
    return result.returncode, result.stdout.splitlines(), result.stderr


def ping(daemon, *words):
    return ask(daemon, "ping", "-i", "0.1", *words)


def events(daemon, *words):
    return [json.loads(line) for line in ask(daemon, *words, "--json")[1]]


def own(gateway, subnet=0):
    return net.six_to_four(gateway.status()["wan"]["external"], subnet, 1)


def encapsulated(gateway):
    return gateway.ask("tunnels")[0]["encap_packets"]


@pytest.mark.proves("S86")
def test_the_web_server_answers_through_the_tunnel(gateway):
    before = encapsulated(gateway)
    start, *answers, statistics = events(gateway, "ping", "-c", "3", "-i", "0.1", net.WEB)
    assert start == {"event": "start", "destination": net.WEB, "source": own(gateway), "size": 56}
    assert [answer["seq"] for answer in answers] == [1, 2, 3]
    for answer in answers:
        assert (answer["event"], answer["from"], answer["bytes"]) == ("answer", net.WEB, 64)
        assert answer["hop_limit"] == 63  # the server's 64, less the relay
        assert 0 < answer["time_ms"] < 5000
    assert (statistics["sent"], statistics["received"], statistics["lost"]) == (3, 3, 0)
    assert encapsulated(gateway) - before >= 3


def test_the_text_is_for_people(gateway):
    code, lines, _ = ping(gateway, "-c", "1", "-s", "1000", net.WEB)
    assert code == 0
    assert lines[0] == f"ping {net.WEB} from {own(gateway)}, 1000 bytes of data"
    assert lines[1].startswith(f"1008 bytes from {net.WEB}: seq=1 hop limit=63 time=")
    assert lines[2] == "1 sent, 1 received, 0 % lost"
    assert lines[3].startswith("round trip: least ")


@pytest.mark.proves("S86")
def test_traceroute_shows_the_relay_and_then_the_server(gateway):
    start, *hops, end = events(gateway, "traceroute", net.WEB)
    assert start["source"] == own(gateway)
    assert [hop["hop"] for hop in hops] == [1, 2]
    assert {probe["from"] for probe in hops[0]["probes"] if probe} == {RELAY_NATIVE}
    assert {probe["from"] for probe in hops[1]["probes"] if probe} == {net.WEB}
    assert end == {"event": "end", "reached": True, "sentence": "reached"}
    code, lines, _ = ask(gateway, "traceroute", "-q", "1", net.WEB)
    assert code == 0
    assert lines[1].startswith(f" 1  {RELAY_NATIVE}  ")


@pytest.mark.proves("S86")
def test_of_an_address_that_nobody_has_the_relay_says_so(gateway):
    code, lines, _ = ping(gateway, "-c", "1", NOBODY)
    assert code == 1
    assert lines[1] == f"from {RELAY_NATIVE}: seq=1 destination unreachable, address unreachable"
    assert lines[2] == "1 sent, 0 received, 100 % lost, 1 error"


@pytest.mark.proves("S86")
def test_what_this_box_drops_is_told_with_its_reason(gateway):
    code, lines, _ = ping(gateway, "-c", "1", "-s", "1300", net.WEB)
    assert code == 1
    assert lines[1] == "seq=1 not sent: larger than the way out takes, mtu 1280 [packet_too_big]"
    nobody = net.six_to_four(gateway.status()["wan"]["external"], 1, 0xdead)
    before = gateway.drops().get("neighbour_failed", 0)
    code, lines, _ = ping(gateway, "-c", "1", nobody)
    assert code == 1
    assert lines[0] == f"ping {nobody} from {own(gateway, 1)}, 56 bytes of data"
    assert lines[1] == "seq=1 not sent: neighbour does not answer [neighbour_failed]"
    assert gateway.drops()["neighbour_failed"] == before + 1
    assert gateway.ask("counters")["conserved"]


def test_a_host_of_the_lan_is_asked_from_the_address_there(world, gateway):
    host = net.wait_address(world.lab.namespace("host"), "2002:")
    start, answer, statistics = events(gateway, "ping", "-c", "1", host)
    assert start["source"] == own(gateway, 1)
    assert answer["hop_limit"] == 64
    assert statistics["received"] == 1


def test_another_own_address_may_be_the_source(gateway):
    start, *_, statistics = events(gateway, "ping", "-c", "1", net.WEB, "--source", own(gateway, 1))
    assert start["source"] == own(gateway, 1)
    assert statistics["received"] == 1


def test_a_relay_asks_from_its_native_address(world):
    relay = world.daemons["relay"]
    start, *_, statistics = events(relay, "ping", "-c", "1", net.WEB)
    assert start["source"] == RELAY_NATIVE
    assert statistics["received"] == 1


@pytest.mark.parametrize("words", [
    (), ("11.0.0.1",), ("web.example",), (net.WEB, "-c", "0"), (net.WEB, "-c", "1001"), (net.WEB, "-i", "0"),
    (net.WEB, "-i", "soon"), (net.WEB, "-s", "1453"), (net.WEB, "-s", "-1"), (net.WEB, "--source", "wan"),
    (net.WEB, net.WEB)], ids=" ".join)
def test_garbage_is_a_mistake_of_the_command_line(gateway, words):
    code, lines, complaint = ask(gateway, "ping", *words)
    assert (code, lines) == (2, [])
    assert complaint


@pytest.mark.parametrize("destination", ["ff02::1", "fe80::1", "::", "::1"])
def test_whom_nobody_can_ask_is_refused_in_a_sentence(gateway, destination):
    for command in ("ping", "traceroute"):
        code, lines, complaint = ask(gateway, command, destination)
        assert (code, lines) == (1, [])
        assert f"{destination} cannot be asked: " in complaint


def test_a_foreign_source_is_refused_with_the_own_ones(gateway):
    code, _, complaint = ping(gateway, net.WEB, "--source", NOBODY)
    assert code == 1
    assert f"{NOBODY} is no address of this box; it has {own(gateway)}, {own(gateway, 1)}" in complaint


def client(gateway):
    """A ping that goes on for long, and has had its first answer."""
    process = subprocess.Popen([program("gate41"), "--socket", gateway.socket, "ping", "-c", "1000", net.WEB],
                               stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline().startswith("ping ")
    assert "bytes from" in process.stdout.readline()
    return process


@pytest.mark.proves("S86")
def test_ctrl_c_ends_it_with_statistics(gateway):
    process = client(gateway)
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    assert " received, " in rest


@pytest.mark.proves("S86")
def test_eight_run_at_a_time_and_end_with_their_clients(gateway):
    clients = [client(gateway) for _ in range(MOST_RUNS)]
    try:
        code, lines, complaint = ping(gateway, "-c", "1", net.WEB)
        assert (code, lines) == (1, [])
        assert f"{MOST_RUNS} pings and traceroutes are under way" in complaint
    finally:
        for process in clients:
            process.kill()
            process.communicate()
    wait_for(lambda: ping(gateway, "-c", "1", net.WEB)[0] == 0, "there is room again", 10)
    # The relay's probes had their answers all the time.
    assert gateway.status()["healthy"]


@pytest.mark.proves("S86")
def test_without_a_relay_it_says_so_at_once(world, gateway):
    world.daemons["relay"].stop(how=signal.SIGKILL)
    wait_for(lambda: not gateway.ask("tunnels")[0]["relays"][0]["alive"], "the relay is dead", 30)
    code, lines, _ = ping(gateway, "-c", "2", net.WEB)
    assert code == 1
    assert lines[1:3] == [f"seq={n} not sent: no live relay [relay_down]" for n in (1, 2)]
    assert lines[3] == "2 sent, 0 received, 100 % lost, 2 dropped here"
    code, lines, _ = ask(gateway, "traceroute", net.WEB)
    assert code == 1
    assert lines[1:] == ["hop=1 not sent: no live relay [relay_down]", "this box does not send it"]
