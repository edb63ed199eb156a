"""What one change does to the endings: two ways of playing the same worlds with the same chance, run by run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.analysis.paired import Difference, adjusted, paired
from sim.analysis.worlds import world_means

Endings = npt.NDArray[np.int8]  # place of each run's class among the outcomes, shape (runs,), an even number of them


@dataclass(frozen=True)
class OutcomeDifferences:
    """``outcomes`` holds the difference of every outcome's share, the second way minus the first.

    ``points`` is the total variation distance of the two, half the sum of the absolute differences: the share of runs
    that would have to end otherwise to make the two alike. ``changed`` is the share of paired runs that do end so.
    """

    outcomes: Mapping[str, Difference]
    points: float
    changed: float

    @property
    def significant(self) -> list[str]:
        """The outcomes whose share differs beyond the noise, the largest difference first."""
        found = [name for name, one in self.outcomes.items() if one.stands_out]
        return sorted(found, key=lambda name: -abs(self.outcomes[name].difference))


def outcome_differences(one: Endings, two: Endings, names: Sequence[str]) -> OutcomeDifferences:
    """The second way against the first; nothing is adjusted for looking at many outcomes yet (:func:`marked`)."""
    places = np.arange(len(names))[:, None]
    differences = paired(world_means((two == places).astype(np.int8) - (one == places).astype(np.int8)))
    points = sum(abs(each.difference) for each in differences) / 2
    return OutcomeDifferences(dict(zip(names, differences, strict=True)), points, float((one != two).mean()))


def marked(family: Sequence[OutcomeDifferences]) -> list[OutcomeDifferences]:
    """The same with Holm's p over all outcomes of all of them."""
    every = iter(adjusted([each for one in family for each in one.outcomes.values()]))
    return [replace(one, outcomes={name: next(every) for name in one.outcomes}) for one in family]


def total_variation(one: npt.NDArray[np.float64], two: npt.NDArray[np.float64]) -> float:
    """Total variation distance of two distributions over the outcomes, in [0, 1]."""
    return float(np.abs(one - two).sum() / 2)
