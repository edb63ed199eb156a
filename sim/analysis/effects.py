"""The effect of every claim and every shared cause on every quantity, all read off one ensemble (MODEL.md 7.9).

Effect of a claim: the weighted mean of a quantity at credence 1 minus that at credence 0, other credences as they
are. For a claim that stands alone this is the plain difference of means. With w1, w0 the two sets of weights, W1, W0
their sums, m1, m0 the means and s2 the variance over all worlds,

    se        sqrt( sum over worlds of ( w1 (v - m1)/W1 )^2 + ( w0 (v - m0)/W0 )^2 )
    null se   sqrt( s2 (sum w1^2 / W1^2 + sum w0^2 / W0^2) )      if the claim did nothing

A test uses the larger of the two, since a small side without a single hit has no spread of its own and looks certain.
Intervals of outcomes combine a Wilson interval of either side (Newcombe 1998, method 10), for the same reason.
Effect of a shared cause: mean where it holds minus mean where it does not. A world in which a quantity has no value
(no such meeting was held) is left out for that quantity. Everything is a sum over worlds, taken a stretch at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.analysis.reweight import Holding, cause_weights
from sim.analysis.world_means import Bools, Floats, WorldTable
from sim.ensemble.intervals import Z95

STRETCH = 16_384  # worlds at a time; only memory depends on it

Weigh = Callable[[slice], tuple[Floats, Floats]]  # weights of some worlds with each row certain, and with it ruled out


@dataclass(frozen=True)
class Effects:
    """``effect[a, q]``: what claim or cause a does to quantity q, with its two standard errors.

    ``means`` and ``sizes`` are the quantity's mean on either side and its effective number of runs. NaN where a side
    has no world. ``holds`` and ``fails`` count the worlds of the two sides, ``differ`` those whose value is not the
    median.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    outcomes: int  # the first columns, which are shares of runs
    means: Floats  # (2, rows, columns): certain, ruled out
    sizes: Floats
    se: Floats  # (rows, columns)
    null_se: Floats
    holds: npt.NDArray[np.int64]  # (rows,)
    fails: npt.NDArray[np.int64]
    differ: npt.NDArray[np.int64]  # (columns,)

    @property
    def effect(self) -> Floats:
        return np.asarray(self.means[0] - self.means[1])

    def interval(self, z: float = Z95) -> tuple[Floats, Floats]:
        """Lower and upper end for every effect, at z standard errors."""
        half = z * np.fmax(self.se, self.null_se)
        low, high = self.effect - half, self.effect + half
        shares = (slice(None), slice(0, self.outcomes))
        newcombe = newcombe_interval(self.means[:, *shares], self.sizes[:, *shares], z)
        low[shares], high[shares] = newcombe
        return low, high


def newcombe_interval(shares: Floats, sizes: Floats, z: float = Z95) -> tuple[Floats, Floats]:
    """Interval of the first share minus the second (Newcombe 1998, method 10); both arrays have two rows.

    >>> low, high = newcombe_interval(np.array([56 / 70, 48 / 80]), np.array([70.0, 80.0]))
    >>> round(float(low), 4), round(float(high), 4)
    (0.0524, 0.3339)
    """
    centre = (shares + z * z / (2 * sizes)) / (1 + z * z / sizes)
    half = z * np.sqrt(np.maximum(shares * (1 - shares), 0) / sizes + (z / (2 * sizes)) ** 2) / (1 + z * z / sizes)
    below, above = shares - (centre - half), centre + half - shares
    difference = shares[0] - shares[1]
    return difference - np.hypot(below[0], above[1]), difference + np.hypot(above[0], below[1])


def claim_effects(worlds: Holding, table: WorldTable) -> Effects:
    """Effects of every claim whose credence lies strictly between 0 and 1, in ledger order."""
    claims = [claim for claim in worlds.credences if claim not in worlds.fixed]
    holds = np.stack([worlds.row(claim) for claim in claims]) if claims else np.zeros((0, worlds.worlds), dtype=bool)
    return _effects(claims, holds, table, lambda stretch: side_weights(worlds.part(stretch), claims))


def cause_effects(worlds: Holding, table: WorldTable) -> Effects:
    """Effects of every shared cause whose claims all have a credence below 1 and one of them a credence above 0."""
    restated = [
        place
        for place, claims in enumerate(worlds.members.values())
        if 0 < max(worlds.credences[claim] for claim in claims) < 1
    ]
    caused = worlds.caused[restated]

    def weigh(stretch: slice) -> tuple[Floats, Floats]:
        return caused[:, stretch].astype(np.float64), (~caused[:, stretch]).astype(np.float64)

    return _effects([tuple(worlds.members)[place] for place in restated], caused, table, weigh)


def side_weights(worlds: Holding, claims: Sequence[str]) -> tuple[Floats, Floats]:
    """Weights of worlds with each of some claims certain and ruled out, two arrays of shape (claims, worlds).

    They are 0 and 1 for a claim with a cause of its own; one that restates a shared cause changes the cause and its
    other claims too.
    """
    cause_of = {claim: cause for cause, members in worlds.members.items() for claim in members}
    sides = np.empty((2, len(claims), worlds.worlds))
    for place, claim in enumerate(claims):
        for side, credence in enumerate((1.0, 0.0)):
            if claim in cause_of:
                new = {**worlds.credences, claim: credence}
                sides[side, place] = cause_weights(worlds, cause_of[claim], new)
            else:
                sides[side, place] = worlds.row(claim) == bool(credence)
    return sides[0], sides[1]


@dataclass
class Sums:
    """Running sums over worlds for one side, shape (rows, columns): of w, w^2, w v, w^2 v and w^2 v^2."""

    w: Floats
    w2: Floats
    wv: Floats
    w2v: Floats
    w2v2: Floats

    @classmethod
    def empty(cls, rows: int, columns: int) -> Sums:
        return cls(*np.zeros((5, rows, columns)))

    def add(self, weights: Floats, values: Floats, known: Floats) -> None:
        """Add worlds; ``values`` are already times ``known``, the share of a world's plays that have a value."""
        heavy = weights * weights
        self.w += weights @ known.T
        self.w2 += heavy @ (known * known).T
        self.wv += weights @ values.T
        self.w2v += heavy @ (values * known).T
        self.w2v2 += heavy @ (values * values).T

    def moments(self) -> tuple[Floats, Floats, Floats]:
        """Mean, variance of the mean, and the sum of squared weights over the square of their sum."""
        mean = self.wv / self.w
        about = np.maximum(self.w2v2 - 2 * mean * self.w2v + mean * mean * self.w2, 0)
        return mean, about / self.w**2, self.w2 / self.w**2


def _effects(rows: Sequence[str], holds: Bools, table: WorldTable, weigh: Weigh) -> Effects:
    known = np.ones_like(table.values) if table.known is None else table.known
    counts = np.maximum(known.sum(axis=1, keepdims=True), 1)
    values = np.where(known > 0, table.values, 0.0)
    centre = (known * values).sum(axis=1, keepdims=True) / counts  # subtracted first, so that squares lose no digits
    sides = [Sums.empty(len(rows), len(centre)) for _ in range(2)]
    spread = np.zeros(len(centre))
    for first in range(0, table.worlds, STRETCH):
        stretch = slice(first, first + STRETCH)
        some = (values[:, stretch] - centre) * known[:, stretch]
        spread += (some * some).sum(axis=1)
        for side, weights in zip(sides, weigh(stretch), strict=True):
            side.add(weights, some, known[:, stretch])
    with np.errstate(divide="ignore", invalid="ignore"):
        (one, spread1, heavy1), (zero, spread0, heavy0) = (side.moments() for side in sides)
        means, variances, heavy = np.stack([one, zero]), np.stack([spread1, spread0]), np.stack([heavy1, heavy0])
        shares = means + centre[:, 0]
        sizes = np.clip(np.nan_to_num(shares * (1 - shares) / variances, nan=0.0), 1 / heavy, 2 / heavy)
        null = np.sqrt(spread / counts[:, 0] * (heavy1 + heavy0))
        true = holds.sum(axis=1)
        return Effects(
            tuple(rows), table.names, len(table.outcomes), shares, sizes, np.sqrt(spread1 + spread0), null,
            true, table.worlds - true, _differing(table, known),
        )  # fmt: skip


def _differing(table: WorldTable, known: Floats) -> npt.NDArray[np.int64]:
    """By quantity, how many worlds have another value than the median."""
    if not table.worlds:
        return np.zeros(len(table.names), dtype=np.int64)
    there = known > 0
    usual = [np.median(row[some]) if some.any() else 0.0 for row, some in zip(table.values, there, strict=True)]
    return np.asarray(((table.values != np.array(usual)[:, None]) & there).sum(axis=1))
