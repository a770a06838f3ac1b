"""The pinned counts: pinned.json, and the table in docs/performance.md that says what moved them. Both are written by
`perf/count --pin WHY`; `scripts/check` compares them."""
import json
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILE = ROOT / "perf/instructions/pinned.json"
DOCUMENT = ROOT / "docs/performance.md"
HEADING = "| what moved them |"  # the table's first line begins so
TOLERANCE = 0.02
MORE = " +"  # the name of a case with more of what does not touch its packets: "gateway encap +1000 pinholes"
MAY_COST = 0.03  # what that may


def read():
    return json.loads(FILE.read_text(encoding="utf-8"))


def moved(counts):
    """A sentence for each count that is not where it was pinned."""
    was = read()
    found = [f"{name}: {was[name]} instructions a packet are pinned, {counts[name]} are counted ({counts[name] / was[name] - 1:+.1%})"
             for name in was if name in counts and abs(counts[name] / was[name] - 1) > TOLERANCE]
    found += [f"{name}: is {where}" for where, names in (("not pinned", counts.keys() - was.keys()),
                                                         ("pinned but not counted", was.keys() - counts.keys()))
              for name in sorted(names)]
    return found + ["if it is meant: perf/count --pin \"WHY\""] * bool(found)


def plain(counts):
    """Without the cases that have more around them: they are held against these, not pinned."""
    return {name: count for name, count in counts.items() if MORE not in name}


def dearer(counts):
    """A sentence for each case whose packets pay for what does not touch them."""
    found = []
    for name, count in counts.items():
        base = counts[name.split(MORE)[0]]
        if count > base * (1 + MAY_COST):
            found.append(f"{name}: {count} instructions a packet, {base} without; what does not touch a packet may cost it {MAY_COST:.0%}")
    return found


def pin(counts, why):
    FILE.write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines(keepends=True)
    _, end = table(lines)
    lines.insert(end, f"| {why} | {' | '.join(map(str, counts.values()))} |\n")
    DOCUMENT.write_text("".join(lines), encoding="utf-8")


def table(lines):
    """[first, end) of the table's lines."""
    first = next(number for number, line in enumerate(lines) if line.startswith(HEADING))
    end = next((number for number, line in enumerate(lines) if number > first and not line.startswith("|")), len(lines))
    return first, end


def documented():
    """(line of the last row, {case: count}) as docs/performance.md says."""
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    first, end = table(lines)
    heads, last = ([cell.strip() for cell in line.strip("|").split("|")] for line in (lines[first], lines[end - 1]))
    return end, dict(zip(heads[1:], map(int, last[1:])))
