"""The planted faults, by layer. A row is what `Mutant` says: id, file, original, mutated, tests, why."""
from tests.mutate.mutant import Mutant
from tests.mutate.mutants import (abuse, appliance, control, daemon, dataplane, filter, flows, matrix, model, mtu, operators, ping, reassembly,
                                  routes, team, transit_fragments, tunnels, worker)

LAYERS = (dataplane, filter, flows, transit_fragments, matrix, model, worker, reassembly, tunnels, mtu, control, daemon, routes,
          abuse, ping, operators, team, appliance)
MUTANTS = [Mutant(*row) for layer in LAYERS for row in layer.ROWS]
assert len({mutant.id for mutant in MUTANTS}) == len(MUTANTS)
