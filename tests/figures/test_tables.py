"""Verdicts and what is kept."""
import struct

import pytest

from perf.guests import table
from perf.guests.meter import Cost
from perf.instructions import callgrind, stages
from perf.running import page


def found(gate41):
    costs = {"sit and ip6tables": Cost(13_000, 13_000, 0), "testpmd macswap": Cost(1000, 0, 0), "gate41": Cost(gate41, 0, 300)}
    return {subject: {name: [cost, cost] for name in ("encap", "decap")} for subject, cost in costs.items()}


@pytest.mark.parametrize("gate41, verdicts", [(990, ["met", "met"]), (1600, ["MISSED", "met"]), (1800, ["MISSED", "MISSED"])])
def test_each_target_of_a_virtual_machine_is_judged_by_the_worse_direction(gate41, verdicts):
    costs = found(500)
    costs["gate41"]["decap"] = [Cost(gate41, 0, 300)]
    lines = table.text(costs).splitlines()[-2:]
    assert [line.rsplit(" ", 1)[1].rstrip(")") for line in lines] == verdicts


def test_rounds_that_differ_are_told_so():
    costs = found(1000)
    costs["gate41"]["encap"] = [Cost(1000, 0, 0), Cost(1010, 0, 0)]
    assert [line.rsplit(" ", 1)[1] for line in table.text(costs).splitlines()[1:4]] == ["0.00%", "0.00%", "1.00%"]


def test_what_is_kept_has_the_shares_beside_the_whole():
    kept = table.kept(found(900))
    assert kept["instructions a packet"]["gate41"]["encap"] == [900, 900]
    assert kept["of them the kernel's"]["sit and ip6tables"]["decap"] == [13_000, 13_000]
    assert kept["of them the driver's"]["gate41"]["encap"] == [300, 300]


def test_each_instruction_counts_for_one_stage_and_for_none_twice():
    files = {"librte_net_ring": 10, "dataplane/filter/flow_table.cpp": 20, "dataplane/net/flow_hash.hpp": 5, "dataplane/net/headers.hpp": 30,
             "dataplane/worker/stage_encapsulate.cpp": 40, "dataplane/worker/counters.hpp": 50, "C++'s headers": 60}
    assert stages.by_stage(callgrind.Case("some", files, {}, {})) == {
        "receive, send": 10, "lookup": 25, "header": 40, "parse": 30, "decide, count": 50, stages.OTHER: 60}


def test_turns_are_read_as_the_daemon_has_written_them(tmp_path):
    classes = [0] * page.CLASSES
    classes[10], classes[20] = 999, 1
    written = struct.pack("5Q", 7, 1000, 1_500_000, 2_000_000, 9_000_000) + struct.pack(f"{page.CLASSES}Q", *classes)
    turns = page.Turns(written)
    assert (turns.round, turns.turns, turns.longest, turns.its_wall, turns.longest_wall) == (7, 1000, 1.5e-3, 2e-3, 9e-3)
    assert turns.at_most(0.999) == pytest.approx(2**11 / 1e9)
    assert turns.at_most(1.0) == pytest.approx(2**21 / 1e9)
