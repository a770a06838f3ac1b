"""How a limit is found by trials that pass or fail. No traffic in here."""


def between(passes, good, bad, resolution):
    """The greatest value that passes, by halving what lies between one that does and one that does not, until they are at most
    `resolution` apart. Whole numbers stay whole."""
    whole = isinstance(good, int) and isinstance(bad, int)
    while bad - good > resolution:
        middle = (good + bad) // 2 if whole else (good + bad) / 2
        if passes(middle):
            good = middle
        else:
            bad = middle
    return good


def highest(passes, most, resolution):
    """The greatest value up to `most`, which is tried first; 0 when none passes."""
    return most if passes(most) else between(passes, 0, most, resolution)


def doubling(passes, first, most, resolution):
    """The same where `most` may take too long to be tried at once: from `first` on twice as much each time."""
    good, value = 0, min(first, most)
    while passes(value):
        if value == most:
            return most
        good, value = value, min(2 * value, most)
    return between(passes, good, value, resolution)


def ladder(loss_of, most, steps=10, good_trials=2):
    """{share of `most`: loss} from all of it downwards in so many steps, until so many trials after another have lost nothing
    (RFC 2544 §26.3)."""
    found, good = {}, 0
    for number in range(steps, 0, -1):
        share = number / steps
        found[share] = loss_of(most * share)
        good = good + 1 if found[share] == 0 else 0
        if good == good_trials:
            break
    return found


def percentile(values, percent):
    """The least value that at least so many percent of all do not exceed."""
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(1, rank) - 1]


def summary(values):
    """RFC 8219 §7: the median of the repetitions, and their first and ninety-ninth percentile."""
    return {"median": percentile(values, 50), "p1": percentile(values, 1), "p99": percentile(values, 99)}
