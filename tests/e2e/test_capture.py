"""`gate41 capture`: pcapng that other programs read, with directions, interfaces and the reason of each drop."""
import signal
import subprocess

import pytest

from tests.lab.daemon import program
from tests.lab.netns import run, wait_for

from . import packets as p
from .sites import ANYCAST, HOST, ROUTER, SERVER, WAN, GatewayBench

INBOUND, OUTBOUND = "0x00000001", "0x00000002"


@pytest.fixture(scope="module")
def gateway(module_internet):
    bench = GatewayBench(module_internet("g41dc"))
    bench.start("capture")
    yield bench
    bench.stop()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "capture.pcapng"


def start_capture(gateway, file, *words):
    """The tool at work; headers stand in the file before the first packet does."""
    process = subprocess.Popen([program("gate41"), "--socket", gateway.daemon.socket, "capture", file, *words],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    wait_for(lambda: process.poll() is not None or (file.exists() and file.stat().st_size), "the capture runs")
    return process


def repeat_until_end(process, act):
    """Frames are sent again and again until the capture has as many as it was asked for."""
    def ended():
        act()
        return process.poll() is not None
    wait_for(ended, "the capture ends by its count", every=0.1)
    said = process.communicate()[0]
    assert process.returncode == 0, said
    return said


def fields(file, *names, display=""):
    words = [word for name in names for word in ("-e", name)]
    text = run("tshark", "-n", "-r", file, "-T", "fields", *words, "-Y", display or "frame").stdout
    return [line.split("\t") for line in text.splitlines()]


def send_unsolicited(gateway):
    gateway.wires["wan"].send(gateway.from_tunnel(p.udp(SERVER, HOST, 7001, 7002, b"unasked")))


def test_a_drop_has_its_reason_as_comment(gateway, file):
    process = start_capture(gateway, file, "--drops", "--count", "1")
    said = repeat_until_end(process, lambda: (gateway.settle(), send_unsolicited(gateway)))
    assert said.startswith("1 packets captured")
    [[comment, protocol, outer, inner, data]] = fields(file, "frame.comment", "frame.protocols", "ip.src", "ipv6.dst",
                                                       "udp.payload")
    assert comment == "dropped: filter_unsolicited: no flow and no pinhole lets it in"
    assert protocol.startswith("eth:ethertype:ip:ipv6:udp")
    assert (outer, inner, bytes.fromhex(data)) == (ANYCAST, HOST, b"unasked")


def test_a_packet_is_seen_as_it_came_and_as_it_left(gateway, file):
    request, passed = (p.udp(HOST, SERVER, 7003, 7004, b"passes", hop_limit=limit) for limit in (64, 63))
    process = start_capture(gateway, file)
    gateway.wires["lan"].send(gateway.from_lan(request))
    gateway.wires["wan"].take(lambda frame: frame[34:] == passed, "the packet on the WAN")
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=10)[0]
    assert process.returncode == 0, said
    came, left = fields(file, "frame.interface_name", "frame.packet_flags_direction", "ipv6.hlim", "ip.src", "ip.dst",
                        display="udp.srcport == 7003")
    assert came == ["lan", INBOUND, "64", "", ""]
    assert left == ["wan", OUTBOUND, "63", WAN, ANYCAST]
    assert not fields(file, "frame.number", display="ip.checksum.status == 0 || _ws.malformed")


@pytest.mark.proves("W7")
def test_neighbour_discovery_is_seen_with_its_ethernet_header_and_options(gateway, file):
    sender, inside = gateway.wires["lan"].mac, "02:00:00:00:00:77"  # as behind a bridge that rewrites one of them
    body = bytes(4) + p.ip6(ROUTER) + b"\x01\x01" + p.mac(inside)
    process = start_capture(gateway, file)
    gateway.wires["lan"].send(gateway.from_lan(p.icmpv6(HOST, ROUTER, 135, 0, body, hop_limit=255)))
    gateway.settle()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)
    assert [sender, inside] in fields(file, "eth.src", "icmpv6.opt.linkaddr", display="icmpv6.type == 135")


def test_only_one_capture_at_a_time(gateway, file, tmp_path):
    first = start_capture(gateway, file)
    try:
        second = gateway.daemon.tool("capture", tmp_path / "second.pcapng", check=False)
        assert second.returncode == 1 and "one at a time" in second.stderr
    finally:
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=10)


def test_a_killed_tool_ends_its_capture(gateway, file, tmp_path):
    first = start_capture(gateway, file)
    first.kill()
    first.communicate()
    second = wait_for(lambda: capture_again(gateway, tmp_path / "second.pcapng"), "the next capture may start")
    repeat_until_end(second, gateway.settle)


def capture_again(gateway, file):
    process = start_capture(gateway, file, "--count", "1")
    if process.poll() == 1:
        process.communicate()
        return None
    return process
