"""The planted faults, by layer. A row is what `Mutant` says: id, file, original, mutated, tests, why."""
from tests.mutate.mutant import Mutant
from tests.mutate.mutants import control, daemon, dataplane, mtu, reassembly, routes, tunnels, worker

MUTANTS = [Mutant(*row) for rows in (dataplane, worker, reassembly, tunnels, mtu, control, daemon, routes) for row in rows.ROWS]
assert len({mutant.id for mutant in MUTANTS}) == len(MUTANTS)
