"""The figures as a table in Markdown, a row an attack."""
import dataclasses

from tests.lab.probes import Figures, median, percentile

from .attacks import Attack

HEAD = ["attack", "packets/s", "taken %", "lost %: before, during, after", "of those cut in two", "of new flows", "ping p99, ms",
        "TCP at most, ms", "memory, MiB", "flows", "`gate41 status` p50/p99, ms", "counted as"]


@dataclasses.dataclass
class Row:
    attack: Attack
    sent: int
    taken: int  # by the port: what there was no time for is lost there, without regard to whose it is
    seconds: float
    before: Figures
    during: Figures
    after: Figures
    drops: dict

    def cells(self):
        phases = (self.before, self.during, self.after)
        return [self.attack.what, f"{self.sent / self.seconds:.0f}",
                f"{100 * self.taken / self.sent:.0f}",
                ", ".join(f"{lost(phase):.1f}" for phase in phases),
                *(", ".join(f"{share.percent():.0f}" for share in shares)
                  for shares in ([phase.large for phase in phases], [phase.fresh for phase in phases])),
                arrows(f"{1000 * percentile(phase.ping.delays, 0.99):.1f}" for phase in phases[:2]),
                arrows(f"{1000 * phase.longest_tcp():.0f}" for phase in phases[:2]),
                arrows(f"{phase.memory:.0f}" for phase in phases[:2]),
                arrows(f"{phase.flows}" for phase in phases[:2]),
                arrows(f"{1000 * median(phase.status):.0f}/{1000 * percentile(phase.status, 0.99):.0f}" for phase in phases[:2]),
                counted(self.drops)]

    def brief(self):
        return f"{self.attack.name}: " + " | ".join(self.cells()[1:])


def lost(figures):
    """Of pings and answered UDP flows, in percent."""
    sent = figures.ping.sent + figures.udp.sent
    return 100 * (figures.ping.lost() + figures.udp.lost()) / max(1, sent)


def arrows(cells):
    return " → ".join(cells)


def counted(drops):
    """The reasons that it moved most, with their share of what was dropped."""
    whole = sum(drops.values())
    largest = sorted(drops.items(), key=lambda item: -item[1])[:2]
    return ", ".join(f"`{reason}` {count}" for reason, count in largest if count > whole / 100) or "nothing dropped"


def text(rows):
    lines = [HEAD, ["---"] * len(HEAD), *(row.cells() for row in rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
