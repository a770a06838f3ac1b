"""docs/conformance.md: every requirement, and the tests that name it, or the written reason why none does.

requirements.tsv is the catalogue. notes.tsv holds the reasons: a range of rows, a status, a sentence; a later line wins.
A test names the rows that it proves: `// proves: C7 C8` above a GoogleTest test, `@pytest.mark.proves("C7", "C8")`.
"""
import ast
import csv
import dataclasses
import functools
import re

from tests.checks.finding import Finding
from tests.checks.sources import all_files, text

CATALOGUE, NOTES = "tests/checks/requirements.tsv", "tests/checks/notes.tsv"
GROUPS = {
    "S": "The job of vmv6r", "W": "Neighbour discovery through a bridge that rewrites MAC addresses",
    "A": "6to4: RFC 3056", "B": "6to4 relays: RFC 3068, 7526, 6343", "C": "Security checks of 6to4: RFC 3964",
    "D": "Tunnel mechanics: RFC 4213", "E": "6rd: RFC 5969", "F": "DSCP and ECN: RFC 6040, 2983", "G": "Address blocks: RFC 6890",
    "H": "Router side of neighbour discovery and router advertisement: RFC 4861, 4862, 4191, 8106",
    "I": "ICMPv6 errors: RFC 4443", "J": "ICMPv6 filtering: RFC 4890", "K": "Simple security: RFC 6092",
    "P": "Customer edge router: RFC 7084, 9096", "M": "DHCPv4 client: RFC 2131", "N": "Address conflict detection: RFC 5227",
    "Q": "Other rules", "X": "Conflicts between sources, decided",
}
# What users ask for (U) and how to measure (O) are not behaviour on the wire; a test may name them all the same.
STATUSES = {"out": "out of scope", "later": "later", "partly": "in part", "see": "see", "docs": "documentation",
            "structure": "by construction", "lab": "checked by the lab"}
PROVES = re.compile(r"^// proves: *(.*)$")
TEST = re.compile(r"^\s*(?:TYPED_)?TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)", re.MULTILINE)
ROW = re.compile(r"([A-Z])(\d+)")
HEAD = """# Conformance

Written by `scripts/check --write` from the tests: each names the requirements that it proves. Of {all} rows

- {proved} have a test of their own;
- {explained} have none and say why: {reasons};
- {open} are not proved yet.

Level: M must, S should, O may, G guideline, D derived here; P0 to P2 and N (out of scope) for the rows S and W.
"""


class Mistake(Exception):
    pass


@dataclasses.dataclass
class Proof:
    row: str
    file: str
    line: int
    test: str


@dataclasses.dataclass
class Note:
    status: str
    reason: str

    def __str__(self):
        return f"*{STATUSES[self.status]}*: {self.reason}"


def table(name):
    return list(csv.DictReader(text(name).splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


@functools.cache
def catalogue():
    return {row["id"]: row for row in table(CATALOGUE)}


def expand(ranges):
    """D7..D10 D12 -> D7 D8 D9 D10 D12"""
    for part in ranges.split():
        first, _, last = part.partition("..")
        group, low = ROW.fullmatch(first).groups()
        high = ROW.fullmatch(last or first).group(2)
        yield from (f"{group}{number}" for number in range(int(low), int(high) + 1) if f"{group}{number}" in catalogue())


def notes():
    found = {}
    for row in table(NOTES):
        if row["status"] not in STATUSES:
            raise Mistake(f"{NOTES}: {row['rows']}: status {row['status']}; allowed: {', '.join(STATUSES)}")
        named = list(expand(row["rows"]))
        if not named:
            raise Mistake(f"{NOTES}: {row['rows']}: no such row")
        found.update({name: Note(row["status"], row["reason"]) for name in named})
    return found


def gtest_proofs(name):
    lines = text(name).split("\n")
    for number, line in enumerate(lines, 1):
        match = PROVES.match(line.strip())
        if not match:
            continue
        test = TEST.search("\n".join(lines[number:number + 6]))
        title = ".".join(test.groups()) if test else ""
        yield from (Proof(row, name, number, title) for row in match.group(1).split())


def pytest_proofs(name):
    for node in ast.walk(ast.parse(text(name))):
        for call in getattr(node, "decorator_list", []):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.proves":
                yield from (Proof(ast.literal_eval(row), name, call.lineno, node.name) for row in call.args)


@functools.cache
def proofs():
    found = []
    for name in all_files():
        if name.startswith("tests/unit/") and name.endswith(".cpp"):
            found += gtest_proofs(name)
        elif name.startswith(("tests/appliance/", "tests/e2e/", "tests/matrix/")) and name.endswith(".py"):
            found += pytest_proofs(name)
    return found


def names_exist():
    """A test names rows that there are, and a proof belongs to a test."""
    unknown = [Finding(p.file, p.line, f"no requirement {p.row}") for p in proofs() if p.row not in catalogue()]
    return unknown + [Finding(p.file, p.line, "`proves` without a test below it") for p in proofs() if not p.test]


def tests_of(row):
    """file: tests, each file once."""
    files = {}
    for proof in proofs():
        if proof.row == row:
            files.setdefault(proof.file, []).append(f"`{proof.test}`")
    return "; ".join(f"[{name.removeprefix('tests/')}](../{name}): {', '.join(dict.fromkeys(tests))}"
                     for name, tests in sorted(files.items()))


def evidence(row, note):
    parts = [str(note)] if note and (note.status == "partly" or not tests_of(row)) else []
    if tests_of(row):
        parts.append(tests_of(row))
    return ". ".join(parts) or "**not proved yet**"


def cell(content):
    return content.replace("|", "\\|")


def section(group, rows, reasons):
    lines = [f"\n## {group}: {GROUPS[group]}\n", "| Row | Level | Statement | Tests, or why none |", "|---|---|---|---|"]
    for row in rows:
        where = f"({row['where']}) " if row["where"] else ""
        columns = [row["id"], row["level"] or "", where + row["statement"], evidence(row["id"], reasons.get(row["id"]))]
        lines.append("| " + " | ".join(cell(column) for column in columns) + " |")
    return "\n".join(lines).replace("|  |", "| |") + "\n"


def document():
    reasons = notes()
    rows = [row for row in catalogue().values() if row["id"][0] in GROUPS]
    proved = {proof.row for proof in proofs()}
    without = [reasons[row["id"]].status for row in rows if row["id"] not in proved and row["id"] in reasons]
    told = ", ".join(f"{without.count(status)} {label}" for status, label in STATUSES.items() if status in without)
    counts = {"all": len(rows), "proved": sum(row["id"] in proved for row in rows),
              "explained": len(without)}
    head = HEAD.format(**counts, reasons=told, open=counts["all"] - counts["proved"] - counts["explained"])
    groups = {group: [row for row in rows if row["id"][0] == group] for group in GROUPS}
    return head + "".join(section(group, groups[group], reasons) for group in GROUPS)
