"""docs/drops.md, from the one list of reasons why a packet is dropped."""
import re

from tests.checks.sources import text

LIST = "dataplane/base/drop_reasons.def"
ENTRY = re.compile(r'^G41_DROP\((\w+), "([^"]*)", "([^"]*)"\)$')
STAGE = re.compile(r"^// --- (.+)$")
HEAD = """# Drop reasons

Written by `scripts/check --write` from `{list}`. `gate41 counters` shows how many packets each has cost; the rows are
those of [conformance.md](conformance.md).
"""


def document():
    lines = [HEAD.format(list=LIST)]
    for line in text(LIST).splitlines():
        if match := STAGE.match(line):
            lines += [f"## {match.group(1).capitalize()}", "", "| Reason | What it means | Rows |", "|---|---|---|"]
        elif match := ENTRY.match(line):
            lines.append("| `{}` | {} | {} |".format(*match.groups()))
    document = "\n".join(lines) + "\n"
    return re.sub(r"\n(## )", r"\n\n\1", document)
