"""docs/rfc6092.md: the recommendations of RFC 6092, each with its tests or the written reason why it has none.

REC-N is row KN of requirements.tsv; tests and reasons are those of conformance.py.
"""
from tests.checks import conformance
from tests.checks.finding import Finding

RECOMMENDATIONS = [f"K{number}" for number in range(1, 51)]
HEAD = """# RFC 6092: simple security

Written by `scripts/check --write` from the tests. Of the {all} recommendations {proved} are proved by tests of their own, and
{explained} say why they have none; {open} are open. `filter.profile: simple-security` is RFC 6092 as it is written; where the
default, `strict`, lets less in, the recommendation allows it as a choice of the operator
([which profile](operating.md#which-filter-profile)).

Level: M must, S should, O may; "def:" by default, in simple-security.

| Recommendation | Level | What it asks for | Tests, or why none |
|---|---|---|---|
"""


def state_of(row, reasons):
    """Where a recommendation stands: a reason that only puts it off is none."""
    if conformance.tests_of(row):
        return "proved"
    return "explained" if row in reasons and reasons[row].status != "later" else "open"


def line(row, reasons):
    entry = conformance.catalogue()[row]
    columns = [entry["where"], entry["level"], entry["statement"], conformance.evidence(row, reasons.get(row))]
    return "| " + " | ".join(conformance.cell(column) for column in columns) + " |\n"


def document():
    reasons = conformance.notes()
    states = [state_of(row, reasons) for row in RECOMMENDATIONS]
    counts = {state: states.count(state) for state in ("proved", "explained", "open")}
    return HEAD.format(all=len(states), **counts) + "".join(line(row, reasons) for row in RECOMMENDATIONS)


def none_open():
    reasons = conformance.notes()
    return [Finding("docs/rfc6092.md", 0, f"{conformance.catalogue()[row]['where']} has neither a test nor a reason")
            for row in RECOMMENDATIONS if state_of(row, reasons) == "open"]
