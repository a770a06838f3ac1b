"""What is around the daemon."""
import contextlib
import os

from tests.e2e import packets as p
from tests.e2e.sites import HOST, SERVER
from tests.lab.daemon import build_folder
from tests.lab.under_test import ANYCAST, NATIVE, NATIVE_ROUTER, UnderTest

PORT, FAR_PORT = 4141, 7
PRELOADED = "perf/running/turns.so"
POLLING = {"workers": {"rx_mode": "polling"}}  # a nap is no turn


def packet(number):
    """Of the one flow: a LAN host's to a server behind the relay."""
    return p.udp(HOST, SERVER, PORT, FAR_PORT, number.to_bytes(4, "big") + bytes(18))


def is_packet(frame):
    """As it leaves on the WAN."""
    return frame[12:14] == b"\x08\x00" and frame[23] == p.PROTOCOL_41 and frame[34 + 6] == p.UDP and \
        frame[34 + 40:34 + 42] == PORT.to_bytes(2, "big")


@contextlib.contextmanager
def observed(page):
    """Daemons that are started meanwhile, and nobody else, have their workers' turns timed."""
    ours = {"LD_PRELOAD": str(build_folder() / PRELOADED), "GATE41_TURNS": str(page.path)}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name in ours:
            del os.environ[name]


def memif(number, role, folder):
    """A port that is shared memory: one thread of each side, and no kernel between them. A client needs its server to start."""
    return f"net_memif{number},role={role},id={number},socket={folder}/memif{number}.sock,socket-abstract=no,rsize=11"


def ports(folder, *names):
    return {name: {"device": memif(number, "server", folder)} for number, name in enumerate(names)}


def generator_ports(folder):
    """As UnderTest numbers the device's: the WAN first."""
    return ("--wan", memif(0, "client", folder), "--lan", memif(1, "client", folder))


def gateway(world, page, flows):
    """UnderTest around a gateway that has room for as many flows and some more."""
    with observed(page):
        return UnderTest(world, "gateway", ports=ports(world.lab.folder, "wan", "lan"), filter={"max_flows": 2 * flows},
                         eal={"hugepages": False, "memory": f"{160 + flows * 320 // 2**20}M"}, **POLLING)


def relay(world, page, routes):
    """The same around a relay that takes so many routes from the kernel in the namespace `relay-k`."""
    world.lab.namespace("relay-k")  # made here: what the daemon makes is seen by no other process of a lab
    native = {"port": "six", "address": f"{NATIVE}/64", "gateway": NATIVE_ROUTER}
    with observed(page):
        return UnderTest(world, "relay", relay={
            "ports": ports(world.lab.folder, "wan", "six"), "relay": {"anycast": ANYCAST, "native": native, "routes": {"max": 2 * routes}},
            **POLLING})
