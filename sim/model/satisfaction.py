"""How well a state has done: how near the issues have come to where it wants them.

Satisfaction is minus the salience-weighted sum of the distances between each issue and the state's ideal point (the
city-block form of the spatial model of bargaining; Enelow and Hinich 1984, Morrow 1986), at the end of the run. It is 0
where a state has all that it wants, and has no unit in common between states.
"""

from __future__ import annotations

import numpy as np

from sim.inputs.case import Case
from sim.model.assumptions import Value, World
from sim.model.diplomacy import Diplomacy
from sim.model.packages import Side, ideal_now
from sim.model.streams import FloatArray


def satisfaction(model: Diplomacy, state: str) -> FloatArray:
    """Of one state in every run as things stand now, from 0 downward, shape (runs,)."""
    case, variables = model.case, model.variables
    side = whole_side(case, model.world, state)
    levels = {f"level.{name}": (issue.lived or issue.now).evaluate(variables) for name, issue in case.issues.items()}
    apart: Value = 0.0
    for name in side.ideals:
        wanted = ideal_now(case, side, name, variables, levels)
        distance: Value = np.abs(wanted - levels[f"level.{name}"])
        apart = apart + side.saliences[name] * distance
    return np.broadcast_to(np.asarray(-apart, dtype=np.float32), model.runs)


def whole_side(case: Case, world: World, state: str) -> Side:
    """A state with all its ideal points: those that the world did not draw stand at their likeliest values."""
    points = case.states[state].ideals
    ideals = {name: world.ideals.get((state, name), point.position.mode) for name, point in points.items()}
    saliences = {name: world.saliences.get((state, name), point.salience.mode) for name, point in points.items()}
    return Side(
        state,
        {name: world.spread(value) for name, value in ideals.items()},
        {name: world.spread(value) for name, value in saliences.items()},
    )


def fatal(model: Diplomacy) -> np.ndarray:
    """Whether the step that cannot be taken back has come, bool, shape (runs,)."""
    rule = model.case.month.hazard
    struck = 0.0 if rule is None else model.variables[rule.measure]
    return np.broadcast_to(np.asarray(struck) >= 1, model.runs)
