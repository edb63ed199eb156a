"""How well a state has done: how near the issues have come to where it wants them.

Satisfaction is minus the salience-weighted sum of the distances between each issue and the state's ideal point (the
city-block form of the spatial model of bargaining; Enelow and Hinich 1984, Morrow 1986), at the end of the run. It is 0
where a state has all that it wants, and cannot be compared between states. A state's gain is the share it has covered
of the way to all it wants,

    gain = ( satisfaction now - at the start ) / max(1/4, - satisfaction at the start),

and what the summits gained it is this, less its gain in the same world without any summit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from sim.inputs.arithmetic import evaluate
from sim.inputs.case import Case
from sim.model.assumptions import Value, between, larger
from sim.model.packages import Side, ideal_now
from sim.model.streams import FloatArray
from sim.vocabulary import better, gain, gained

NOTICED = 0.03  # a wish below this is not worth mentioning
SHORTEST_WAY = 0.25  # a state nearer than this to all it wants counts as this far from it


class Member(Protocol):
    side: Side


class Society(Protocol):
    """A model as far as satisfactions look at it."""

    case: Case
    runs: int
    variables: dict[str, Value]

    @property
    def states(self) -> Mapping[str, Member]: ...


def satisfaction(model: Society, state: str) -> FloatArray:
    """The satisfaction of one state now, in every run, from 0 downward, shape (runs,)."""
    return np.broadcast_to(np.asarray(satisfactions(model)[state], dtype=np.float32), model.runs)


def satisfactions(model: Society) -> dict[str, Value]:
    """The satisfaction of every state now, from 0 downward, by state."""
    case, variables = model.case, model.variables
    levels = _lived(case, variables)
    return {state: -_total_distance(case, agent.side, variables, levels) for state, agent in model.states.items()}


def wishes(case: Case, side: Side, variables: Mapping[str, Value]) -> dict[str, Value]:
    """What a state wants changed, by issue: its salience times (ideal point minus present level)."""
    levels = _lived(case, variables)
    return {
        name: salience * (ideal_now(case, side, name, variables, levels) - levels[f"level.{name}"])
        for name, salience in side.saliences.items()
    }


def _lived(case: Case, variables: Mapping[str, Value]) -> dict[str, Value]:
    return {f"level.{name}": evaluate(issue.lived or issue.now, variables) for name, issue in case.issues.items()}


def gains(model: Society, at_start: Mapping[str, Value], without: Mapping[str, Value] | None) -> dict[str, Value]:
    """gain.STATE, gained.STATE and better.STATE; the last two NaN where a fatal step came, or without comparison."""
    found: dict[str, Value] = {}
    rule = model.case.month.hazard
    fatal = 0.0 if rule is None else model.variables[rule.measure]
    for state, now in satisfactions(model).items():
        own = (now - at_start[state]) / larger(SHORTEST_WAY, -at_start[state])
        more: Value = float("nan")
        if without is not None:
            more = against(own, without[gain(state)], fatal if rule is None else larger(fatal, without[rule.measure]))
        found |= {gain(state): own, gained(state): more, better(state): is_better(more)}
    return found


def against(own: Value, without: Value, fatal: Value) -> FloatArray:
    """A gain less that without summits, NaN where a fatal step came in either."""
    return np.where(fatal == 0, own - without, np.float32(np.nan))


def is_better(more: Value) -> FloatArray:
    """1 where something was gained, 0 where not, NaN where the gain is NaN."""
    won = np.where(more > 0, np.float32(1), np.float32(0))
    return np.where(more == more, won, np.float32(np.nan))


def _total_distance(case: Case, side: Side, variables: Mapping[str, Value], levels: Mapping[str, Value]) -> Value:
    """The salience-weighted sum of the distances to a state's ideal points."""
    apart: Value = 0.0
    for name in side.ideals:
        distance = between(ideal_now(case, side, name, variables, levels), levels[f"level.{name}"])
        apart = apart + side.saliences[name] * distance
    return apart


def fatal(model: Society) -> np.ndarray:
    """Whether the step that cannot be taken back has come, bool, shape (runs,)."""
    rule = model.case.month.hazard
    struck = 0.0 if rule is None else model.variables[rule.measure]
    return np.broadcast_to(np.asarray(struck) >= 1, model.runs)
