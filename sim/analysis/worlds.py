"""The world is the unit of every statistic about assumptions: its two plays are averaged first (MODEL.md 7.9).

An odd last run is a world with one play. It counts in probabilities; here, where each world must weigh the same, it is
left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from sim.ensemble.result import Ensemble

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class WorldTable:
    """Every quantity in every world with two plays: ``values[q, k]`` is its mean over the two plays of world k.

    Outcomes come first (the share of the plays that ended there: 0, 1/2 or 1), then measures.
    """

    outcomes: tuple[str, ...]
    measures: tuple[str, ...]
    values: Floats  # (outcomes + measures, worlds)

    @property
    def names(self) -> tuple[str, ...]:
        return self.outcomes + self.measures

    @property
    def worlds(self) -> int:
        return int(self.values.shape[1])

    def of(self, name: str) -> Floats:
        """One quantity in every world. Raises ValueError for a name that is neither an outcome nor a measure."""
        return np.asarray(self.values[self.names.index(name)])


def worlds_of(ensemble: Ensemble) -> int:
    """Worlds with two plays among the kept runs."""
    return ensemble.kept_runs // 2


def world_table(ensemble: Ensemble) -> WorldTable:
    """Outcomes and told measures, averaged over the two plays of each world."""
    measures = ensemble.told_measures
    runs = 2 * worlds_of(ensemble)
    outcomes = ensemble.names.outcomes
    values = np.empty((len(outcomes) + len(measures), runs // 2))
    ends = ensemble.classes[-1, :runs]
    for place in range(len(outcomes)):
        _average(ends == place, values[place])
    for place, name in enumerate(measures, start=len(outcomes)):
        _average(ensemble.measure(name)[:runs], values[place])
    return WorldTable(outcomes, measures, values)


def outcome_table(ensemble: Ensemble) -> WorldTable:
    """Outcomes alone, averaged over the two plays of each world."""
    outcomes, ends = ensemble.names.outcomes, ensemble.classes[-1, : 2 * worlds_of(ensemble)]
    values = np.empty((len(outcomes), worlds_of(ensemble)))
    for place in range(len(outcomes)):
        _average(ends == place, values[place])
    return WorldTable(outcomes, (), values)


def world_means(per_run: npt.NDArray[np.generic]) -> Floats:
    """A quantity per run, shape (..., runs) with an even number of runs, averaged over the two plays of each world."""
    means = np.empty((*per_run.shape[:-1], per_run.shape[-1] // 2))
    _average(per_run, means)
    return means


def _average(per_run: npt.NDArray[np.generic], into: Floats) -> None:
    np.add(per_run[..., 0::2], per_run[..., 1::2], out=into, dtype=np.float64)
    into *= 0.5
