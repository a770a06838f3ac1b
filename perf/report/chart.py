"""A picture of a result: what gate41 costs beside the least that it could, and where the cycles go."""
import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update({"svg.hashsalt": "gate41", "svg.fonttype": "none"})  # small, and the same of the same figures
from matplotlib import pyplot  # noqa: E402 (after the choice of the backend)

from perf.report import results  # noqa: E402
from perf.report.results import MAIN, PLAIN, PLAIN_FLOWS, some  # noqa: E402

WORK, LEAST, MOVE, SEND = "#2a6f97", "#e9a23b", "#9fb8c8", "#cfdae2"


def short(flows):
    return f"{flows // 1_000_000} M" if flows >= 1_000_000 else f"{flows // 1000} k" if flows >= 1000 else str(flows)


def pairs(axes, cells, title, label):
    """gate41 and the minimum side by side, the ratio above."""
    for x, (cell, costs) in enumerate(cells.items()):
        ours, least = costs["gate41"]["work"]["least"], costs["minimum"]["work"]["least"]
        axes.bar(x - 0.2, ours, 0.4, color=WORK, label="gate41" if x == 0 else None)
        axes.bar(x + 0.2, least, 0.4, color=LEAST, label="the least possible" if x == 0 else None)
        axes.annotate(f"{ours / least:.1f}", (x, max(ours, least)), ha="center", va="bottom", fontsize=8)
    finish(axes, title, [label(cell) for cell in cells])


def stacks(axes, cells, title, label):
    """Receiving, working, sending on top of each other."""
    for x, costs in enumerate(cells.values()):
        base = 0.0
        for stage, colour in zip(results.STAGES, (MOVE, WORK, SEND)):
            height = costs["gate41"][stage]["least"]
            axes.bar(x, height, 0.6, base, color=colour, label=stage if x == 0 else None)
            base += height
        axes.annotate(f"{base:.0f}", (x, base), ha="center", va="bottom", fontsize=8)
    finish(axes, title, [label(cell) for cell in cells])


def finish(axes, title, labels):
    axes.set_title(title, fontsize=10, loc="left")
    axes.set_xticks(range(len(labels)), labels, rotation=30, ha="right", fontsize=8)
    axes.set_ylabel("cycles a packet", fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    if labels:
        axes.legend(fontsize=8, frameon=False)


def draw(source, target):
    """Writes the picture, and says where it is."""
    result = results.load(source)
    cells = results.by_cell(result)
    figure, ((flows, sizes), (wires, bursts)) = pyplot.subplots(2, 2, figsize=(13, 9), layout="constrained")
    figure.suptitle(f"A packet's way through gate41: cycles at {result['tsc_hz'] / 1e9:.1f} GHz, least of several runs\n"
                    f"{result['where']}", fontsize=10)
    pairs(flows, some(cells, case=MAIN, **PLAIN), "By flows (relay: sites), and the ratio",
          lambda cell: f"{cell.case}, {short(cell.flows)}")
    pairs(sizes, some(cells, **PLAIN | {"size": (84, 128, 512, 1280, 0)}, case=MAIN, flows=PLAIN_FLOWS),
          "By size of the frame, 100 k flows", lambda cell: f"{cell.case}, {cell.size or 'IMIX'}")
    stacks(wires, some(cells, case=MAIN, size=84, burst=32, flows=PLAIN_FLOWS), "By wire, 100 k flows",
           lambda cell: f"{cell.case}, {cell.wire}")
    stacks(bursts, some(cells, case=MAIN, size=84, wire="net_ring", flows=PLAIN_FLOWS), "By burst, 100 k flows",
           lambda cell: f"{cell.case}, {cell.burst}")
    figure.savefig(target, metadata={"Date": None})
    return target
