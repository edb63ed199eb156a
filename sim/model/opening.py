"""Every name at the start of a run: levels, their starts, parameters, and tallies at 0."""

from __future__ import annotations

import numpy as np

from sim.inputs.case import Case
from sim.inputs.scenario import Scenario
from sim.model.assumptions import Value, World
from sim.vocabulary import start as start_of
from sim.vocabulary import tallies


def opening(world: World, scenario: Scenario) -> dict[str, Value]:
    """The variables of a run before its first month, arrays of shape (runs,) or numbers that all runs share."""
    case = scenario.case
    names: dict[str, Value] = {name: world.spread(value) for name, value in world.parameters.items()}
    names["met_fades"] = np.exp(-1 / names["tau_met"])
    start = {name: world.spread(value) for name, value in world.start.items()}
    names |= start | _nothing_yet(case)
    for derived in case.derived.values():
        names[derived.name] = derived.value.evaluate(names)
    names |= {start_of(name): value for name, value in start.items()}
    names |= {start_of(name): names[name] for name in case.derived}
    return names


def _nothing_yet(case: Case) -> dict[str, Value]:
    """What counts meetings, deals and fatal steps, at 0."""
    names: dict[str, Value] = dict.fromkeys([*case.flags, *case.ranks, "first_meeting", "noise"], 0.0)
    for pair in case.pairs.values():
        names[pair.met] = 0.0
        names |= dict.fromkeys(tallies(pair.id, pair.between), 0.0)
    if case.month.hazard is not None:
        names[case.month.hazard.measure] = 0.0
    return names
