"""A reload while much goes on: it takes nothing from those who have not been forbidden, and all from those who have."""
import concurrent.futures
import contextlib
import socket

import pytest

from tests.lab import internet as net
from tests.lab.netns import inside, wait_for
from tests.lab.probes import Probes, percentile

from .real_hosts import PATIENCE, RealHosts, receive

PREFIX = "g41rl"
SIZES = [100_000, pytest.param(1_000_000, marks=pytest.mark.long)]
SECONDS = 2.5
NOT_OF_FLOWS = {"ipv6_on_wan", "multicast_not_forwarded"}  # what the kernels of the lab send by themselves
OPEN_PORT = 8080
OPEN = [{"proto": "tcp", "lan": "home", "interface_id": net.HOST_ID, "port": OPEN_PORT}]
RELOADS = [OPEN, [], OPEN, [], OPEN]
OTHER_WAN = "11.0.0.9"


@contextlib.contextmanager
def reloading(scene):
    """Meanwhile, again and again, a pinhole comes or goes: each known flow is decided again."""
    with concurrent.futures.ThreadPoolExecutor(1) as thread:
        done = thread.submit(lambda: [scene.change(filter={"inbound": rules}) for rules in RELOADS])
        yield
        done.result()


def in_milliseconds(figures):
    return f"pings at p99 {1000 * percentile(figures.ping.delays, 0.99):.1f} ms, at most {1000 * max(figures.ping.delays):.1f} ms"


@pytest.mark.parametrize("count", SIZES)
def test_reloads_with_many_flows_lose_none_and_refuse_no_packet(internet, count):
    memory = f"{128 + count // 1024}M"
    scene = RealHosts(internet(PREFIX), filter={"max_flows": 3 * count}, eal={"hugepages": False, "memory": memory})
    with contextlib.closing(Probes(scene.host, scene.six, scene.gateway)) as probes:
        before = scene.open_flows(count)
        quiet = probes.run(SECONDS)
        drops = scene.gateway.drops()
        with reloading(scene):
            during = probes.run(SECONDS)
    print(f"{before} flows: {in_milliseconds(quiet)}; with {len(RELOADS)} reloads: {in_milliseconds(during)}")
    assert scene.flows() >= before
    assert {reason for reason, n in scene.gateway.drops().items() if n > drops.get(reason, 0)} <= NOT_OF_FLOWS


@pytest.fixture(scope="module")
def scene(module_internet):
    return RealHosts(module_internet("g41rm"))


@pytest.fixture
def from_outside(scene):
    """(the host's end, the server's end) of a connection that the server has opened by a pinhole."""
    scene.change(filter={"inbound": OPEN})
    with inside(scene.host):
        listener = socket.create_server(("::", OPEN_PORT), family=socket.AF_INET6)
    with listener, scene.socket(scene.six, socket.SOCK_STREAM, address=net.WEB) as server:
        server.connect((scene.address, OPEN_PORT))
        client, _ = listener.accept()
        client.settimeout(PATIENCE)
        with client:
            yield client, server
    scene.change(filter={"inbound": []})


def barred(scene):
    return scene.gateway.drops().get("filter_flow_barred", 0)


def talk(client, server):
    client.sendall(b"from the host")
    assert receive(server, 13) == b"from the host"
    server.sendall(b"from the server")
    assert receive(client, 15) == b"from the server"


@pytest.mark.proves("S65")
def test_a_connection_that_a_pinhole_let_in_ends_with_the_pinhole_and_no_other_does(scene, from_outside):
    client, server = from_outside
    with scene.connected() as own:
        talk(client, server)
        talk(*own)
        scene.change(filter={"inbound": []})
        for sender in (server, client):
            before = barred(scene)
            sender.sendall(b"too late")
            wait_for(lambda: barred(scene) > before, "what is sent to it is dropped")
        talk(*own)
    for receiver in (client, server):
        receiver.setblocking(False)
        with pytest.raises(BlockingIOError):
            receiver.recv(100)


@pytest.mark.proves("K57", "P13", "P14")
def test_flows_of_a_prefix_that_is_replaced_are_gone_and_their_host_is_told(scene):
    with scene.connected() as (client, server):
        talk(client, server)
        scene.change(wan={"external_address": {"from": OTHER_WAN}})
        wait_for(lambda: not scene.flow(client.getsockname()[1]), "the flow is gone")
        client.sendall(b"by the old address")
        wait_for(lambda: scene.gateway.drops().get("policy_source_withdrawn"), "its packets are refused")
        net.wait_address(scene.host, net.six_to_four(OTHER_WAN, 1).removesuffix("::"))
    scene.change(wan={"external_address": {"from": ["interface"]}})
