"""One world by hand, in plain Python numbers, written from MODEL.md (7.1) and not from the code.

It reads the same uniforms as the model, from the same named streams, and nothing else of the model's. Ranges,
credences, effects and links come from the resolved case and ledger; the formulas, and what differs where a claim fails,
stand here.
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

# claim, what differs where it fails (MODEL.md 7.1, the table of couplings)
WHERE_IT_FAILS: list[tuple[str, str, str, float]] = [
    ("conditional-disarmament-offer", "salience.DPRK.arsenal", "times", 1.6),
    ("shared-aim-us-out", "salience.DPRK.us_troops", "times", 0.4),
    ("shared-aim-us-out", "cooling", "times", 1.5),
    ("cold-private-ties", "cooling", "times", 0.7),
    ("equal-status-goal", "salience.DPRK.peace", "times", 0.5),
    ("trump-wants-out", "ideal.US.us_troops", "set", 0.95),
    ("trump-wants-out", "salience.US.us_troops", "set", 0.8),
    ("squeeze-limit-instability", "ideal.PRC.sanctions", "add", 0.15),
    ("regime-fall-taints-ccp", "ideal.PRC.sanctions", "add", 0.06),
    ("buffer-loss-fear", "ideal.PRC.sanctions", "add", 0.08),
    ("refugee-border-fear", "ideal.PRC.sanctions", "add", 0.08),
    ("both-or-neither", "link", "set", 0.5),
    ("both-or-neither", "tied", "set", 0),
    ("both-or-neither", "paired", "set", 0),
    ("cocked-gun-adviser", "cocked", "set", 0),
    ("p5-veto-shield", "veto", "set", 0.2),
    ("warhead-clock", "growth", "times", 0.5),
    ("red-line-pressure", "f_audience", "times", 0.3),
    ("fourth-in-line-slight", "slight", "set", 0),
    ("thaw-buys-respite", "thaw", "set", 0.3),
    ("fatal-step-risk", "fatal_ratio", "set", 1),
    ("more-options-less-beholden", "options", "times", 0.3),
]


@dataclass
class HandWorld:
    """One world: which claims hold, their bases, and every number, by plain names (``ideal.US.arsenal``)."""

    holds: dict[str, bool] = field(default_factory=dict)
    base: dict[str, float] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    start: dict[str, float] = field(default_factory=dict)


class Uniforms:
    """The draws of all runs of some streams, each drawn once."""

    def __init__(self, streams: Streams) -> None:
        self.streams = streams
        self.drawn: dict[str, Any] = {}
        self.opened: dict[str, Any] = {}

    def world(self, name: str) -> Any:
        if name not in self.drawn:
            kind = self.streams.world_normals if name.startswith("mechanism/") else self.streams.world_uniforms
            self.drawn[name] = kind(name)
        return self.drawn[name]

    def month(self, name: str, month: int, rows: int) -> Any:
        """The rows of a month. Months of one stream are asked for in order, as the model does."""
        if (key := f"{name} {month}") not in self.drawn:
            stream = self.opened.setdefault(name, self.streams.monthly(name, rows))
            self.drawn[key] = stream.month(month)
        return self.drawn[key]


@dataclass(frozen=True)
class Draws:
    """The draws of one run."""

    of: Uniforms
    run: int

    def world(self, name: str) -> float:
        return float(self.of.world(name)[self.run // 2])

    def month(self, name: str, month: int, row: int = 0, rows: int = 1) -> float:
        return float(self.of.month(name, month, rows)[row][self.run])


def triangular(u: float, of: Range) -> float:
    """The textbook inverse of the triangular distribution function."""
    low, mode, high = of.low, of.mode, of.high
    if low == high:
        return mode
    if u < (mode - low) / (high - low):
        return low + sqrt(u * (high - low) * (mode - low))
    return high - sqrt((1 - u) * (high - low) * (high - mode))


def draw_world(scenario: Scenario, draws: Draws) -> HandWorld:
    """Draw one world as MODEL.md 7.1 says."""
    case, world = scenario.case, HandWorld()
    for name, of in case.parameters.items():
        world.numbers[name] = of.mode if of.fixed else triangular(draws.world(f"parameter/{name}"), of)
    for state in STATES:
        for issue in ISSUES:
            point = case.states[state].ideals[issue]
            for kind, of in (("ideal", point.position), ("salience", point.salience)):
                world.numbers[f"{kind}.{state}.{issue}"] = triangular(draws.world(f"{kind}/{state}.{issue}"), of)
    for name, variable in case.variables.items():
        of = variable.start
        world.start[name] = of.mode if of.fixed else triangular(draws.world(f"start/{name}"), of)
    _draw_claims(scenario, draws, world)
    for claim, number, operation, by in WHERE_IT_FAILS:
        if not world.holds[claim]:
            _differ(world, number, operation, by)
    return world


def _draw_claims(scenario: Scenario, draws: Draws, world: HandWorld) -> None:
    claims = scenario.ledger.claims
    for claim in claims.values():
        restating = [other for other in claims.values() if other.group == claim.group]
        cause = (1 + max(other.credence for other in restating)) / 2 if len(restating) > 1 else 1.0
        cause_holds = len(restating) == 1 or draws.world(f"group/{claim.group}") < cause
        holds = cause_holds and draws.world(f"claim/{claim.id}") < claim.credence / cause
        sd = world.numbers["sd_mech"]
        scale = exp(sd * draws.world(f"mechanism/{claim.mechanism}") - sd**2 / 2)
        weight = triangular(draws.world(f"weight/{claim.id}"), claim.weight)
        world.holds[claim.id] = holds
        world.base[claim.id] = min(weight * scale, 0.98) if holds else 0.0


def _differ(world: HandWorld, number: str, operation: str, by: float) -> None:
    """What a failing claim sets or adds is cut at 0 and 1; what it multiplies is not."""
    value = world.numbers[number]
    if operation == "times":
        world.numbers[number] = value * by
    else:
        world.numbers[number] = min(1.0, max(0.0, by if operation == "set" else value + by))
