"""What a LAN host starts works through the filter: real programs and real kernels at both ends."""
import concurrent.futures
import contextlib
import hashlib
import os
import socket
import struct

import pytest

from tests.lab import internet as net
from tests.lab.netns import wait_for

from .real_hosts import DNS, FAR, MID, NARROW, RealHosts, receive

PREFIX = "g41rh"
MEGABYTE = 1 << 20
STREAMS = 50
PROFILES = ["transparent", "strict", pytest.param("simple-security", marks=pytest.mark.long)]
USUAL = 7440  # seconds of an idle connection (RFC 6092 REC-35)


@pytest.fixture(scope="module")
def scene(module_internet):
    return RealHosts(module_internet(PREFIX))


@pytest.fixture(params=PROFILES)
def hosts(scene, request):
    """The same in each profile: what works in `transparent` works in the others."""
    if scene.profile != request.param:
        scene.change(filter={"profile": request.param})
        scene.profile = request.param
    return scene


@pytest.fixture
def timers(hosts):
    """timers(tcp_established="2s"): shorter ones for a test."""
    yield lambda **durations: hosts.change(filter={"timeouts": durations})
    hosts.change(filter={"timeouts": {"tcp_established": f"{USUAL}s", "tcp_transitory": "240s"}})


def question(name, ident):
    """RFC 1035 §4.1: one question for AAAA."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack("!6H", ident, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!2H", 28, 1)


def expect_answer(message, ident):
    assert int.from_bytes(message[:2], "big") == ident
    assert socket.inet_pton(socket.AF_INET6, net.WEB) in message


def test_names_are_resolved_over_udp(hosts):
    with hosts.socket(hosts.host, socket.SOCK_DGRAM) as asker:
        asker.sendto(question("web.lab", 7), (net.WEB, DNS))
        expect_answer(asker.recv(512), 7)


def test_names_are_resolved_over_tcp(hosts):
    with hosts.socket(hosts.host, socket.SOCK_STREAM) as asker:
        asker.connect((net.WEB, DNS))
        asked = question("web.lab", 8)
        asker.sendall(struct.pack("!H", len(asked)) + asked)
        length = struct.unpack("!H", receive(asker, 2))[0]
        expect_answer(receive(asker, length), 8)


def complete(hops):
    """Not at once, perhaps: of what the gateway may answer in a second a worker has its part."""
    return "*" not in hops and hops


@pytest.mark.proves("J1", "I8", "D12")
@pytest.mark.parametrize("how", [(), ("-I",), ("-T", "-p", "80")], ids=["udp", "icmp", "tcp"])
def test_traceroute_shows_each_hop(hosts, how):
    gateway, relay, *others = wait_for(lambda: complete(hosts.hops(*how)), "each hop answers")
    assert others == [net.WEB, f"{MID}::2", FAR]
    assert gateway == net.six_to_four("11.0.0.2", 1, 1)
    assert relay in ("2600:41::3", net.six_to_four(net.RELAY))


@pytest.mark.proves("J1", "K19", "K37")
def test_a_host_learns_of_a_narrow_link_far_away_and_a_megabyte_gets_there(hosts):
    hosts.host.ip("-6", "route", "flush", "cache")
    sent = os.urandom(MEGABYTE)
    with hosts.connected(hosts.far, FAR) as (client, server), concurrent.futures.ThreadPoolExecutor(1) as other_end:
        received = other_end.submit(receive, server, MEGABYTE)
        client.sendall(sent)
        assert hashlib.sha256(received.result()).digest() == hashlib.sha256(sent).digest()
    assert f"mtu {NARROW}" in hosts.host.ip("-6", "route", "get", FAR).stdout


def test_a_client_whose_port_changes_is_answered_at_the_new_one(hosts):
    """As with QUIC, whose connection outlives a host's change of port."""
    with hosts.socket(hosts.six, socket.SOCK_DGRAM, address=net.WEB) as server:
        ports = set()
        for number in range(3):
            with hosts.socket(hosts.host, socket.SOCK_DGRAM) as client:
                client.sendto(b"%d" % number, server.getsockname())
                data, peer = server.recvfrom(100)
                server.sendto(data, peer)
                assert client.recv(100) == b"%d" % number
                ports.add(peer[1])
        assert len(ports) == 3


def test_a_second_connection_to_a_port_that_the_first_one_told(hosts):
    """As with passive FTP."""
    with hosts.connected() as (control, control_end), hosts.listener(hosts.six, net.WEB) as data_server:
        control_end.sendall(struct.pack("!H", data_server.getsockname()[1]))
        port = struct.unpack("!H", receive(control, 2))[0]
        with hosts.socket(hosts.host, socket.SOCK_STREAM) as data:
            data.connect((net.WEB, port))
            data_end, _ = data_server.accept()
            with data_end:
                data_end.sendall(b"a file")
            assert receive(data, 6) == b"a file"


@contextlib.contextmanager
def deaf_to_syn(place, port):
    """A kernel that gets no SYN for this port: SYN/ACKs it does get."""
    place.run("nft", f"add table ip6 deaf; add chain ip6 deaf in {{ type filter hook input priority 0; }}; "
                     f"add rule ip6 deaf in tcp dport {port} tcp flags == syn drop")
    try:
        yield
    finally:
        place.run("nft", "delete table ip6 deaf")


@pytest.mark.proves("K31")
def test_both_ends_open_at_the_same_time(hosts):
    """The server's kernel does not see the host's SYN, and sends its own: on each side SYN meets SYN."""
    with hosts.socket(hosts.host, socket.SOCK_STREAM) as one, \
            hosts.socket(hosts.six, socket.SOCK_STREAM, address=net.WEB) as other, \
            deaf_to_syn(hosts.six, other.getsockname()[1]), concurrent.futures.ThreadPoolExecutor(1) as thread:
        opened = thread.submit(one.connect, other.getsockname())
        port = one.getsockname()[1]
        wait_for(lambda: hosts.flow(port), "the gateway has seen the host's SYN")
        other.connect((hosts.address, port))
        opened.result()
        one.sendall(b"from the host")
        other.sendall(b"from the server")
        assert receive(other, 13) == b"from the host" and receive(one, 15) == b"from the server"


def talk(client, server):
    server.sendall(b"from the server")
    assert receive(client, 15) == b"from the server"
    client.sendall(b"from the host")
    assert receive(server, 13) == b"from the host"


def has_ended(hosts, client):
    flow = hosts.flow(client.getsockname()[1])
    return flow is None or flow["expires_in"] <= 0


def is_old(hosts, client):
    """Long after the short timer would have ended it."""
    flow = hosts.flow(client.getsockname()[1])
    return flow is None or flow["age"] >= 3


@pytest.mark.proves("K35", "K51")
def test_a_connection_that_is_idle_for_longer_than_one_that_opens_may_be_goes_on(hosts, timers):
    """As with ssh: nobody says anything, then the server does."""
    timers(tcp_transitory="1s")
    with hosts.connected() as (client, server), hosts.unbroken():
        talk(client, server)
        wait_for(lambda: is_old(hosts, client), "nothing was said for three seconds")
        talk(client, server)


@pytest.mark.proves("K32", "K58")
def test_a_connection_that_was_idle_for_too_long_is_taken_up_again_by_the_host(hosts, timers):
    timers(tcp_established="2s", tcp_transitory="1s")
    with hosts.connected() as (client, server):
        talk(client, server)
        wait_for(lambda: has_ended(hosts, client), "the flow has ended")
        client.sendall(b"from the host")
        assert receive(server, 13) == b"from the host"
        talk(client, server)


@pytest.mark.parametrize("seconds", [3, pytest.param(30, marks=pytest.mark.long)])
@pytest.mark.parametrize("way", [(), ("--reverse",)], ids=["up", "down"])
def test_fifty_streams_at_once_and_none_is_reset(hosts, way, seconds):
    with hosts.unbroken():
        carried = hosts.iperf(seconds, STREAMS, *way)
    assert len(carried) == STREAMS and min(carried) > 0
    print(f"{sum(carried) * 8 / seconds / 1e6:.0f} Mbit/s in {STREAMS} streams")
