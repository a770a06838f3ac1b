"""`perf/attacks/run`: attacks, one after another, and the table."""
import argparse
import shutil
import sys

from tests.lab.internet import Internet
from tests.lab.netns import LabInUse, clean_up_when_ended, temporary_folder

from . import table
from .attacks import ATTACKS, Attack
from .scene import Scene

QUIET = 2.0  # seconds before and after


def arguments():
    names = [attack.name for attack in ATTACKS]
    parser = argparse.ArgumentParser(prog="perf/attacks/run", epilog="NAME: " + " ".join(names),
                                     description="Attacks a gateway in a lab of its own, one attack after another, and prints "
                                     "what became of the flows that were there before. Judges nothing.")
    parser.add_argument("--rate", type=float, default=50_000, help="packets a second of an attack (50000)")
    parser.add_argument("--seconds", type=float, default=3, help="how long each takes (3)")
    parser.add_argument("--max-flows", type=int, default=65_536, help="filter.max_flows (65536: full within a second or two)")
    parser.add_argument("names", metavar="NAME", nargs="*", help="only these")
    options = parser.parse_args()
    for name in options.names:
        if name not in names:
            parser.error(f"unknown attack {name}; there are: {' '.join(names)}")
    return options


def harmless(side, rate):
    """As many packets as an attack's, which any gateway should forward: what the machine has capacity for."""
    what = f"for comparison: packets of one answered flow, from the {'LAN' if side == 'lan' else 'tunnel'}"
    return Attack("harmless", what, side, lambda scene: [scene.harmless_frame(side)], rate)


def received(gateway, side):
    port = {"lan": "lan", "tunnel": "wan"}[side]
    return next(row["rx_packets"] for row in gateway.ask("ports") if row["name"] == port)


def increase(after, before):
    return {reason: count - before.get(reason, 0) for reason, count in after.items() if count > before.get(reason, 0)}


def measure(scene, attack, options):
    """A row of the table: figures before, during, after, and what the gateway counted."""
    scene.begin(attack.wan, attack.profile)
    before = scene.probes.run(QUIET)
    drops, packets = scene.gateway.drops(), received(scene.gateway, attack.side)
    flood = scene.start_flood(attack.side, attack.templates(scene), options.rate * attack.rate, options.seconds)
    during = scene.probes.run(options.seconds)
    flood.wait()
    taken = received(scene.gateway, attack.side) - packets
    after = scene.probes.run(QUIET)
    counted = increase(scene.gateway.drops(), drops)
    scene.end()
    return table.Row(attack, flood.sent, min(taken, flood.sent), flood.seconds, before, during, after, counted)


def wanted(options):
    chosen = [attack for attack in ATTACKS if not options.names or attack.name in options.names]
    return [*(harmless(*kind) for kind in sorted({(attack.side, attack.rate) for attack in chosen})), *chosen]


def main():
    options = arguments()
    clean_up_when_ended()
    folder = temporary_folder("attacks")
    rows = []
    try:
        with Internet(folder, "g41at") as world:
            scene = Scene(world, options.max_flows)
            for attack in wanted(options):
                rows.append(measure(scene, attack, options))
                print(rows[-1].brief(), file=sys.stderr, flush=True)
        status = 0
    except LabInUse as error:
        print(f"{error}; end it first", file=sys.stderr)
        status = 1
    except KeyboardInterrupt:
        print("interrupted; cleaned up", file=sys.stderr)
        status = 1
    finally:
        if rows:
            print(table.text(rows))
    shutil.rmtree(folder, ignore_errors=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
