"""What pipeline_cost has kept: perf/results/NAME.json."""
import json
import pathlib
import typing

ROOT = pathlib.Path(__file__).resolve().parents[2]
RESULTS = ROOT / "perf/results"
STAGES = ("receive", "work", "send")
WITHIN_WORK = ("parse", "look up", "act")
MAIN = ("6to4 encap", "6to4 decap", "relay encap", "relay decap")
PLAIN = {"size": 84, "wire": "net_ring", "burst": 32}
PLAIN_FLOWS = 100_000


class Cell(typing.NamedTuple):
    """What a row is about, whoever was measured."""
    case: str
    flows: int
    size: int
    wire: str
    burst: int

    def __str__(self):
        size = f"{self.size} bytes" if self.size else "IMIX"
        return f"{self.case}, {self.flows:,} flows, {size}, {self.wire}, bursts of {self.burst}"


def find(name):
    """The file of that name, or in perf/results; None if there is none."""
    for path in (pathlib.Path(name), RESULTS / f"{name}.json"):
        if path.is_file():
            return path
    return None


def load(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


def cell_of(row):
    return Cell(*(row[field] for field in Cell._fields))


def by_cell(result):
    """{cell: {who: row}}"""
    cells = {}
    for row in result["rows"]:
        cells.setdefault(cell_of(row), {})[row["by"]] = row
    return cells


def yardstick(costs):
    """The row that the first one is compared with; None if there is none."""
    return next((costs[who] for who in ("minimum", "without") if who in costs), None)


def judged(cells):
    """(cell, target, ratio) where something is aimed at."""
    for cell, costs in cells.items():
        target = costs["gate41"]["target"] if "gate41" in costs else None
        if target is not None:
            yield cell, target, costs["gate41"]["work"]["least"] / yardstick(costs)["work"]["least"]


def some(cells, **wanted):
    """The cells with these values, the same cases side by side; a value may be a choice of them."""
    def fits(cell):
        values = cell._asdict()
        return all(values[field] in value if isinstance(value, tuple) else values[field] == value for field, value in wanted.items())
    order = sorted(filter(fits, cells), key=lambda cell: (MAIN.index(cell.case), cell.flows, cell.burst))
    return {cell: cells[cell] for cell in order}
