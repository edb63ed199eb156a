"""Which claims work together: how far one claim's effect depends on another, for all pairs, from one ensemble.

With m11, m10, m01, m00 the means of a quantity with claims a and b certain or ruled out (first a, then b), other
credences as they are,

    interaction   (m11 - m01) - (m10 - m00)     what a does where b is certain, less what it does where b is ruled out
    se            as for effects, of the four means; a test takes the spread over all worlds where that is larger

Weights are products of the claims' own (``effects.py``), so pairs that restate one cause are left out. Of the variance
over runs a claim of credence c explains alone V_a = c (1 - c) effect^2, a pair V_ab = c_a (1 - c_a) c_b (1 - c_b)
interaction^2, each less what noise adds; the Shapley share (Owen 2014) is V_a and half of every pair's, to this order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.analysis.effects import Effects, claim_effects, side_weights
from sim.analysis.explain import EXPECTED, FEW
from sim.analysis.paired import Tested, holm, two_sided
from sim.analysis.reweight import Holding, holding
from sim.analysis.world_means import Floats, WorldTable, world_table
from sim.ensemble.result import Ensemble

STRETCH = 16_384  # worlds at a time


@dataclass(frozen=True)
class Interaction(Tested):
    """How two claims work together on a quantity. ``p`` is Holm's over all pairs and quantities.

    ``where_holds`` and ``where_fails`` are the effect of the first claim with the second certain and ruled out, each
    with its standard error.
    """

    claims: tuple[str, str]
    quantity: str
    where_holds: tuple[float, float]
    where_fails: tuple[float, float]
    se: float
    p: float

    @property
    def interaction(self) -> float:
        return self.where_holds[0] - self.where_fails[0]


@dataclass(frozen=True)
class Shares:
    """A claim's share of the variance of an outcome over runs: alone, and with half of its pairs (Shapley)."""

    claim: str
    quantity: str
    first: tuple[float, float]  # with the standard error
    shapley: tuple[float, float]


@dataclass(frozen=True)
class Together:
    """All pairs, the largest interaction first (by its noise where quantities are measures), and the claims' shares."""

    worlds: int
    pairs: tuple[Interaction, ...]
    shares: tuple[Shares, ...]
    tests: int


@dataclass(frozen=True)
class _Cells:
    """All pairs of claims on one quantity: effects of the first with the second certain and ruled out, and errors.

    Shapes (2, claims, claims), ``few`` (claims, claims).
    """

    effects: Floats
    errors: Floats
    few: npt.NDArray[np.bool_]

    @property
    def interaction(self) -> Floats:
        return np.asarray(self.effects[0] - self.effects[1])

    @property
    def se(self) -> Floats:
        return np.asarray(np.hypot(*self.errors))


def claim_pairs(ensemble: Ensemble, quantities: Sequence[str] | None = None) -> Together:
    """All pairs on some quantities, by default all outcomes. Raises ValueError for one that is not known.

    A pair is left out where one of its four cells has fewer than FEW worlds, or so few that less than EXPECTED of them
    would differ in the quantity if nothing moved it; and where both restate one cause.
    """
    whole = world_table(ensemble)
    wanted = tuple(whole.outcomes if quantities is None else quantities)
    outcomes = [name for name in wanted if name in whole.outcomes]
    return pairs_of(holding(ensemble), whole.limited(outcomes, [name for name in wanted if name not in outcomes]))


def pairs_of(worlds: Holding, table: WorldTable) -> Together:
    """As `claim_pairs`, from what holds in each world and the table of the quantities asked about."""
    claims = [claim for claim in worlds.credences if claim not in worlds.fixed]
    alone = claim_effects(worlds, table)
    if not claims:
        return Together(table.worlds, (), (), 0)
    cells = [
        _cells(worlds, claims, table, place, EXPECTED * table.worlds / max(int(differ), 1))
        for place, differ in enumerate(alone.differ)
    ]
    found = [
        (a, b, place)
        for place, one in enumerate(cells) for a in range(len(claims)) for b in range(a + 1, len(claims))
        if not one.few[a, b] and np.isfinite(one.se[a, b])
    ]  # fmt: skip
    p = holm(np.array([two_sided(cells[at].interaction[a, b], cells[at].se[a, b]) for a, b, at in found]))
    pairs = [
        _interaction(cells[at], (a, b), (claims[a], claims[b]), table.names[at], float(value))
        for (a, b, at), value in zip(found, p, strict=True)
    ]
    in_noise = bool(table.measures)  # measures have different units
    pairs.sort(key=lambda each: -abs(each.interaction) / (each.se if in_noise else 1.0))
    return Together(table.worlds, tuple(pairs), _shares(worlds, alone, cells, table), len(pairs))


def _cells(worlds: Holding, claims: Sequence[str], table: WorldTable, place: int, fewest: float) -> _Cells:
    """Sums over worlds of w, w^2, w v, w^2 v and w^2 v^2 in the four cells of every pair, w = w_a w_b."""
    known = np.ones(table.worlds) if table.known is None else table.known[place]
    values = np.where(known > 0, table.values[place], 0.0)
    centre = (known * values).sum() / max(known.sum(), 1)
    away = (values - centre) * known
    sums = np.zeros((2, 2, 5, len(claims), len(claims)))
    for first in range(0, table.worlds, STRETCH):
        some = slice(first, first + STRETCH)
        sides = side_weights(worlds.part(some), claims)
        v, k = away[some], known[some]
        for i, one in enumerate(sides):
            heavy = one * one
            rows = (one * k, heavy * k * k, one * v, heavy * k * v, heavy * v * v)
            for j, other in enumerate(sides):
                columns = (other, other * other, other, other * other, other * other)
                sums[i, j] += [row @ column.T for row, column in zip(rows, columns, strict=True)]
    w, w2, wv, w2v, w2v2 = np.moveaxis(sums, 2, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = wv / w
        own = np.maximum(w2v2 - 2 * mean * w2v + mean * mean * w2, 0) / w**2
        pooled = (away**2).sum() / max(known.sum(), 1) * w2 / w**2
        errors = np.sqrt(np.maximum(own, pooled).sum(axis=0))
    return _Cells(mean[0] - mean[1], errors, _too_few(worlds, claims, fewest))


def _interaction(cells: _Cells, at: tuple[int, int], claims: tuple[str, str], quantity: str, p: float) -> Interaction:
    holds, fails = ((float(cells.effects[b, *at]), float(cells.errors[b, *at])) for b in (0, 1))
    return Interaction(claims, quantity, holds, fails, float(cells.se[at]), p)


def _too_few(worlds: Holding, claims: Sequence[str], fewest: float) -> npt.NDArray[np.bool_]:
    """Pairs with a cell of fewer worlds than FEW or ``fewest``, and those of one cause."""
    holds = np.stack([worlds.row(claim) for claim in claims]).astype(np.float64)
    cells = [(one @ other.T) for one in (holds, 1 - holds) for other in (holds, 1 - holds)]
    cause_of = {claim: cause for cause, members in worlds.members.items() for claim in members}
    causes = [cause_of.get(claim, claim) for claim in claims]
    same = np.array([[one == other for other in causes] for one in causes])
    return np.asarray((np.min(cells, axis=0) < max(FEW, fewest)) | same)


def _shares(worlds: Holding, alone: Effects, cells: Sequence[_Cells], table: WorldTable) -> tuple[Shares, ...]:
    """First-order and Shapley shares of every claim and outcome that comes about, of the variance over runs."""
    c = np.array([worlds.credences[claim] for claim in alone.rows])
    spread = c * (1 - c)
    found = []
    for place, name in enumerate(table.outcomes):
        share = float(table.values[place].mean())
        if 0 < share < 1:
            rows = _explained(alone.effect[:, place], alone.se[:, place], cells[place], spread)
            rows /= share * (1 - share)
            found += [Shares(claim, name, (a, b), (d, e)) for claim, (a, b, d, e) in zip(alone.rows, rows, strict=True)]
    return tuple(sorted(found, key=lambda each: -each.shapley[0]))


def _explained(effect: Floats, se: Floats, cells: _Cells, spread: Floats) -> Floats:
    """Variance that each claim explains alone and with half of its pairs, each with its error, shape (claims, 4)."""
    one, error = spread * (effect**2 - se**2), spread**2 * (4 * effect**2 * se**2 + 2 * se**4)
    known = ~cells.few & np.isfinite(cells.se)
    weight, both, noise = np.outer(spread, spread), cells.interaction, cells.se
    two = np.where(known, weight * (both**2 - noise**2), 0.0).sum(axis=1) / 2
    doubt = np.where(known, weight**2 * (4 * both**2 * noise**2 + 2 * noise**4), 0.0).sum(axis=1) / 4
    return np.nan_to_num(np.stack([one, np.sqrt(error), one + two, np.sqrt(error + doubt)], axis=1))
