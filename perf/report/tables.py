"""A result as the Markdown tables of docs/performance.md."""
from perf.report import results
from perf.report.results import MAIN, some

NAMES = {"6to4 encap": "gateway, into the tunnel", "6to4 decap": "gateway, out of the tunnel",
         "relay encap": "relay, into the tunnel", "relay decap": "relay, out of the tunnel"}


def row(*cells):
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def table(heads, rows):
    return "\n".join([row(*heads), "|" + "---|" * len(heads), *(row(*cells) for cells in rows)])


def least(costs, who="gate41", stage="work"):
    return costs[who][stage]["least"]


def against_yardstick(cells):
    for cell, costs in cells.items():
        yard = results.yardstick(costs)["work"]["least"]
        target = costs["gate41"]["target"]
        yield (NAMES.get(cell.case, cell.case), f"{cell.flows:,}", f"{least(costs):.0f}", f"{yard:.0f}",
               f"{least(costs) / yard:.2f}", target or "")


def by_stage(cells, field):
    for cell, costs in cells.items():
        parts = [least(costs, stage=stage) for stage in results.STAGES]
        within = [f"{least(costs, stage=stage):.0f}" if stage in costs["gate41"] else "" for stage in results.WITHIN_WORK]
        yield NAMES[cell.case], getattr(cell, field), *(f"{part:.0f}" for part in parts), f"{sum(parts):.0f}", *within


def handed_over(cells):
    for cell, costs in cells.items():
        yield cell.case, cell.burst, *(f"{least(costs, who):.0f}" for who in ("giver", "taker", "alone"))


def tables(result):
    cells = results.by_cell(result)
    plain = results.PLAIN
    wire = {"size": 84, "burst": 32, "flows": results.PLAIN_FLOWS}
    others = {cell: costs for cell, costs in cells.items() if cell.case in ("new flow",) or "+" in cell.case}
    alone = {cell: costs for cell, costs in cells.items() if cell.case.startswith(("fragments", "too big"))}
    stages = ["receive", "work", "send", "all", *(f"work: {stage}" for stage in results.WITHIN_WORK)]
    yield result["where"]
    yield table(["case", "flows", "gate41", "minimum", "ratio", "target"], against_yardstick(some(cells, case=MAIN, **plain)))
    yield table(["case", "flows", "gate41", "minimum, or without", "ratio", "target"], against_yardstick(others))
    yield table(["case", "cycles"], ((cell.case, f"{least(costs):.0f}") for cell, costs in alone.items()))
    yield table(["case", "burst", "giver", "taker", "one worker alone"],
                handed_over({cell: costs for cell, costs in cells.items() if cell.case.startswith("hand-over")}))
    yield table(["case", "wire", *stages], by_stage(some(cells, case=MAIN, **wire), "wire"))
    yield table(["case", "burst", *stages],
                by_stage(some(cells, case=MAIN, size=84, wire="net_ring", flows=results.PLAIN_FLOWS), "burst"))
