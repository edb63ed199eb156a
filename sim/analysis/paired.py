"""Differences of two ensembles that share their draws: paired world by world, so that what both have in common drops
out.

Runs 2k and 2k+1 of both ensembles share their worlds; the pair of worlds is one observation. With d_k the mean
difference of world k over its two plays, the difference is the mean of d_k and its standard error sd(d_k) /
sqrt(worlds).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
import numpy.typing as npt

from sim.analysis.holm import LEVEL, holm, two_sided
from sim.analysis.worlds import Floats, world_means
from sim.ensemble.intervals import Z95

Endings = npt.NDArray[np.int8]  # place of each run's class among the outcomes, shape (runs,), an even number of them


FEW_CHANGED = 10  # worlds that must differ at least before a normal interval is believed enough to mark a difference


@dataclass(frozen=True)
class Difference:
    """A paired difference with its 95% interval.

    ``changed`` counts the worlds in which it is not 0. ``p`` is Holm's, adjusted over the family it was marked in.
    """

    difference: float
    se: float
    low: float
    high: float
    changed: int
    p: float = 1.0

    @property
    def stands_out(self) -> bool:
        return self.p < LEVEL


def paired(apart: Floats) -> list[Difference]:
    """Differences of quantities from what sets each world apart, shape (quantities, worlds); not yet adjusted."""
    worlds = apart.shape[1]
    if worlds < 2:
        raise ValueError("a paired difference needs at least two worlds")
    means = apart.mean(axis=1)
    errors = apart.std(axis=1, ddof=1) / sqrt(worlds)
    changed = np.count_nonzero(apart, axis=1)
    return [
        Difference(
            float(mean), float(se), float(mean - Z95 * se), float(mean + Z95 * se), int(many), _p(mean, se, many)
        )
        for mean, se, many in zip(means, errors, changed, strict=True)
    ]


def _p(mean: float, se: float, changed: int) -> float:
    return two_sided(float(mean), float(se)) if changed >= FEW_CHANGED else 1.0


def adjusted(family: list[Difference]) -> list[Difference]:
    """The same differences with Holm's p over all of them."""
    p = holm(np.array([each.p for each in family]))
    return [replace(each, p=float(value)) for each, value in zip(family, p, strict=True)]


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
