"""perf/tester/search.py: limits are found, with as few trials as halving needs."""
import pytest

from perf.tester import search


class Limit:
    """Passes up to `limit`; remembers what was tried."""

    def __init__(self, limit):
        self.limit, self.tried = limit, []

    def __call__(self, value):
        self.tried.append(value)
        return value <= self.limit


@pytest.mark.parametrize("limit", [1.0, 123.4, 500.0, 999.0])
def test_the_highest_that_passes_is_found_within_the_resolution(limit):
    found = search.highest(Limit(limit), 1000.0, 1.0)
    assert limit - 1.0 <= found <= limit


def test_the_most_is_tried_first_and_is_enough():
    limit = Limit(1000)
    assert search.highest(limit, 1000.0, 1.0) == 1000.0
    assert limit.tried == [1000.0]


def test_nothing_passes():
    assert search.highest(Limit(-1), 1000.0, 1.0) == 0


def test_halving_takes_as_many_trials_as_it_has_bits():
    limit = Limit(700)
    search.highest(limit, 1024.0, 1.0)
    assert len(limit.tried) == 1 + 10


def test_whole_numbers_stay_whole_and_are_found_exactly():
    limit = Limit(77)
    assert search.highest(limit, 1000, 1) == 77
    assert all(isinstance(value, int) for value in limit.tried)


@pytest.mark.parametrize("limit", [0, 999, 1000, 65536, 70000])
def test_doubling_finds_the_same_limit(limit):
    assert search.doubling(Limit(limit), 1000, 100_000, 1) == limit


def test_doubling_does_not_try_much_more_than_twice_the_limit():
    limit = Limit(65536)
    search.doubling(limit, 1000, 10**9, 1)
    assert max(limit.tried) == 128_000


def test_doubling_ends_at_the_most_it_may_try():
    limit = Limit(10**9)
    assert search.doubling(limit, 1000, 5000, 1) == 5000
    assert max(limit.tried) == 5000


def test_the_ladder_goes_down_until_two_trials_have_lost_nothing():
    found = search.ladder(lambda rate: max(0, rate - 700), 1000)
    assert list(found) == [1.0, 0.9, 0.8, 0.7, 0.6]
    assert found[0.9] == pytest.approx(200)


def test_a_good_trial_between_bad_ones_does_not_end_the_ladder():
    losses = iter([5, 0, 5, 0, 0, 5])
    assert len(search.ladder(lambda rate: next(losses), 1000)) == 5


def test_percentiles_are_values_that_were_there():
    values = [30, 10, 20, 40]
    assert [search.percentile(values, percent) for percent in (1, 50, 75, 99)] == [10, 20, 30, 40]
    assert search.percentile([7], 99) == 7
