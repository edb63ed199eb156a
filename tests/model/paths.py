"""Whole runs compared on common random numbers: differences of two scenarios, world by world."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from math import sqrt

import numpy as np

from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.inputs.schedule import Event
from sim.model.diplomacy import Diplomacy
from tests.model.settings import reference

RUNS = 8192
TEXT_RUNS = 16_384  # of the figures in the specification's section 13
SEED = 3
CLASSES = {"cut": ("neither", "one-sided-disarmament", "partial-bargain")}


@dataclass(frozen=True)
class Shift:
    """A mean difference over worlds with its standard error."""

    mean: float
    se: float


@cache
def played(name: str, *settings: str, months: int | None = None) -> Ensemble:
    return run(reference(name, *settings, months=months), RUNS, SEED, workers=1)


@cache
def arsenal_given_up() -> Ensemble:
    """History, but Kim gives up his arsenal unasked in month 1."""
    history = reference("history")
    return run(replace(history, events=(*history.events, Event(1, "set", "arsenal", 0.0))), RUNS, SEED, workers=1)


def values(ensemble: Ensemble, name: str) -> np.ndarray:
    """A measure, or whether the run ended in a class, averaged over the two plays of each world."""
    if name in ensemble.names.outcomes or name in CLASSES:
        per_run = sum(ensemble.ended(each).astype(np.float64) for each in CLASSES.get(name, (name,)))
    else:
        per_run = ensemble.measure(name).astype(np.float64)
    return np.asarray(per_run).reshape(-1, 2).mean(axis=1)


def shift(after: Ensemble | np.ndarray, before: Ensemble | np.ndarray, name: str = "") -> Shift:
    """After minus before, paired by world."""
    one, two = (each if isinstance(each, np.ndarray) else values(each, name) for each in (after, before))
    return Shift(float((one - two).mean()), float((one - two).std(ddof=1) / sqrt(len(one))))


class ShownTest:
    """Two copies of history: in one a strategic test stands at the beginning of a month (the level is set to 1)."""

    def __init__(self, month: int) -> None:
        history = reference("history")
        tested = replace(history, events=(*history.events, Event(month, "set", "strategic_tests", 1.0)))
        self.tested, self.untested = (Diplomacy(each, RUNS, SEED) for each in (tested, history))

    def play_to(self, month: int) -> None:
        """Both copies, until this month has been played."""
        for model in (self.tested, self.untested):
            while model.month <= month:
                model.step()

    def shift(self, name: str) -> Shift:
        one, two = (
            np.broadcast_to(model.variables[name], RUNS).astype(np.float64).reshape(-1, 2).mean(axis=1)
            for model in (self.tested, self.untested)
        )
        return shift(one, two)
