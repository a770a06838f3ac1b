"""Whether two lots of runs differ by more than chance and the machine make them."""
import random
import typing

SMALLEST = 0.02  # a difference that anybody would act on
RESAMPLINGS = 2000


def typical(runs):
    """What a quarter of the runs stays below: a machine that others use has slow times, which say nothing of the program."""
    return sorted(runs)[len(runs) // 4]


class Difference(typing.NamedTuple):
    """B's runs over A's: the ratio of what is typical, and between what bounds it is for 95 % of resamplings."""
    ratio: float
    low: float
    high: float

    def beyond(self, drift):
        """-1: B costs less, 1: more, 0: nobody can tell. `drift`: what did not change has moved by so much."""
        margin = max(SMALLEST, drift)
        if self.high < 1 and self.ratio < 1 - margin:
            return -1
        return 1 if self.low > 1 and self.ratio > 1 + margin else 0


def difference(a, b):
    chance = random.Random(41)
    again = sorted(typical(chance.choices(b, k=len(b))) / typical(chance.choices(a, k=len(a)))
                   for _ in range(RESAMPLINGS))
    return Difference(typical(b) / typical(a), again[RESAMPLINGS // 40], again[-RESAMPLINGS // 40])
