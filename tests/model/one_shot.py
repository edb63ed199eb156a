"""Random states of the world, looked at twice with the same draws: once as they are, once with one thing changed.

Assumptions are drawn as in a run (every state has a world of its own). Levels, recencies and flags are drawn uniformly
over their range, the arsenal from half its start to its start and a half. Arguments and bargaining are the model's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sim.inputs.arithmetic import evaluate
from sim.inputs.ledger import Ledger
from sim.inputs.scenario import Scenario
from sim.model.assumptions import Value, World
from sim.model.deals import worth
from sim.model.diplomacy import Diplomacy
from sim.model.leverage import Arguments, Dyad
from sim.model.streams import FloatArray
from sim.model.summits import ROWS, Attendance, Circumstances, Meeting, meet, shared_gain
from tests.model.settings import reference

STATES = 4000
ROUNDING = 1e-6  # float32 differences below this are rounding


@dataclass(frozen=True)
class Look:
    """What follows from the variables, all of shape (states,)."""

    variables: Mapping[str, Value]
    leverage: Mapping[Dyad, Value]
    meeting: Meeting
    terms: FloatArray  # y of the DPRK
    chance: FloatArray  # p, the chance of a deal over packages
    receipts: Mapping[str, FloatArray]  # by side: the expected promise of the other side


class OneShot:
    """4,000 random states. ``look`` at them as they are or with variables, parameters or bases changed."""

    def __init__(self, scenario: Scenario | None = None, states: int = STATES, seed: int = 5) -> None:
        self.scenario = reference("history") if scenario is None else scenario
        self.case = self.scenario.case
        self.states = states
        self.model = Diplomacy(self.scenario, runs=2 * states, seed=seed)
        self.world = _one_play_a_world(self.model.world)
        self.random = np.random.default_rng(seed)
        self.names = _first_plays(self.model.variables)
        self.holds = _first_plays(self.model.holds)
        self.uniforms = self._uniform((ROWS, states))
        self._draw_levels()

    def _uniform(self, shape: tuple[int, ...] | int) -> FloatArray:
        return self.random.random(shape, dtype=np.float32)

    def _draw_levels(self) -> None:
        for name, variable in self.case.variables.items():
            level = self._uniform(self.states)
            self.names[name] = self.names[f"start.{name}"] * (0.5 + level) if variable.unbounded else level
        for pair in self.case.pairs.values():
            self.names[pair.met] = self._uniform(self.states)
        for flag in self.case.flags:
            self.names[flag] = (self._uniform(self.states) < 0.5).astype(np.float32)
        for rank in self.case.ranks.values():
            steps = len(rank.counts)
            self.names[rank.name] = np.floor(self._uniform(self.states) * (steps + 1)) / np.float32(steps)

    def variables(self, changes: Mapping[str, Value]) -> dict[str, Value]:
        """The variables with some of them changed and all derived ones recomputed."""
        names = self.names | dict(changes)
        for derived in self.case.derived.values():
            names[derived.name] = evaluate(derived.value, names)
        return names

    def leverage(
        self, changes: Mapping[str, Value], bases: Mapping[str, FloatArray] | None = None
    ) -> dict[Dyad, Value]:
        return self.arguments(bases).leverage(self.capped(changes))

    def strengths(
        self, changes: Mapping[str, Value], bases: Mapping[str, FloatArray] | None = None
    ) -> dict[str, FloatArray]:
        return self.arguments(bases).strengths(self.capped(changes))

    def arguments(self, bases: Mapping[str, FloatArray] | None = None, ledger: Ledger | None = None) -> Arguments:
        """The ledger in these worlds, with some bases replaced."""
        world = replace(self.world, base={**self.world.base, **(bases or {})})
        return Arguments(self.scenario.ledger if ledger is None else ledger, world)

    def capped(self, changes: Mapping[str, Value]) -> dict[str, Value]:
        names = self.variables(changes)
        return names | {
            name: np.minimum(1, names[name]) for name, each in self.case.variables.items() if each.unbounded
        }

    def look(
        self,
        changes: Mapping[str, Value] | None = None,
        pair: str = "KU",
        first: bool = False,
        leverage: Mapping[Dyad, Value] | None = None,
        bases: Mapping[str, FloatArray] | None = None,
    ) -> Look:
        """Everything about a summit of the pair held in these states; ``leverage`` replaces what the claims give."""
        names = self.variables(changes or {}) | {"first_meeting": float(first)}
        names |= {f"leverage.{a}.{b}": 0.0 for a in self.case.states for b in self.case.states if a != b}
        felt = self.leverage(changes or {}, bases) if leverage is None else leverage
        one, two = self.case.pairs[pair].between
        sides = tuple(_first_play_side(self.model, state) for state in (one, two))
        all_of_them, none = np.ones(self.states, dtype=bool), np.zeros(self.states, dtype=bool)
        both = Attendance({}, all_of_them, {one: none, two: none}, all_of_them, none)
        own, table = self.uniforms[0], self.case.pairs[pair]
        here = Circumstances(self.case, names, self.holds, self.uniforms, own)
        meeting = meet(here, table, sides, felt, both, 0)
        promised = expected_promises(self, meeting, names)
        return Look(
            names,
            felt,
            meeting,
            np.asarray(meeting.terms[one]),
            meeting.chance,
            {one: promised[two], two: promised[one]},
        )


def expected_promises(shot: OneShot, meeting: Meeting, names: Mapping[str, Value]) -> dict[str, FloatArray]:
    """Expectation over packages and signing of what each side promises."""
    both = [accept[meeting.pair.between[0]] * accept[meeting.pair.between[1]] for accept in meeting.accepts]
    weights = [
        np.exp(names["lam_pick"] * agreed * 2 * shared_gain(offer, meeting.pressed))
        for agreed, offer in zip(both, meeting.offers, strict=True)
    ]
    total = sum(weights)
    expected = dict.fromkeys(meeting.pair.between, np.zeros(shot.states))
    for place, (agreed, weight) in enumerate(zip(both, weights, strict=True)):
        for giver, parts in meeting.offers[place].shares.items():
            for lever, share in parts.items():
                if lever in shot.case.promises:
                    amount = share * worth(shot.case, lever, names, names[lever])
                    expected[giver] = expected[giver] + weight / total * agreed * amount
    return expected


@dataclass(frozen=True)
class Moved:
    """Shares of states in which a quantity rose and fell."""

    rose: float
    fell: float

    def __str__(self) -> str:
        return f"rises in {100 * self.rose:.1f}%, falls in {100 * self.fell:.1f}%"


def moved(before: Value, after: Value) -> Moved:
    """How often a quantity rose and fell, beyond rounding."""
    change = np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    change = np.broadcast_to(change, STATES) if change.ndim == 0 else change
    return Moved(float((change > ROUNDING).mean()), float((change < -ROUNDING).mean()))


def _one_play_a_world(world: World) -> World:
    """The same worlds, each with one play only."""
    return _Single(**{name: getattr(world, name) for name in world.__dataclass_fields__})


class _Single(World):
    """Worlds that are played once: a value a world is a value a run."""

    def spread(self, value: Value | np.ndarray) -> Value:
        return value


def _first_plays(names: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value[0::2] if isinstance(value, np.ndarray) else value for name, value in names.items()}


def _first_play_side(model: Diplomacy, state: str):  # type: ignore[no-untyped-def]
    side = model.states[state].side
    return replace(side, ideals=_first_plays(side.ideals), saliences=_first_plays(side.saliences))
