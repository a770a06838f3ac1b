"""A relay with the routes of the whole IPv6 Internet, taken from a real kernel: while they come, change and are too many,
packets go on."""
import ipaddress
import time

import pytest

from tests.lab.netns import wait_for

from .full_table import GATEWAY, UNREACHABLE, FullTableRelay, Pings, full_table, longest_match, some_addresses

PREFIX = "g41ft"
SIZES = [(20_000, 2), pytest.param(200_000, 10, marks=pytest.mark.long)]  # routes, flaps
GAP = 1.0  # seconds between two answers to a hundred pings a second: a busy machine has other things to do
BYTES_A_ROUTE = 3584  # as config/README.md says of relay.routes.max
DEFAULT = ipaddress.IPv6Network("::/0")


def split(table, share):
    """(these, the others): tables of which the first has that share."""
    rows = list(table.items())
    at = int(len(rows) * share)
    return dict(rows[:at]), dict(rows[at:])


def expect_ways(relay, table, addresses):
    """The daemon's answer is the longest match."""
    assert {address: relay.way_to(address) for address in addresses} == {
        address: longest_match(table, address) for address in addresses}


def load(relay, table):
    """Seconds from the batch's end until the daemon has all."""
    relay.batch("add", table.items())
    begin = time.monotonic()
    relay.wait_complete(len(table))
    return time.monotonic() - begin


def flap(relay, count, prefix, next_hop):
    """Goes and comes, a change a second."""
    for number in range(count):
        due = time.monotonic() + 1
        relay.batch("del" if number % 2 == 0 else "add", [(prefix, next_hop)])
        wait_for(lambda n=number: (relay.way_to(str(prefix[1]))[0] == prefix) == (n % 2 == 1), "the change is taken")
        time.sleep(max(0.0, due - time.monotonic()))


@pytest.mark.parametrize("count, flaps", SIZES)
def test_a_relay_carries_packets_while_a_full_table_comes_changes_and_outgrows_its_room(internet, count, flaps):
    relay = FullTableRelay(internet(PREFIX), count)
    table = full_table(count)
    before = relay.memory()
    with Pings(relay) as loading:
        seconds = load(relay, table)
    grown = relay.memory() - before
    print(f"{count} routes: complete {seconds:.1f} s after the last one; {grown:.0f} MiB; {loading}")
    assert loading.lost == 0 and loading.longest_gap < GAP
    assert grown < count * BYTES_A_ROUTE / 2**20
    addresses = some_addresses(table, 40)
    expect_ways(relay, table, addresses)
    for address in addresses[:10]:
        assert relay.answered(address) == (longest_match(table, address)[1] is not UNREACHABLE), address

    with Pings(relay) as flapping:
        flap(relay, flaps, *next(iter(table.items())))
    print(f"while one flaps: {flapping}")
    assert flapping.lost == 0 and flapping.longest_gap < GAP

    more = {prefix: hop for prefix, hop in full_table(count + 1000).items() if prefix not in table}
    with Pings(relay) as refusing:
        relay.batch("add", [(DEFAULT, GATEWAY), *more.items()])
        wait_for(lambda: relay.native()["refused"] > len(more), "what is too much is refused")
    print(f"with 1001 too many: {refusing}")
    native = relay.native()
    assert native["count"] == count and not native["complete"]
    assert "native routes were refused" in relay.relay.log() and "raise relay.routes.max" in relay.relay.log()
    assert refusing.lost == 0
    expect_ways(relay, table, addresses)

    gone, kept = split(table, 0.2)
    table = {**kept, **more, DEFAULT: GATEWAY}
    with Pings(relay) as making_room:
        relay.batch("del", gone.items())
        begin = time.monotonic()
        relay.wait_complete(len(table))
    print(f"with room again: complete {time.monotonic() - begin:.1f} s after it was made; {making_room}")
    assert making_room.lost == 0 and making_room.longest_gap < GAP
    expect_ways(relay, table, some_addresses(table, 40))
