"""Whole runs on common random numbers: one scenario played, and differences of two, world by world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from math import sqrt

import numpy as np
import numpy.typing as npt

from sim.inputs.scenario import Scenario
from sim.model.diplomacy import Diplomacy
from sim.model.leverage import Dyad
from tests.model.settings import scenario_of

RUNS = 4096
SEED = 3
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Shift:
    """A mean difference over worlds with its standard error."""

    mean: float
    se: float

    @property
    def z(self) -> float:
        return self.mean / max(self.se, 1e-12)


@dataclass(frozen=True)
class Played:
    """The ends of some runs: class of each, and every variable and measure by name, of shape (runs,)."""

    names: tuple[str, ...]
    classes: npt.NDArray[np.int8]
    values: Mapping[str, Floats]
    holds: Mapping[str, Floats]

    def of(self, name: str) -> Floats:
        """A measure or variable, or 1 where the run ended in a class."""
        return (self.classes == self.names.index(name)).astype(np.float64) if name in self.names else self.values[name]

    def share(self, name: str) -> float:
        return float(self.of(name).mean())


def play(model: Diplomacy, each_month: Callable[[Diplomacy], None] | None = None) -> Played:
    """Play a model to its end and keep what is left."""
    while not model.finished:
        model.step()
        if each_month is not None:
            each_month(model)
    ends = model.outcomes()
    found = model.variables | model.measures()
    wide = {name: np.broadcast_to(np.asarray(value, np.float64), model.runs).copy() for name, value in found.items()}
    names = tuple(rule.name for rule in model.case.outcomes)
    holds = {name: np.asarray(value, np.float64) for name, value in model.holds.items()}
    model.close()
    return Played(names, ends, wide, holds)


@cache
def played(name: str, *settings: str, runs: int = RUNS, seed: int = SEED) -> Played:
    return play(Diplomacy(scenario_of(name, *settings), runs, seed))


def by_world(per_run: Floats) -> Floats:
    return per_run.reshape(-1, 2).mean(axis=1)


def shift(after: Floats, before: Floats) -> Shift:
    """After minus before, paired by world."""
    apart = by_world(after) - by_world(before)
    return Shift(float(apart.mean()), float(apart.std(ddof=1) / sqrt(len(apart))))


class Imposed(Diplomacy):
    """The model with some leverage at a fixed value in every run and month, whatever the claims say."""

    def __init__(self, scenario: Scenario, imposed: Mapping[Dyad, float], runs: int = RUNS) -> None:
        self.imposed = imposed
        super().__init__(scenario, runs, SEED, diary=True)

    def _lever(self, wanted: frozenset[Dyad] | None = None) -> None:
        super()._lever(wanted)
        for (one, two), value in self.imposed.items():
            self.leverage[one, two] = np.full(self.runs, value, dtype=np.float32)
            self.variables[f"leverage.{one}.{two}"] = self.leverage[one, two]
