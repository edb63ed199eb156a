"""Differences of two ensembles that share their draws: paired world by world, so that what both have in common drops
out.

Runs 2k and 2k+1 of both ensembles share their worlds; the pair of worlds is one observation. With d_k the mean
difference of world k over its two plays, the difference is the mean of d_k and its standard error sd(d_k) /
sqrt(worlds).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from sim.analysis.holm import LEVEL, holm, two_sided
from sim.analysis.worlds import Floats
from sim.ensemble.intervals import Z95

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
    return [
        Difference(each.difference, each.se, each.low, each.high, each.changed, float(value))
        for each, value in zip(family, p, strict=True)
    ]
