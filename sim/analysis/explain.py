"""The effects of all claims that one ensemble shows, marked where they stand out from simulation noise.

Holm's adjustment covers three families of tests separately: claims by outcomes, claims by measures, and shared causes
by outcomes and measures. A test uses the larger of two standard errors (``effects.py``). There is no test and no
interval with fewer than FEW worlds on a side or where fewer than FEW differ in the quantity; and no test where fewer
than EXPECTED would differ on the smaller side if the claim did nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from sim.analysis.effects import Effects, cause_effects, claim_effects
from sim.analysis.paired import FEW_CHANGED, LEVEL, Tested, changed_share, given_shown, holm, two_sided
from sim.analysis.reweight import Holding, holding
from sim.analysis.variance import Sources, sources_by_outcome, sources_of_spread
from sim.analysis.world_means import OfScenario, WorldTable, world_table
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
    where one is neither.
    """
    wanted = tuple(ensemble.names.outcomes if quantities is None else quantities)
    unknown = [name for name in wanted if name not in (*ensemble.names.outcomes, *ensemble.meaningful_measures)]
    if unknown:
        raise ValueError(f"no outcome or measure {unknown[0]}")
    table, worlds = world_table(ensemble), holding(ensemble)
    claims, causes = claim_effects(worlds, table), cause_effects(worlds, table)
    others = [name for name in table.measures if name not in wanted]
    ends, levels, roots = _findings(claims, wanted), _findings(claims, others), _findings(causes, (*wanted, *others))
    loud = {each.name for each in (*ends, *levels) if each.stands_out}
    return Explanation(
        scenario=ensemble.scenario, runs=ensemble.runs, worlds=table.worlds, seed=ensemble.seed,
        version=ensemble.version, outcomes=wanted, effects=ends, measures=_by_noise(levels), causes=roots,
        moved=moved(claim_effects, worlds, table), moved_by_cause=moved(cause_effects, worlds, table),
        quiet={claim: size for claim, size in bounds(claims).items() if claim not in loud}, fixed=worlds.fixed,
        shares=sources_by_outcome(ensemble), spread=sources_of_spread(ensemble),
        tests=(len(ends), len(levels), len(roots)),
    )  # fmt: skip


def _findings(effects: Effects, columns: Sequence[str]) -> tuple[Finding, ...]:
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
    return tuple(sorted(found, key=lambda each: -abs(each.effect) if np.isfinite(each.effect) else 1.0))


def _p(effects: Effects, row: int, column: int) -> float:
    smaller, worlds = min(effects.holds[row], effects.fails[row]), effects.holds[row] + effects.fails[row]
    if min(smaller, effects.differ[column]) < FEW or smaller * effects.differ[column] < EXPECTED * worlds:
        return 1.0
    larger = max(float(effects.se[row, column]), float(effects.null_se[row, column]))
    return two_sided(float(effects.effect[row, column]), larger)


def _by_noise(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Findings sorted by effect over noise, since measures have different units."""
    return tuple(sorted(findings, key=lambda each: -abs(each.effect) / each.se if each.se > 0 else 0.0))


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
