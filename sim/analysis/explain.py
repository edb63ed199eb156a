"""The effects of all claims that one ensemble shows, and which claims work together, marked where they stand out from
simulation noise.

Holm's adjustment covers three families of tests separately: claims by outcomes, claims by measures, and shared causes
by outcomes and measures. A test uses the larger of two standard errors (``effects.py``). There is no test and no
interval with fewer than FEW worlds on a side or where fewer than FEW differ in the quantity; and no test where fewer
than EXPECTED would differ on the smaller side if the claim did nothing.

How far one claim's effect depends on another: with m11, m10, m01, m00 the means of a quantity with claims a and b
certain or ruled out (first a, then b), other credences as they are,

    interaction   (m11 - m01) - (m10 - m00)     what a does where b is certain, less what it does where b is ruled out
    se            as for effects, of the four means; a test takes the spread over all worlds where that is larger

Weights are products of the claims' own (``effects.py``), so pairs that restate one cause are left out. Of the variance
over runs a claim of credence c explains alone V_a = c (1 - c) effect^2, a pair V_ab = c_a (1 - c_a) c_b (1 - c_b)
interaction^2, each less what noise adds; the Shapley share (Owen 2014) is V_a and half of every pair's, to this order.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from statistics import NormalDist

import numpy as np

from sim.analysis.effects import STRETCH, Effects, Sums, cause_effects, claim_effects, side_weights
from sim.analysis.paired import FEW_CHANGED, LEVEL, Tested, changed_share, given_shown, holm, two_sided
from sim.analysis.reweight import Holding, holding
from sim.analysis.variance import Sources, sources_by_outcome, sources_of_spread
from sim.analysis.world_means import Bools, Floats, OfScenario, WorldTable, check_played, world_table
from sim.ensemble.intervals import Z95
from sim.ensemble.result import Ensemble
from sim.inputs.scenario import Scenario

FEW = FEW_CHANGED  # worlds
EXPECTED = 5  # worlds that must differ on the smaller side if the claim did nothing, for a normal test to hold


@dataclass(frozen=True)
class Finding(Tested):
    """The effect of one claim or shared cause on one quantity: at credence 1 minus at credence 0 (for a cause: where it
    holds minus where it does not), with its 95% interval.

    ``se`` is the longer side of the interval over 1.96; it and the interval are NaN where there are too few worlds.
    ``holds`` and ``fails`` are numbers of worlds; ``p`` is adjusted.
    """

    name: str
    quantity: str
    effect: float
    se: float
    low: float
    high: float
    holds: int
    fails: int
    p: float

    @property
    def half(self) -> float:
        """The longer side of the interval, shown after a ±. NaN where there are too few worlds."""
        return max(self.high - self.effect, self.effect - self.low)


@dataclass(frozen=True)
class Explanation(OfScenario):
    """What a finished ensemble says about its claims. Findings are sorted by size, the largest first.

    ``effects`` are those of claims on the quantities asked about, ``measures`` those of claims on (other) measures,
    ``causes`` those of shared causes on both. ``moved`` is, for a claim, half the sum of its absolute effects on all
    outcomes: the share of runs whose ending it changes (:func:`paired.changed_share`); ``moved_by_cause`` is the same
    for shared causes. ``quiet`` are claims of which nothing stands out, each with a 95% bound on its effects on all
    outcomes together; ``fixed`` are those at credence 0 or 1, which cannot be reweighted.
    """

    scenario: Scenario
    runs: int
    worlds: int
    seed: int
    version: str
    outcomes: tuple[str, ...]  # asked about; measures, where these were asked for
    effects: tuple[Finding, ...]
    measures: tuple[Finding, ...]
    causes: tuple[Finding, ...]
    moved: Mapping[str, float]
    moved_by_cause: Mapping[str, float]
    quiet: Mapping[str, float]
    fixed: tuple[str, ...]
    shares: Mapping[str, Sources | None]  # of the variance of each outcome over runs
    spread: Sources | None  # the same for all outcomes together
    tests: tuple[int, int, int]  # in the families of effects, measures and causes

    def of(self, name: str, quantity: str) -> Finding | None:
        """The finding about one claim or cause and one quantity."""
        found = (each for each in (*self.effects, *self.measures, *self.causes) if each.name == name)
        return next((each for each in found if each.quantity == quantity), None)


def explain(ensemble: Ensemble, quantities: Sequence[str] | None = None) -> Explanation:
    """Effects of all claims and causes of an ensemble.

    ``quantities`` limits the family of tests to these outcomes or measures (by default all outcomes). Raises ValueError
    where one is neither, TypeError for a scenario.
    """
    check_played(ensemble)
    wanted = tuple(ensemble.names.outcomes if quantities is None else quantities)
    unknown = [name for name in wanted if name not in (*ensemble.names.outcomes, *ensemble.meaningful_measures)]
    if unknown:
        raise ValueError(f"no outcome or measure {unknown[0]}")
    table, worlds = world_table(ensemble), holding(ensemble)
    claims, causes = claim_effects(worlds, table), cause_effects(worlds, table)
    others = [name for name in table.measures if name not in wanted]
    ends, levels, roots = _findings(claims, wanted), _findings(claims, others), _findings(causes, (*wanted, *others))
    levels.sort(key=lambda each: -abs(each.effect) / each.se if each.se > 0 else 0.0)  # measures have different units
    loud = {each.name for each in (*ends, *levels) if each.stands_out}
    return Explanation(
        scenario=ensemble.scenario, runs=ensemble.runs, worlds=table.worlds, seed=ensemble.seed,
        version=ensemble.version, outcomes=wanted, effects=tuple(ends), measures=tuple(levels), causes=tuple(roots),
        moved=moved(claim_effects, worlds, table), moved_by_cause=moved(cause_effects, worlds, table),
        quiet={claim: size for claim, size in bounds(claims).items() if claim not in loud}, fixed=worlds.fixed,
        shares=sources_by_outcome(ensemble), spread=sources_of_spread(ensemble),
        tests=(len(ends), len(levels), len(roots)),
    )  # fmt: skip


def _findings(effects: Effects, columns: Sequence[str]) -> list[Finding]:
    """One family of tests, the largest effect first (unknown effects last)."""
    places = [effects.columns.index(column) for column in columns]
    raw = [(row, column) for row in range(len(effects.rows)) for column in places]
    p = holm(np.array([_p(effects, row, column) for row, column in raw]))
    effect, (low, high) = effects.effect, given_shown(*effects.interval(), effects.differ)
    few = (np.minimum(effects.holds, effects.fails)[:, None] < FEW) | (effects.differ < FEW)
    low, high = np.where(few, np.nan, low), np.where(few, np.nan, high)
    se = np.fmax(high - effect, effect - low) / Z95
    found = [
        Finding(
            effects.rows[row], effects.columns[column],
            float(effect[row, column]), float(se[row, column]), float(low[row, column]), float(high[row, column]),
            int(effects.holds[row]), int(effects.fails[row]), float(value),
        )
        for (row, column), value in zip(raw, p, strict=True)
    ]  # fmt: skip
    return sorted(found, key=lambda each: -abs(each.effect) if np.isfinite(each.effect) else 1.0)


def _p(effects: Effects, row: int, column: int) -> float:
    smaller, worlds = min(effects.holds[row], effects.fails[row]), effects.holds[row] + effects.fails[row]
    if min(smaller, effects.differ[column]) < FEW or smaller * effects.differ[column] < EXPECTED * worlds:
        return 1.0
    larger = max(float(effects.se[row, column]), float(effects.null_se[row, column]))
    return two_sided(float(effects.effect[row, column]), larger)


def moved(effects_of: Callable[[Holding, WorldTable], Effects], worlds: Holding, table: WorldTable) -> dict[str, float]:
    """The share of runs whose ending each claim (or shared cause) changes, all outcomes together.

    It is estimated from two halves of the worlds, so it is 0 on average where nothing moves, and may be below by noise.
    """
    halves = []
    for half in (slice(0, table.worlds // 2), slice(table.worlds // 2, table.worlds)):
        found = effects_of(worlds.part(half), table.of_outcomes.part(half))
        halves.append(np.nan_to_num(found.effect))
    return dict(zip(found.rows, map(float, changed_share(*halves)), strict=True))


def bounds(effects: Effects) -> dict[str, float]:
    """A 95% bound on each claim's effects on all outcomes together (Bonferroni over the outcomes)."""
    low, high = effects.interval(NormalDist().inv_cdf(1 - LEVEL / (2 * max(effects.outcomes, 1))))
    sizes = np.fmax(np.abs(low), np.abs(high))[:, : effects.outcomes].max(axis=1, initial=0.0)
    return dict(zip(effects.rows, map(float, sizes), strict=True))


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
    few: Bools

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
    pairs = []
    for (a, b, at), value in zip(found, p, strict=True):
        holds, fails = ((float(cells[at].effects[side, a, b]), float(cells[at].errors[side, a, b])) for side in (0, 1))
        se = float(cells[at].se[a, b])
        pairs.append(Interaction((claims[a], claims[b]), table.names[at], holds, fails, se, float(value)))
    in_noise = bool(table.measures)  # measures have different units
    pairs.sort(key=lambda each: -abs(each.interaction) / (each.se if in_noise else 1.0))
    return Together(table.worlds, tuple(pairs), _shares(worlds, alone, cells, table), len(pairs))


def _cells(worlds: Holding, claims: Sequence[str], table: WorldTable, place: int, fewest: float) -> _Cells:
    """Means of a quantity in the four cells of every pair, from sums over worlds of the products of two weights."""
    known = np.ones(table.worlds) if table.known is None else table.known[place]
    values = np.where(known > 0, table.values[place], 0.0)
    many = max(known.sum(), 1)
    away = (values - (known * values).sum() / many) * known
    cells = [Sums.empty(len(claims), len(claims)) for _ in range(4)]
    for first in range(0, table.worlds, STRETCH):
        some = slice(first, first + STRETCH)
        sides = side_weights(worlds.part(some), claims)
        for cell, (one, other) in zip(cells, product(sides, sides), strict=True):
            cell.add(one, other * away[some], other * known[some])
    with np.errstate(divide="ignore", invalid="ignore"):
        mean, own, heavy = np.array([cell.moments() for cell in cells]).swapaxes(0, 1)
        variances = np.maximum(own, (away**2).sum() / many * heavy)
        errors = np.sqrt(variances[:2] + variances[2:])
    return _Cells(mean[:2] - mean[2:], errors, _too_few(worlds, claims, fewest))


def _too_few(worlds: Holding, claims: Sequence[str], fewest: float) -> Bools:
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
