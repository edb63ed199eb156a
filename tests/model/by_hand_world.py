"""Worlds by hand, in plain Python numbers, written from MODEL.md (7.1 and 7.6) by somebody who had read neither
`sim.model` nor the formulas of an earlier calculation by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, sqrt
from typing import Any

from sim.inputs.case import Range
from sim.inputs.scenario import Scenario
from sim.model.streams import Streams

STATES = ("DPRK", "PRC", "US", "ROK", "RUS")
ISSUES = ("arsenal", "sanctions", "us_troops", "aid", "peace", "tests", "exercises")

# 7.1, couplings: where this claim fails, this number is set, multiplied or added to by so much
WHERE_IT_FAILS: tuple[tuple[str, str, str, float], ...] = (
    ("thaw-buys-respite", "thaw", "set", 0.3),
    ("squeeze-limit-instability", "ideal.PRC.sanctions", "add", 0.15),
    ("regime-fall-taints-ccp", "ideal.PRC.sanctions", "add", 0.06),
    ("buffer-loss-fear", "ideal.PRC.sanctions", "add", 0.08),
    ("warhead-clock", "growth", "times", 0.5),
    ("red-line-pressure", "f_audience", "times", 0.3),
    ("p5-veto-shield", "veto", "set", 0.2),
    ("more-options-less-beholden", "options", "times", 0.3),
    ("refugee-border-fear", "ideal.PRC.sanctions", "add", 0.08),
    ("conditional-disarmament-offer", "salience.DPRK.arsenal", "times", 1.6),
    ("shared-aim-us-out", "salience.DPRK.us_troops", "times", 0.4),
    ("shared-aim-us-out", "cooling", "times", 1.5),
    ("cold-private-ties", "cooling", "times", 0.7),
    ("both-or-neither", "paired", "set", 0),
    ("both-or-neither", "tied", "set", 0),
    ("both-or-neither", "link", "set", 0.5),
    ("trump-wants-out", "ideal.US.us_troops", "set", 0.95),
    ("trump-wants-out", "salience.US.us_troops", "set", 0.8),
    ("fourth-in-line-slight", "slight", "set", 0),
    ("equal-status-goal", "salience.DPRK.peace", "times", 0.5),
    ("cocked-gun-adviser", "cocked", "set", 0),
    ("fatal-step-risk", "fatal_ratio", "set", 1),
)


@dataclass
class HandWorld:
    """What a world draws once: which claims hold and how strongly, every uncertain number, and the levels at the start.

    Ideal points and saliences are numbers too, as ``ideal.STATE.ISSUE`` and ``salience.STATE.ISSUE``.
    """

    holds: dict[str, bool] = field(default_factory=dict)
    base: dict[str, float] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    start: dict[str, float] = field(default_factory=dict)


class Uniforms:
    """The draws of all runs by the name of their stream (7.6), each stream opened once."""

    def __init__(self, streams: Streams) -> None:
        self.streams = streams
        self.opened: dict[str, Any] = {}
        self.drawn: dict[object, Any] = {}

    def world(self, name: str) -> Any:
        """One draw a world: a standard normal for the scale of a mechanism, else a uniform."""
        if name not in self.drawn:
            normal = name.startswith("mechanism/")
            self.drawn[name] = (self.streams.world_normals if normal else self.streams.world_uniforms)(name)
        return self.drawn[name]

    def month(self, name: str, month: int, rows: int) -> Any:
        """Uniforms of a month, by row and run."""
        if name not in self.opened:
            self.opened[name] = self.streams.monthly(name, rows)
        if (name, month) not in self.drawn:
            self.drawn[name, month] = self.opened[name].month(month)
        return self.drawn[name, month]


@dataclass(frozen=True)
class Draws:
    """The draws of one run; runs 2k and 2k + 1 share a world."""

    of: Uniforms
    run: int

    def world(self, name: str) -> float:
        return float(self.of.world(name)[self.run // 2])

    def month(self, name: str, month: int, row: int = 0, rows: int = 1) -> float:
        return float(self.of.month(name, month, rows)[row, self.run])


def triangular(u: float, of: Range) -> float:
    """Inverse of the distribution function (7.1)."""
    low, mode, high = of.low, of.mode, of.high
    if low == high:
        return mode
    fold = (mode - low) / (high - low)
    rising = sqrt(min(u, fold) * (high - low) * (mode - low))
    falling = sqrt((1 - max(u, fold)) * (high - low) * (high - mode))
    return low + high - mode + rising - falling


def draw_world(scenario: Scenario, draws: Draws) -> HandWorld:
    """Numbers, claims, ideal points and start levels, and what differs where claims fail (7.1)."""
    world, case = HandWorld(), scenario.case

    def drawn(stream: str, of: Range) -> float:
        return triangular(draws.world(stream), of)

    for name, of in case.parameters.items():
        world.numbers[name] = drawn(f"parameter/{name}", of)
    for state in STATES:
        for issue in ISSUES:
            point = case.states[state].ideals[issue]
            cell = f"{state}.{issue}"
            world.numbers[f"ideal.{cell}"] = drawn(f"ideal/{cell}", point.position)
            world.numbers[f"salience.{cell}"] = drawn(f"salience/{cell}", point.salience)
    for name, variable in case.variables.items():
        start = variable.start
        world.start[name] = drawn(f"start/{name}", start) if isinstance(start, Range) else float(start)
    _draw_claims(scenario, draws, world)
    for claim, number, operation, by in WHERE_IT_FAILS:
        if claim in world.holds and not world.holds[claim]:
            _differ(world, number, operation, by)
    return world


def _draw_claims(scenario: Scenario, draws: Draws, world: HandWorld) -> None:
    """Claims fall with their cause or by themselves; those that hold have a base (7.1)."""
    claims, spread = scenario.ledger.claims, world.numbers["sd_mech"]
    for id, claim in claims.items():
        same = [each.credence for each in claims.values() if each.group == claim.group]
        cause, cause_holds = 1.0, True
        if len(same) > 1:
            cause = (1 + max(same)) / 2
            cause_holds = draws.world(f"group/{claim.group}") < cause
        holds = cause_holds and draws.world(f"claim/{id}") < claim.credence / cause
        shared = exp(spread * draws.world(f"mechanism/{claim.mechanism}") - spread**2 / 2)
        weight = triangular(draws.world(f"weight/{id}"), claim.weight)
        world.holds[id] = holds
        world.base[id] = min(weight * shared, 0.98) if holds else 0.0


def _differ(world: HandWorld, number: str, operation: str, by: float) -> None:
    """What is set or added is cut at 0 and 1; what is multiplied is not (7.1)."""
    before = world.numbers[number]
    if operation == "times":
        world.numbers[number] = before * by
    else:
        world.numbers[number] = min(1.0, max(0.0, by if operation == "set" else before + by))
