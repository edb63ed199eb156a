"""Every name at the start of a run: levels, their starts, parameters, and tallies at 0."""

from sim.inputs.arithmetic import evaluate
from sim.inputs.scenario import Scenario
from sim.model.assumptions import Value, World
from sim.model.logit import exponential
from sim.vocabulary import happens, leverage, mean, phases, pinned, tabled, tallies, tally
from sim.vocabulary import start as at_start


def opening(world: World, scenario: Scenario) -> dict[str, Value]:
    """The variables of a run before its first month, arrays of shape (runs,) or numbers that all runs share."""
    case = scenario.case
    names: dict[str, Value] = {name: world.spread(value) for name, value in world.parameters.items()}
    names["met_fades"] = exponential(-1 / names["tau_met"])
    start = {name: world.spread(value) for name, value in world.start.items()}
    names |= start | _nothing_yet(scenario)
    for derived in case.derived.values():
        names[derived.name] = evaluate(derived.value, names)
    names |= {at_start(name): value for name, value in start.items()}
    names |= {at_start(name): names[name] for name in case.derived}
    return names


def _nothing_yet(scenario: Scenario) -> dict[str, Value]:
    """What counts meetings, deals, pins and fatal steps, at 0; the terms last struck, at one half."""
    case = scenario.case
    names: dict[str, Value] = dict.fromkeys([*case.flags, *case.ranks, "first_meeting", "noise"], 0.0)
    names |= dict.fromkeys(map(tabled, case.every_package), 0.0)
    for pair in case.pairs.values():
        names |= {pair.met: 0.0, f"open.{pair.id}": 0.0}
        names |= dict.fromkeys(tallies(pair.id, pair.between), 0.0) | {tally("struck", pair.id): 0.5}
    for name, variable in case.variables.items():
        names[pinned(name)] = 0.0
        if variable.kind == "lever":
            names |= dict.fromkeys(phases(name), 0.0)
    names |= {happens(each.id): 0.0 for each in scenario.occasions}
    names |= {mean(name): 0.0 for name in case.month.averages}
    names |= {leverage(one, two): 0.0 for one in case.states for two in case.states if one != two}
    if case.month.hazard is not None:
        names[case.month.hazard.measure] = 0.0
    return names
