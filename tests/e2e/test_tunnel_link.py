"""The link of a configured tunnel (RFC 4213 §3.7, §3.8): its other end is the test, which answers what it is told to."""
import struct

import pytest

from tests.lab.netns import wait_for

from . import packets as p
from .sites import START, GatewayBench, text6

PEER, PEER_ON_TUNNEL, OWN = "11.0.3.9", "2600:41:0:2::1", "2600:41:0:2::2"
OWN_LINK_LOCAL, PEER_LINK_LOCAL, OWN_GROUP = "fe80::b00:2", "fe80::b00:309", "ff02::1:ff00:2"
NS, NA, ECHO_REQUEST = 135, 136, 128
ROUTER, SOLICITED = 0x80, 0x40


class PeeredBench(GatewayBench):
    """`answered`: the types of ICMPv6 messages to the peer that it answers."""
    answered = ()

    def config(self, **changes):
        config = super().config(**changes)
        config["tunnels"] = {"main": {"mode": "6in4", "probe": {"interval": "1s", "misses": 3}, "6in4": {
            "remote": PEER, "address": f"{OWN}/64", "prefix": "2600:41:1::/48", "routes": ["::/0"]}}}
        return config

    def answer_wan(self, frame):
        answer = self.answer_of_peer(frame[34:]) if is_to_peer(frame) else None
        return [self.from_tunnel(answer, PEER)] if answer else super().answer_wan(frame)

    def answer_of_peer(self, packet):
        kind, source, target = packet[40], text6(packet[8:24]), text6(packet[24:40])
        if kind not in self.answered:
            return None
        if kind == NS:
            return advertisement(target, source, SOLICITED)
        return p.icmpv6(target, source, ECHO_REQUEST + 1, 0, packet[44:])

    def wait_peer(self, state):
        def found():
            relays = self.daemon.ask("tunnels")[0]["relays"]  # none before there is a way out
            return bool(relays) and relays[0]["state"] == state
        wait_for(found, f"the peer is {state}", START)

    def sends(self, packet):
        self.wires["wan"].send(self.from_tunnel(packet, PEER))

    def receives(self, packet):
        self.wires["wan"].take(lambda frame: is_to_peer(frame) and frame[34:] == packet, "the answer in the tunnel")


def is_to_peer(frame):
    return frame[12:14] == struct.pack("!H", p.IPV4) and frame[23] == p.PROTOCOL_41 and frame[30:34] == p.ip4(PEER)


def solicitation(source, destination, target, options=b""):
    return p.icmpv6(source, destination, NS, body=bytes(4) + p.ip6(target) + options, hop_limit=255)


def advertisement(target, destination, flags):
    return p.icmpv6(target, destination, NA, body=bytes((flags, 0, 0, 0)) + p.ip6(target), hop_limit=255)


@pytest.fixture(scope="module")
def bench(module_internet):
    bench = PeeredBench(module_internet("g41tl"))
    bench.answered = (NS,)
    bench.start(healthy=False)
    yield bench
    bench.stop()


@pytest.mark.proves("D33", "D34")
def test_a_peer_that_answers_solicitations_alone_lives(bench):
    bench.wait_peer("alive")
    asked = bench.wires["wan"].take(lambda frame: is_to_peer(frame) and frame[34 + 40] == NS, "a solicitation")
    assert asked[34:] == solicitation(OWN, PEER_ON_TUNNEL, PEER_ON_TUNNEL)


@pytest.mark.proves("D33")
def test_a_peer_that_answers_nothing_is_dead_and_lives_again_by_an_echo_reply(bench):
    bench.answered = ()
    bench.wait_peer("dead")
    bench.answered = (ECHO_REQUEST,)
    bench.wait_peer("alive")
    bench.answered = (NS,)


@pytest.mark.proves("D32")
def test_the_link_local_address_is_shown(bench):
    assert bench.daemon.ask("tunnels")[0]["link_local"] == OWN_LINK_LOCAL


@pytest.mark.proves("D32", "D33", "D34")
@pytest.mark.parametrize("target", [OWN, OWN_LINK_LOCAL])
@pytest.mark.parametrize("source", [PEER_ON_TUNNEL, PEER_LINK_LOCAL])
@pytest.mark.parametrize("to_group", [False, True])
def test_solicitations_of_the_own_addresses_are_answered_without_link_layer_options(bench, source, target, to_group):
    bench.wires["wan"].forget()
    lladdr = b"\x01\x01\x02\0\0\0\0\x09"
    bench.sends(solicitation(source, OWN_GROUP if to_group else target, target, lladdr))
    bench.receives(advertisement(target, source, ROUTER | SOLICITED))


@pytest.mark.proves("D32")
def test_the_link_local_address_answers_the_peers_ping(bench):
    bench.sends(p.echo(PEER_LINK_LOCAL, OWN_LINK_LOCAL, 7, 9))
    bench.receives(p.echo(OWN_LINK_LOCAL, PEER_LINK_LOCAL, 7, 9, reply=True))


@pytest.mark.proves("D33")
def test_a_solicitation_that_a_router_has_passed_on_is_dropped(bench):
    before = bench.drops()
    packet = solicitation(PEER_LINK_LOCAL, OWN_LINK_LOCAL, OWN_LINK_LOCAL)
    bench.sends(packet[:7] + b"\xfe" + packet[8:])
    wait_for(lambda: bench.moved(before) == {"inner_link_local": 1}, "it is counted")
