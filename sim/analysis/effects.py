"""The effect of every claim and every shared cause on every quantity, all read off one ensemble (MODEL.md 7.9).

Effect of a claim: the weighted mean of a quantity at credence 1 minus that at credence 0, other credences as they
are. For a claim that stands alone this is the plain difference of means. With w1, w0 the two sets of weights, W1, W0
their sums and m1, m0 the means,

    se = sqrt( sum over worlds of ( w1 (v - m1)/W1 - w0 (v - m0)/W0 )^2 )

No world has both weights, so the two terms are summed apart. Effect of a shared cause: mean where it holds minus mean
where it does not. Everything is sums of products over worlds, taken a stretch of worlds at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.analysis.reweight import Holding, cause_weights
from sim.analysis.worlds import Floats, WorldTable

STRETCH = 16_384  # worlds at a time; only memory depends on it


@dataclass(frozen=True)
class Effects:
    """``effect[a, q]``: what claim or cause a does to quantity q, with its standard error.

    ``null_se`` is the standard error if a did nothing (both sides spread about the common mean): a test uses the
    larger of the two, since a side of few worlds without a single hit has no spread of its own. NaN where a side has
    no world. ``holds`` and ``fails`` count the worlds of the two sides.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    effect: Floats  # (rows, columns)
    se: Floats
    null_se: Floats
    holds: npt.NDArray[np.int64]  # (rows,)
    fails: npt.NDArray[np.int64]


@dataclass
class _Side:
    """Running sums over worlds for one side: of w, w^2, w v, w^2 v and w^2 v^2."""

    w: Floats  # (rows,)
    w2: Floats
    wv: Floats  # (rows, columns)
    w2v: Floats
    w2v2: Floats

    @classmethod
    def empty(cls, rows: int, columns: int) -> _Side:
        room = (rows, columns)
        return cls(np.zeros(rows), np.zeros(rows), np.zeros(room), np.zeros(room), np.zeros(room))

    def add(self, weights: Floats, values: Floats, squares: Floats) -> None:
        heavy = weights * weights
        self.w += weights.sum(axis=1)
        self.w2 += heavy.sum(axis=1)
        self.wv += weights @ values.T
        self.w2v += heavy @ values.T
        self.w2v2 += heavy @ squares.T

    def add_plain(self, marks: Floats, values: Floats, squares: Floats) -> None:
        """The same for weights of 0 and 1, which are their own squares."""
        self.w += marks.sum(axis=1)
        self.wv += marks @ values.T
        self.w2v2 += marks @ squares.T
        self.w2, self.w2v = self.w, self.wv


def claim_effects(worlds: Holding, table: WorldTable) -> Effects:
    """Effects of every claim whose credence lies strictly between 0 and 1, in ledger order."""
    alone = worlds.alone
    shared = [claim for claims in worlds.members.values() for claim in claims if claim not in worlds.fixed]
    plain = _plain_effects(alone, worlds.holds[_places(worlds, alone)], table)
    weighted = _shared_claim_effects(worlds, shared, table)
    return _in_order(_stacked(plain, weighted), [claim for claim in worlds.credences if claim not in worlds.fixed])


def cause_effects(worlds: Holding, table: WorldTable) -> Effects:
    """Effects of every shared cause that some claim of credence above 0 restates."""
    told = [
        place
        for place, claims in enumerate(worlds.members.values())
        if 0 < max(worlds.credences[claim] for claim in claims) < 1
    ]
    return _plain_effects(tuple(tuple(worlds.members)[place] for place in told), worlds.caused[told], table)


def _places(worlds: Holding, claims: tuple[str, ...]) -> list[int]:
    order = {claim: place for place, claim in enumerate(worlds.credences)}
    return [order[claim] for claim in claims]


def _stretches(worlds: int) -> list[slice]:
    return [slice(first, first + STRETCH) for first in range(0, worlds, STRETCH)]


def _plain_effects(rows: tuple[str, ...], holds: npt.NDArray[np.bool_], table: WorldTable) -> Effects:
    """Mean where a row holds minus mean where it does not."""
    centre = _centre(table)
    true, every = _Side.empty(len(rows), len(centre)), _Side.empty(1, len(centre))
    for stretch in _stretches(table.worlds):
        values = table.values[:, stretch] - centre
        squares = values * values
        true.add_plain(holds[:, stretch].astype(np.float64), values, squares)
        every.add_plain(np.ones((1, values.shape[1])), values, squares)
    wv, w2v2 = every.wv - true.wv, every.w2v2 - true.w2v2
    false = _Side(every.w - true.w, every.w - true.w, wv, wv, w2v2)
    return _contrast(rows, table, true, false, holds.sum(axis=1))


def _shared_claim_effects(worlds: Holding, rows: list[str], table: WorldTable) -> Effects:
    """Claims that restate a shared cause: the weights move the cause and its other claims along."""
    centre = _centre(table)
    true, false = (_Side.empty(len(rows), len(centre)) for _ in range(2))
    cause_of = {claim: cause for cause, claims in worlds.members.items() for claim in claims}
    for stretch in _stretches(table.worlds):
        part = worlds.part(stretch)
        values = table.values[:, stretch] - centre
        squares = values * values
        for side, credence in ((true, 1.0), (false, 0.0)):
            weights = [cause_weights(part, cause_of[row], {**part.credences, row: credence}) for row in rows]
            side.add(np.stack(weights) if rows else np.zeros((0, values.shape[1])), values, squares)
    return _contrast(tuple(rows), table, true, false, worlds.holds[_places(worlds, tuple(rows))].sum(axis=1))


def _centre(table: WorldTable) -> Floats:
    """The plain means, taken off first so that no digits are lost in the sums of squares."""
    if not table.worlds:
        return np.zeros((len(table.names), 1))
    return np.asarray(table.values.mean(axis=1, keepdims=True))


def _contrast(
    rows: tuple[str, ...], table: WorldTable, true: _Side, false: _Side, holds: npt.NDArray[np.int64]
) -> Effects:
    with np.errstate(divide="ignore", invalid="ignore"):
        (one, spread1, null1), (zero, spread0, null0) = _moments(true), _moments(false)
        return Effects(
            rows, table.names, one - zero, np.sqrt(spread1 + spread0), np.sqrt(null1 + null0),
            holds, table.worlds - holds,
        )  # fmt: skip


def _moments(side: _Side) -> tuple[Floats, Floats, Floats]:
    """Mean, variance of the mean about it, and variance of the mean about the common mean."""
    weight = side.w[:, None]
    mean = side.wv / weight
    about = np.maximum(side.w2v2 - 2 * mean * side.w2v + mean * mean * side.w2[:, None], 0)
    return mean, about / weight**2, side.w2v2 / weight**2


def _stacked(one: Effects, other: Effects) -> Effects:
    return Effects(
        one.rows + other.rows, one.columns,
        np.concatenate([one.effect, other.effect]), np.concatenate([one.se, other.se]),
        np.concatenate([one.null_se, other.null_se]),
        np.concatenate([one.holds, other.holds]), np.concatenate([one.fails, other.fails]),
    )  # fmt: skip


def _in_order(effects: Effects, rows: list[str]) -> Effects:
    place = {row: index for index, row in enumerate(effects.rows)}
    order = [place[row] for row in rows]
    return Effects(
        tuple(rows), effects.columns, effects.effect[order], effects.se[order], effects.null_se[order],
        effects.holds[order], effects.fails[order],
    )  # fmt: skip
