"""What operators do while packets flow: pinholes at run time, lists, counts and deletions of flows."""
import json
import signal
import socket
import subprocess
import time

import pytest

from tests.lab import internet as net
from tests.lab.daemon import program
from tests.lab.netns import inside, wait_for

from .real_hosts import PATIENCE, RealHosts, receive

PORT = 8081


@pytest.fixture(scope="module")
def scene(module_internet):
    return RealHosts(module_internet("g41op"))


@pytest.fixture
def gateway(scene):
    return scene.gateway


@pytest.fixture(autouse=True)
def no_pinhole_is_left(gateway):
    yield
    for row in holes(gateway):
        gateway.tool("pinhole", "del", row["id"])


@pytest.fixture
def server(scene):
    """On the LAN's host."""
    with inside(scene.host):
        listener = socket.create_server(("::", PORT), family=socket.AF_INET6)
    listener.settimeout(PATIENCE)
    with listener:
        yield listener


def holes(gateway):
    return [row for row in gateway.ask("pinhole", "list") if row["id"]]


def add(gateway, *words):
    return gateway.ask("pinhole", "add", *words)["id"]


def refusal(gateway, *words):
    result = gateway.tool(*words, check=False)
    assert result.returncode != 0, result.stdout
    return result.stderr


def connect(scene, timeout=PATIENCE):
    """From outside; the caller closes it."""
    with inside(scene.six):
        client = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    client.settimeout(timeout)
    client.bind((net.WEB, 0))
    try:
        client.connect((scene.address, PORT))
    except OSError:
        client.close()
        return None
    return client


def unsolicited(gateway):
    return gateway.drops().get("filter_unsolicited", 0)


def barred(gateway):
    return gateway.drops().get("filter_flow_barred", 0)


@pytest.mark.proves("K48")
def test_a_pinhole_lets_in_who_it_names_and_deleting_it_ends_what_came_by_it(scene, gateway, server):
    assert connect(scene, 0.5) is None
    number = add(gateway, "tcp", "home", net.HOST_ID, PORT, "--from", f"{net.WEB}/128", "--comment", "for a test")
    row = next(row for row in gateway.ask("pinhole", "list") if row["id"] == number)
    assert (row["leads_to"], row["left"], row["comment"]) == ([scene.address], None, "for a test")
    with connect(scene) as client:
        inner, _ = server.accept()
        with inner:
            client.sendall(b"hello")
            assert receive(inner, 5) == b"hello"
            assert scene.flow(PORT)["pinhole"]
            gateway.tool("pinhole", "del", number)
            for sender, data in ((client, b"too late"), (inner, b"too late, too")):
                before = barred(gateway)
                sender.sendall(data)
                wait_for(lambda: barred(gateway) > before, "what is sent to it is dropped")
            inner.setblocking(False)
            with pytest.raises(BlockingIOError):
                inner.recv(10)
    assert connect(scene, 0.5) is None


@pytest.mark.proves("K48")
def test_a_pinhole_for_another_prefix_lets_nobody_else_in(scene, gateway, server):
    add(gateway, "tcp", "home", net.HOST_ID, PORT, "--from", "2600:42::/32")
    assert connect(scene, 0.5) is None


@pytest.mark.proves("K48")
def test_a_pinhole_of_a_whole_address_ends_by_itself(scene, gateway, server):
    add(gateway, "tcp", "home", scene.address, PORT, "--lifetime", "4s")
    connect(scene).close()
    wait_for(lambda: not holes(gateway), "the pinhole has ended")
    assert connect(scene, 0.5) is None
    assert "has ended" in gateway.log()


def test_pinholes_outlive_the_daemon(scene, gateway, server):
    kept = add(gateway, "tcp", "home", net.HOST_ID, PORT)
    short = add(gateway, "udp", "home", net.HOST_ID, "1000-2000", "--lifetime", "1h")
    gateway.stop()
    gateway.start()
    rows = {row["id"]: row for row in holes(gateway)}
    assert set(rows) == {kept, short}
    assert 3500 < rows[short]["left"] <= 3600
    gateway.wait_healthy()
    connect(scene).close()
    assert add(gateway, "echo", "home", net.HOST_ID) > short


def test_a_broken_file_of_pinholes_is_said_and_ignored(gateway):
    gateway.stop()
    state = gateway.lab.folder / "gateway.state"
    for name in ("pinholes", "pinholes.old"):
        (state / name).write_text("rubbish\n")
    gateway.start()
    assert holes(gateway) == []
    assert "pinholes is broken" in gateway.log()
    gateway.wait_healthy()


@pytest.mark.parametrize("words, said", [
    (("tcp", "hone", "::80", "80"), 'lan: no LAN "hone"; allowed: a name under lans'),
    (("tcp", "home", "::80", "0"), 'port: "0" is out of range; allowed: 1..65535'),
    (("tcp", "home", "::80"), "port: missing key; allowed: 1..65535"),
    (("esp", "home", "::80", "80"), "port: protocol esp has no port"),
    (("smtp", "home", "::80"), 'proto: "smtp" is unknown; allowed: tcp, udp'),
    (("tcp", "home", "::", "80"), 'interface_id: "::" is zero'),
    (("echo", "home", "fe80::1"), "is no host's address in a prefix"),
    (("echo", "home", "::80", "--lifetime", "soon"), 'lifetime: "soon" is not a whole number; allowed: 1s..8760h'),
    (("echo", "home", "::80", "--comment", "x" * 81), "at most 80 bytes"),
])
def test_a_pinhole_that_makes_no_sense_is_refused_with_what_is_allowed(gateway, words, said):
    assert said in refusal(gateway, "pinhole", "add", *words)
    assert holes(gateway) == []


def test_the_same_pinhole_is_refused_and_so_is_an_unknown_id(gateway):
    number = add(gateway, "echo", "home", "::80")
    assert f"pinhole {number} is the same" in refusal(gateway, "pinhole", "add", "echo", "home", "::80")
    assert "there is no pinhole 99999" in refusal(gateway, "pinhole", "del", 99999)


def test_flows_are_found_by_what_they_are(scene, gateway):
    with scene.connected() as (client, server):
        port = client.getsockname()[1]
        for words in (("--address", scene.address), ("--interior", "2002::/16"), ("--exterior", net.WEB),
                      ("--lan", "home"), ("--proto", "tcp"), ("--proto", "6"), ("--state", "tcp_established")):
            assert len(gateway.ask_all("flows", "--port", port, *words)) == 1, words
        for words in (("--address", "2600:99::/32"), ("--interior", net.WEB), ("--exterior", "2002::/16"),
                      ("--proto", "udp"), ("--state", "opening")):
            assert gateway.ask_all("flows", "--port", port, *words) == [], words
        server.sendall(bytes(100_000))
        assert receive(client, 100_000) == bytes(100_000)
        largest = gateway.ask_all("flows", "--sort", "bytes", "--top", 1)
        assert largest[0]["interior"].endswith(f":{port}") and largest[0]["bytes"] > 100_000
        talkers = gateway.ask("flows", "--top-talkers", 5)
        assert talkers["hosts"][0]["address"] == scene.address
        counts = gateway.ask("flows", "--count")
        assert sum(row["flows"] for row in counts["states"]) == counts["flows"]
        assert next(row for row in counts["hosts"] if row["address"] == scene.address)["flows"] >= 1


def test_flows_are_deleted_by_what_they_are(scene, gateway):
    with scene.connected() as (client, _), scene.connected() as (other, _):
        port, kept = (end.getsockname()[1] for end in (client, other))
        assert gateway.ask("flows", "delete", "--port", port)["deleted"] == 1
        assert scene.flow(port) is None
        assert scene.flow(kept)
    assert gateway.ask("flows", "delete", "--all")["deleted"] >= 1
    assert "deleted by an operator" in gateway.log()


@pytest.mark.parametrize("words, said", [
    (("flows", "delete"), "allowed: at least one criterion, or `all`"),
    (("flows", "delete", "--port", "80", "--top", "3"), "`top` has no place in a deletion"),
    (("flows", "--lan", "hone"), "there is no LAN `hone`; allowed: home"),
    (("flows", "--state", "open"), "there is no state `open`; allowed: opening, established, "),
    (("flows", "--proto", "smtp"), "a protocol is needed"),
])
def test_a_mistake_about_flows_is_refused_with_what_is_allowed(gateway, words, said):
    assert said in refusal(gateway, *words)


class Tracing:
    """`gate41 trace` while the body runs; `rows` afterwards."""

    def __init__(self, daemon, *words):
        self.argv = [str(program("gate41")), "--socket", str(daemon.socket), "trace", *map(str, words), "--json"]

    def __enter__(self):
        self.process = subprocess.Popen(self.argv, stdout=subprocess.PIPE, text=True)
        time.sleep(0.5)  # until the workers are armed; nothing tells that
        return self

    def __exit__(self, *_):
        output, _ = self.process.communicate(timeout=30)
        self.rows = [json.loads(line) for line in output.splitlines()]


def stages(row):
    return [(step["stage"], step["verdict"]) for step in row["steps"]]


@pytest.mark.proves("S86")
def test_a_trace_shows_both_ways_of_a_ping_stage_by_stage(scene, gateway):
    with Tracing(gateway, "--address", net.WEB, "--proto", "icmpv6", "-n", 2, "--seconds", 20) as trace:
        scene.host.run("ping", "-c", "1", "-W", "10", net.WEB)
    out, back = trace.rows
    assert [stage for stage, _ in stages(out)] == ["receive", "parse", "classify", "filter", "forward", "encapsulate", "send"]
    assert out["steps"][0]["sentence"] == "lan" and out["steps"][-1]["sentence"] == "wan"
    assert out["steps"][-2]["sentence"] == f"protocol 41 to {net.RELAY}"
    assert [stage for stage, _ in stages(back)] == [
        "receive", "parse", "classify", "decapsulate", "filter", "forward", "encapsulate", "send"]
    assert back["steps"][4]["sentence"] == "known flow, established"
    assert all(verdict == "ok" for row in trace.rows for _, verdict in stages(row))


@pytest.mark.proves("S86")
def test_a_trace_of_drops_says_where_and_why(scene, gateway):
    with Tracing(gateway, "--dropped", "--port", PORT, "-n", 1, "--on", "wan", "--seconds", 20) as trace:
        assert connect(scene, 1) is None
    assert stages(trace.rows[0])[-1] == ("filter", "drop")
    assert trace.rows[0]["reason"] == "filter_unsolicited"
    assert trace.rows[0]["destination"] == scene.address


def test_a_second_trace_is_refused_and_the_first_ends_with_its_client(gateway):
    with Tracing(gateway, "--port", 1, "--seconds", 30) as first:
        assert "a trace is running already" in refusal(gateway, "trace", "--seconds", 1)
        first.process.send_signal(signal.SIGINT)
    assert gateway.tool("trace", "--port", 1, "--seconds", 1, check=False).stdout == "0 packets\n"


def test_a_trace_on_a_port_that_is_not_there_is_refused(gateway):
    assert "there is no port `dmz`; allowed: lan, wan" in refusal(gateway, "trace", "--on", "dmz")


def resident(daemon):
    """Bytes of the daemon in memory."""
    status = daemon.lab.folder and open(f"/proc/{daemon.process.pid}/status", encoding="ascii").read()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) * 1024


def timed(action):
    begin = time.monotonic()
    value = action()
    return value, time.monotonic() - begin


@pytest.mark.parametrize("count", [20_000, pytest.param(1_000_000, marks=pytest.mark.long)])
def test_many_flows_stream_out_while_the_daemon_neither_grows_nor_waits(internet, count):
    scene = RealHosts(internet("g41oq"), filter={"max_flows": 2 * count},
                      eal={"hugepages": False, "memory": f"{160 + count // 1000}M"})
    there = scene.open_flows(count)
    before = resident(scene.gateway)
    rows, seconds = timed(lambda: scene.gateway.tool("flows", "--json", timeout=300).stdout.count("\n"))
    counts, quick = timed(lambda: scene.gateway.ask("flows", "--count"))
    grown = resident(scene.gateway) - before
    print(f"{rows} flows in {seconds:.1f} s, counted in {quick:.1f} s; the daemon grew by {grown // 1024} kB")
    assert rows >= 0.95 * there and counts["flows"] >= 0.95 * there
    assert grown < 20_000_000
    deleted = scene.gateway.ask("flows", "delete", "--exterior", "2002::/16")["deleted"]
    assert deleted >= 0.9 * there
    assert json.loads(scene.gateway.tool("flows", "--count", "--json").stdout)["flows"] < 0.1 * there
