"""A rule: the rows that ask for it, the counter that moves when it is broken, and the question itself."""
import dataclasses
import typing


@dataclasses.dataclass(frozen=True)
class Rule:
    rows: str
    counter: str
    is_broken: typing.Callable


class Decapsulation(typing.NamedTuple):
    """Rules of the outer header, and of what is inside and how it fits."""
    outer: list
    inner: list


def rule(rows, counter):
    return lambda is_broken: Rule(rows, counter, is_broken)


def first_broken(rules, box, packet):
    for candidate in rules:
        if candidate.is_broken(box, packet):
            return candidate
    return None
