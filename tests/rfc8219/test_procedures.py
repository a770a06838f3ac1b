"""perf/tester/procedures.py against devices whose limits are known."""
import threading

import pytest

from perf.tester import procedures, report
from perf.tester.procedures import Bench

from .device import Device

MOST = 10_000
SECONDS = 10


def bench(device, **options):
    return Bench(device, lambda size: MOST, SECONDS, **{"repeats": 3, **options})


def test_throughput_is_what_the_device_carries_without_loss():
    found = procedures.throughput(bench(Device(capacity=6543)), "84")
    assert 6543 - 0.01 * MOST <= found["rate"] <= 6543
    assert not found["limited_by_tester"]


def test_throughput_says_when_the_tester_was_the_limit():
    found = procedures.throughput(bench(Device(offered=4000)), "84")
    assert found["rate"] <= 4000 / 0.99
    assert found["limited_by_tester"] and "the tester offers no more" in found["text"]


def test_a_wrong_packet_is_no_pass():
    assert procedures.throughput(bench(Device(wrong=1)), "84")["rate"] == 0


def test_throughput_is_searched_once_a_size():
    device = Device(capacity=6543)
    under_test = bench(device)
    procedures.throughput(under_test, "84")
    trials = len(device.trials)
    procedures.pdv(under_test, "84")
    assert len(device.trials) == trials + 3


def test_latency_is_measured_at_the_throughput_for_twice_as_long_as_often_as_asked():
    device = Device(capacity=6543)
    under_test = bench(device, repeats=5)
    found = procedures.latency(under_test, "84")
    last = device.trials[-5:]
    assert {trial["seconds"] for trial in last} == {2 * SECONDS}
    assert {trial["rate"] for trial in last} == {round(under_test.throughputs["84"]["rate"], 3)}
    assert (found["typical_us"]["median"], found["worst_case_us"]["median"]) == (100.0, 400.0)


def test_delay_variation_is_the_worse_directions():
    assert procedures.pdv(bench(Device()), "84")["pdv_us"]["median"] == 300.0


@pytest.mark.parametrize("procedure", [procedures.latency, procedures.pdv, procedures.recovery])
def test_nothing_is_measured_at_a_throughput_that_there_is_not(procedure):
    assert procedure(bench(Device(wrong=1)), "84") == procedures.NO_THROUGHPUT


def test_frame_loss_is_told_for_each_tenth_of_the_links_rate():
    found = procedures.frame_loss(bench(Device(capacity=7500)), "84")
    assert [row["share"] for row in found["rates"]] == [1.0, 0.9, 0.8, 0.7, 0.6]
    assert found["rates"][0]["loss_percent"] == pytest.approx(25, abs=0.1)


def test_the_longest_burst_is_what_the_device_has_room_for():
    found = procedures.back_to_back(bench(Device(room=1500)), "84")
    assert 1500 - 200 <= found["packets"]["median"] <= 1500


def test_recovery_begins_with_a_tenth_more_than_the_throughput_and_goes_to_half_of_it():
    device = Device(capacity=5000)
    found = procedures.recovery(bench(device), "84")
    trial = device.trials[-1]
    assert trial["rate"] == pytest.approx(1.1 * 5000, rel=0.02)
    assert trial["then-rate"] == pytest.approx(trial["rate"] / 2, abs=0.01)
    assert found["seconds"]["median"] == 0.25


def test_recovery_never_offers_more_than_the_link_carries():
    device = Device()
    procedures.recovery(bench(device), "84")
    assert device.trials[-1]["rate"] == MOST


def at_once(_seconds):
    """In place of a sleep."""


def test_a_reset_lasts_as_long_as_the_packets_that_are_lost_take():
    device, was_reset = Device(), threading.Event()

    def restart():
        device.silence = 4.0
        was_reset.set()

    def generate(options):
        if options["seconds"] >= procedures.RESET_TRIAL:
            assert was_reset.wait(10)
        return device(options)

    assert procedures.reset(bench(generate, repeats=1, restart=restart, sleep=at_once), "84")["seconds"]["median"] == pytest.approx(4.0)
    assert device.trials[-1]["rate"] == MOST


def test_a_reset_of_which_nothing_is_seen_is_told():
    assert "was there a reset?" in procedures.reset(bench(Device(), repeats=1, restart=lambda: None, sleep=at_once), "84")["text"]


def test_nothing_is_reset_where_nobody_can():
    assert procedures.reset(bench(Device()), "84") == {"text": "needs --restart"}


def test_the_connection_rate_is_that_at_which_all_are_validated():
    found = procedures.connection_rate(bench(Device(connection_rate=3000)), "84")
    assert 2900 <= found["connections_per_second"] <= 3000


def test_the_device_forgets_its_connections_before_each_trial_and_meets_new_ones():
    device, forgotten = Device(connection_rate=3000), []
    procedures.connection_rate(bench(device, reset=lambda: forgotten.append(1)), "84")
    assert len(forgotten) == len(device.trials)
    ends = [trial["first-flow"] + trial["flows"] for trial in device.trials]
    assert [trial["first-flow"] for trial in device.trials] == [0, *ends[:-1]]


def test_the_tear_down_rate_is_how_fast_all_connections_are_forgotten():
    times = iter([100.0, 102.0])
    found = procedures.connection_tear_down(bench(Device(), connections=5000, reset=lambda: None, clock=lambda: next(times)), "84")
    assert found["connections_per_second"] == 2500


def test_nothing_is_torn_down_where_nobody_can_tell_the_device_to():
    assert procedures.connection_tear_down(bench(Device()), "84") == {"text": "needs --reset"}


def test_the_capacity_is_how_many_connections_let_packets_in():
    found = procedures.connection_capacity(bench(Device(connections=65_536)), "84")
    assert 65_536 - 10 <= found["connections"] <= 65_536


def test_the_capacity_is_filled_at_half_the_connection_rate():
    device = Device(connection_rate=3000, connections=5000)
    under_test = bench(device)
    procedures.connection_capacity(under_test, "84")
    assert device.trials[-1]["open-rate"] == pytest.approx(under_test.connection_rate / 2, abs=0.01)


def test_a_packet_lost_on_the_way_is_sent_again_for_the_capacity_and_not_for_the_rate():
    device = Device(connections=5000)
    procedures.connection_capacity(bench(device), "84")
    assert {trial["open-passes"] for trial in device.trials if trial["mode"] == "lan"} == {1}
    assert {trial["open-passes"] for trial in device.trials if trial["mode"] == "wan"} == {3}


def test_the_capacity_says_when_no_more_were_tried():
    found = procedures.connection_capacity(bench(Device(), connections=4000), "84")
    assert found["connections"] == 4000 and "no more were tried" in found["text"]


def test_the_table_has_a_row_a_procedure_and_a_column_a_size():
    results = {"throughput": {"84": {"text": "one"}, "512": {"text": "two"}}, "connection-rate": {"84": {"text": "three"}}}
    assert report.table(results, ["84", "512"]).split("\n")[2:] == ["| throughput | one | two |", "| connection-rate | three |  |"]


def test_the_figures_of_shared_cores_are_said_to_mean_little():
    assert "share the 2 cores" in report.caveat(False, 2) and "mean little" in report.caveat(False, 2)
    assert "mean little" not in report.caveat(True, 2)
