"""perf/compare: a difference is told where it is beyond the noise, and nowhere else."""
import random

from perf.report import compare, noise


def runs(median, spread, seed, count=11):
    chance = random.Random(seed)
    return [median * (1 + chance.uniform(-spread, spread)) for _ in range(count)]


def verdict(a, b, drift=0.0):
    return noise.difference(a, b).beyond(drift)


def row(who, runs_of_it, case="6to4 encap"):
    return {"case": case, "flows": 1, "size": 84, "wire": "net_ring", "burst": 32, "by": who, "target": None,
            **{stage: {"least": min(runs_of_it), "median": runs_of_it[0], "runs": runs_of_it} for stage in ("receive", "work", "send")}}


def result(ours, minimum, case="6to4 encap"):
    return {"rows": [row("gate41", ours, case), row("minimum", minimum, case)]}


def test_the_same_thing_measured_twice_is_no_difference():
    assert [verdict(runs(100, 0.05, seed), runs(100, 0.05, seed + 100)) for seed in range(20)] == [0] * 20


def test_what_costs_a_tenth_more_is_slower():
    assert verdict(runs(100, 0.02, 1), runs(110, 0.02, 2)) == 1


def test_what_costs_a_tenth_less_is_faster():
    assert verdict(runs(110, 0.02, 1), runs(100, 0.02, 2)) == -1


def test_slow_times_of_the_machine_are_no_difference():
    assert verdict([100.0, 101.0, 100.0, 150.0, 150.0, 151.0] * 2, [101.0, 100.0, 100.0, 101.0, 100.0, 101.0] * 2) == 0


def test_a_difference_amid_wide_runs_is_none():
    assert verdict(runs(100, 0.5, 1), runs(104, 0.5, 2)) == 0


def test_a_difference_of_a_hundredth_is_none_however_exact_the_runs_are():
    assert verdict([100.0] * 11, [101.0] * 11) == 0


def test_what_the_minimum_has_moved_by_is_no_difference():
    assert verdict(runs(100, 0.01, 1), runs(108, 0.01, 2), drift=0.1) == 0


def test_two_results_are_compared_by_what_they_take_more_than_their_minimum():
    slow_machine = result([200.0] * 5, [20.0] * 5)
    fast_machine = result([100.0] * 5, [10.0] * 5)
    (_, before, after, difference, _), = compare.rows(slow_machine, fast_machine, together=False)
    assert (before, after, difference.ratio) == (10, 10, 1)


def test_what_only_one_result_has_is_left_out():
    assert not list(compare.rows(result([1.0], [1.0], "relay encap"), result([1.0], [1.0]), together=False))
