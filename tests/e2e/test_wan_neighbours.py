"""IPv4 neighbours of a wide WAN subnet: senders choose the addresses, and dead ones keep no live one out."""
import ipaddress

import pytest

from tests.lab.netns import wait_for

from . import packets as p
from .sites import FAR, NEAR_SITE, RELAY_WAN, RelayBench, dotted

DEAD = [str(ipaddress.ip_address("11.0.8.1") + n) for n in range(1500)]
MOST_UNANSWERED = 256


@pytest.fixture
def relay(module_internet):
    bench = RelayBench(module_internet("g41dn"))
    answer = bench.answer_wan
    bench.answer_wan = lambda frame: () if asks_for_dead(frame) else answer(frame)
    bench.start(wan={"ipv4": {"address": f"{RELAY_WAN}/20"}})
    yield bench
    bench.stop()


def asks_for_dead(frame):
    return frame[12:14] == b"\x08\x06" and dotted(frame[38:42]).startswith(("11.0.8.", "11.0.9.", "11.0.1"))


def send_to(relay, site):
    relay.wires["six"].send(relay.from_native(p.udp(FAR, p.six_to_four(site, 1, 5), 6001, 6002)))


def asked(relay):
    return next(row["packets"] for row in relay.counters()["exceptions"] if row["class"] == "unresolved_v4")


def unanswered(relay):
    return [row for row in relay.daemon.ask("neighbours") if row["lan"] == "wan" and not row["mac"]]


@pytest.mark.proves("H33", "Q13")
def test_addresses_that_nobody_answers_for_keep_no_live_site_out(relay):
    dead = iter(DEAD)

    def send_some():
        for _ in range(20):
            send_to(relay, next(dead, DEAD[0]))
        return asked(relay) >= 2 * MOST_UNANSWERED
    wait_for(send_some, "the relay has looked for many sites", 30, every=0.1)
    assert 0 < len(unanswered(relay)) <= MOST_UNANSWERED
    send_to(relay, NEAR_SITE)
    relay.wires["wan"].take(lambda frame: frame[23] == p.PROTOCOL_41 and dotted(frame[30:34]) == NEAR_SITE, "its packet")
