"""Differences of two ensembles that share their draws, paired world by world, so that noise common to both drops out.

Runs 2k and 2k+1 of both ensembles share their worlds; the pair of worlds is one observation. With d_k the mean
difference of world k over its two plays, the difference is the mean of d_k and its standard error sd(d_k) /
sqrt(worlds).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import erfc, isfinite, sqrt

import numpy as np
import numpy.typing as npt

from sim.analysis.world_means import Floats, world_means
from sim.ensemble.intervals import t95

LEVEL = 0.05  # bound on the chance of any false mark among all that are shown together (Holm 1979)
FEW_CHANGED = 10  # fewest worlds that must differ for an interval of a difference
ENOUGH_CHANGED = 4 * FEW_CHANGED  # from here on it makes no difference that fewer would not have been shown
Endings = npt.NDArray[np.int8]  # place of each run's class among the outcomes, shape (runs,), an even number of them


def two_sided(estimate: float, se: float) -> float:
    """p of a normal test of 0; 1 where there is nothing to test (no estimate, or neither effect nor spread)."""
    if not isfinite(estimate) or not isfinite(se) or estimate == 0:
        return 1.0
    return erfc(abs(estimate) / (se * sqrt(2))) if se > 0 else 0.0


def holm(p: Floats) -> Floats:
    """Adjusted p values, in the order given: the k-th smallest of n times (n - k + 1), never falling, at most 1."""
    order = np.argsort(p, kind="stable")
    factors = np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * factors), 1.0)
    return adjusted


class Tested:
    """What was tested against 0; ``p`` is Holm's, adjusted over the family that it was tested in."""

    p: float

    @property
    def stands_out(self) -> bool:
        return self.p < LEVEL


@dataclass(frozen=True)
class Difference(Tested):
    """A paired difference with its standard error and 95% interval; the interval is NaN where it cannot be trusted.

    ``changed`` counts the worlds in which it is not 0.
    """

    difference: float
    se: float
    low: float
    high: float
    changed: int
    p: float = 1.0

    @property
    def half(self) -> float:
        """The longer side of the interval, shown after a ±. NaN where too few worlds differ."""
        return max(self.high - self.difference, self.difference - self.low)


def paired(differences: Floats, changed: Sequence[int] | None = None) -> list[Difference]:
    """Means of the worlds' differences, shape (quantities, worlds), NaN where a world has no value; not adjusted.

    ``changed`` counts the worlds that differ, by quantity; by default those whose difference is not 0.
    Raises ValueError for fewer than two worlds.

    >>> found = paired(np.array([[0.0, 1.0] * 20]))[0]
    >>> found.difference, round(found.se, 4), found.changed
    (0.5, 0.0801, 20)
    """
    if differences.shape[1] < 2:
        raise ValueError("a paired difference needs at least two worlds")
    rows = [row[np.isfinite(row)] for row in differences]
    many = [int(np.count_nonzero(row)) for row in rows] if changed is None else changed
    return [_mean(row, count) for row, count in zip(rows, many, strict=True)]


def _mean(values: Floats, changed: int) -> Difference:
    """The mean, with an interval shifted for skewness (Hall 1992), which arises if few worlds differ, all one way."""
    worlds = len(values)
    if worlds < 2:
        return Difference(float("nan"), float("nan"), float("nan"), float("nan"), changed)
    mean, se = float(values.mean()), float(values.std(ddof=1)) / sqrt(worlds)
    if changed < FEW_CHANGED or se == 0:
        known = 0.0 if changed >= FEW_CHANGED else float("nan")  # every world differs by the same
        return Difference(mean, se, mean + known, mean + known, changed, two_sided(mean, se) if known == 0 else 1.0)
    skew = float(((values - mean) ** 3).mean()) / float(values.std()) ** 3 / sqrt(worlds)
    ends = [mean - se * _unskewed(side * t95(worlds - 1), skew) for side in (1, -1)]
    low, high = given_shown(ends[0], ends[1], changed)
    return Difference(mean, se, float(low), float(high), changed, two_sided(mean, se))


def _unskewed(z: float, skew: float) -> float:
    """The studentized mean whose transform is z; ``skew`` is the skewness over the root of the number of worlds."""
    if abs(skew) < 1e-6:
        return z
    return 3 / skew * (float(np.cbrt(1 + skew * (z - skew / 6))) - 1)


def given_shown(low: npt.ArrayLike, high: npt.ArrayLike, changed: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Intervals that are shown only where FEW_CHANGED worlds or more differ, widened so that they cover where shown.

    An effect by which fewer worlds are expected to differ is shown only where more happen to, and then it is always
    overstated. How many differ tells the size of an effect and not its sign, so the end nearer to 0 is moved toward 0
    and the other one stays. The part kept of its distance is the lower limit of a Poisson mean whose count is only seen
    from FEW_CHANGED on, over the plain limit (Garwood 1936; conditional on what was selected: Weinstein, Fithian and
    Benjamini 2013, JASA 108:165-176): nothing at 10 worlds, .05 at 11, .52 at 13, .78 at 15, .97 at 20, all from 40.

    >>> low, high = given_shown([1.0, -1.0, -3.0], [3.0, 3.0, -1.0], [15, 15, 10])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.78, -1.0, -3.0], [3.0, 3.0, 0.0])
    """
    kept = np.vectorize(_kept, otypes=[float])(changed)
    return np.minimum(low, kept * low), np.maximum(high, kept * high) + 0.0  # no minus in front of 0


@lru_cache
def _kept(changed: int) -> float:
    """The part of the nearer end's distance from 0 that is kept."""
    if changed <= FEW_CHANGED or changed >= ENOUGH_CHANGED:
        return float(changed >= ENOUGH_CHANGED)
    return _fewest_expected(changed, FEW_CHANGED) / _fewest_expected(changed, 0)


def _fewest_expected(count: int, seen: int) -> float:
    """The Poisson mean of which a count of ``seen`` or more is ``count`` or more in 2.5% of cases, by bisection."""
    low, high = 0.0, float(count)
    while high - low > 1e-9:
        mean = (low + high) / 2
        chances = np.cumprod([1.0, *(mean / np.arange(seen + 1, 5 * ENOUGH_CHANGED))])  # over that of ``seen``
        low, high = (mean, high) if chances[count - seen :].sum() < 0.025 * chances.sum() else (low, mean)
    return low


def adjusted(families: Sequence[Mapping[str, Difference]]) -> list[dict[str, Difference]]:
    """The same differences with Holm's p over all of them together."""
    p = iter(holm(np.array([each.p for one in families for each in one.values()])))
    return [{name: replace(each, p=float(next(p))) for name, each in one.items()} for one in families]


@dataclass(frozen=True)
class OutcomeDifferences:
    """``outcomes`` holds the difference of every outcome's share, the second way minus the first.

    ``changed`` is the share of paired runs that end differently. ``halves`` are the differences in each half of the
    worlds, shape (2, outcomes).
    """

    outcomes: Mapping[str, Difference]
    changed: float
    halves: Floats

    @property
    def points(self) -> float:
        """Share of the runs that must end differently to make the two alike (:func:`changed_share`)."""
        return float(changed_share(*self.halves))

    @property
    def significant(self) -> list[str]:
        """The outcomes whose share differs beyond the noise, the largest difference first."""
        found = [name for name, one in self.outcomes.items() if one.stands_out]
        return sorted(found, key=lambda name: -abs(self.outcomes[name].difference))


def outcome_differences(one: Endings, two: Endings, names: Sequence[str]) -> OutcomeDifferences:
    """The second way minus the first; not yet adjusted for many outcomes (see :func:`marked`)."""
    by_world = ending_differences(one, two, len(names))
    middle = by_world.shape[1] // 2
    halves = np.stack([by_world[:, :middle].mean(axis=1), by_world[:, middle:].mean(axis=1)])
    return OutcomeDifferences(dict(zip(names, paired(by_world), strict=True)), float((one != two).mean()), halves)


def ending_differences(one: Endings, two: Endings, outcomes: int) -> Floats:
    """Each world's difference in the share of its plays that end in each outcome, shape (outcomes, worlds)."""
    places = np.arange(outcomes)[:, None]
    return world_means((two == places).astype(np.int8) - (one == places).astype(np.int8))


def marked(family: Sequence[OutcomeDifferences]) -> list[OutcomeDifferences]:
    """The same differences, with Holm's p over all outcomes of all of them."""
    found = adjusted([one.outcomes for one in family])
    return [replace(one, outcomes=outcomes) for one, outcomes in zip(family, found, strict=True)]


def changed_share(one: Floats, two: Floats) -> Floats:
    """Half the sum of absolute differences over the outcomes (the last axis), from two independent estimates.

    Each difference takes its sign from one estimate and its size from the other, so that pure noise adds up to 0 on
    average, while a plain sum of sizes would grow with it. The result may be below 0.
    """
    return np.asarray((np.sign(one) * two + np.sign(two) * one).sum(axis=-1) / 4)


def total_variation(one: Floats, two: Floats) -> float:
    """Total variation distance of two distributions over the outcomes, in [0, 1]."""
    return float(np.abs(one - two).sum() / 2)
