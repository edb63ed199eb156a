"""Which claims do the work: every effect that one ensemble shows, marked where it stands out from simulation noise.

Three families of tests are adjusted by Holm, each for itself: claims by outcomes, claims by measures, and shared
causes by outcomes and measures. A test uses the larger of two standard errors (``effects.py``) and is not made with
fewer than FEW_A_SIDE worlds on a side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.effects import Effects, cause_effects, claim_effects
from sim.analysis.holm import LEVEL, holm, two_sided
from sim.analysis.reweight import holding
from sim.analysis.variance import Sources, sources_by_outcome, sources_of_spread
from sim.analysis.worlds import WorldTable, outcome_table, world_table
from sim.ensemble.intervals import Z95

if TYPE_CHECKING:
    from sim.ensemble.result import Ensemble
    from sim.inputs.scenario import Scenario

FEW_A_SIDE = 10  # worlds


@dataclass(frozen=True)
class Finding:
    """The effect of one claim or shared cause on one quantity: at credence 1 minus at credence 0 (for a cause: where it
    holds minus where it does not). ``holds`` and ``fails`` are numbers of worlds; ``p`` is adjusted."""

    name: str
    quantity: str
    effect: float
    se: float
    holds: int
    fails: int
    p: float

    @property
    def stands_out(self) -> bool:
        return self.p < LEVEL

    @property
    def low(self) -> float:
        return self.effect - Z95 * self.se

    @property
    def high(self) -> float:
        return self.effect + Z95 * self.se


@dataclass(frozen=True)
class Explanation:
    """What a finished ensemble says about its claims. Findings are sorted by size, the largest first.

    ``effects`` are claims on outcomes, ``measures`` claims on measures, ``causes`` shared causes on both. ``moved``
    is, for a claim, half the sum of its effects on all outcomes, sign apart: the share of runs whose ending it
    changes. ``quiet`` are claims of which nothing stands out, ``fixed`` those at credence 0 or 1, which no
    reweighting reaches.
    """

    scenario: Scenario
    runs: int
    worlds: int
    seed: int
    version: str
    outcomes: tuple[str, ...]
    effects: tuple[Finding, ...]
    measures: tuple[Finding, ...]
    causes: tuple[Finding, ...]
    moved: Mapping[str, float]
    quiet: tuple[str, ...]
    fixed: tuple[str, ...]
    shares: Mapping[str, Sources | None]  # of the variance of each outcome over runs
    spread: Sources | None  # the same for all outcomes together
    tests: tuple[int, int, int]  # in the families of effects, measures and causes

    def of(self, name: str, quantity: str) -> Finding | None:
        """The finding about one claim or cause and one quantity."""
        found = (each for each in (*self.effects, *self.measures, *self.causes) if each.name == name)
        return next((each for each in found if each.quantity == quantity), None)


def explain(ensemble: Ensemble, outcomes: Sequence[str] | None = None) -> Explanation:
    """Effects of all claims and causes of an ensemble.

    ``outcomes`` limits the family of tests to these. Raises ValueError where one is no outcome of this ensemble.
    """
    wanted = tuple(ensemble.names.outcomes if outcomes is None else outcomes)
    unknown = [name for name in wanted if name not in ensemble.names.outcomes]
    if unknown:
        raise ValueError(f"no outcome {unknown[0]}")
    table, worlds = world_table(ensemble), holding(ensemble)
    claims, causes = claim_effects(worlds, table), cause_effects(worlds, table)
    ends, levels, both = _findings(claims, wanted), _findings(claims, table.measures), (*wanted, *table.measures)
    roots = _findings(causes, both)
    loud = {each.name for each in (*ends, *levels) if each.stands_out}
    return Explanation(
        scenario=ensemble.scenario, runs=ensemble.runs, worlds=table.worlds, seed=ensemble.seed,
        version=ensemble.version, outcomes=wanted, effects=ends, measures=_by_noise(levels), causes=roots,
        moved=_moved(claims, table),
        quiet=tuple(claim for claim in claims.rows if claim not in loud), fixed=worlds.fixed,
        shares=sources_by_outcome(ensemble), spread=sources_of_spread(ensemble),
        tests=(len(ends), len(levels), len(roots)),
    )  # fmt: skip


def on_outcomes(ensemble: Ensemble) -> tuple[tuple[Finding, ...], Mapping[str, float]]:
    """``effects`` and ``moved`` of :func:`explain` on all outcomes, without the rest of it."""
    table = outcome_table(ensemble)
    claims = claim_effects(holding(ensemble), table)
    return _findings(claims, table.outcomes), _moved(claims, table)


def _findings(effects: Effects, columns: Sequence[str]) -> tuple[Finding, ...]:
    """One family of tests, the largest effect first (those that no world tells about last)."""
    places = [effects.columns.index(column) for column in columns]
    raw = [(row, column) for row in range(len(effects.rows)) for column in places]
    p = holm(np.array([_p(effects, row, column) for row, column in raw]))
    found = [
        Finding(
            effects.rows[row], effects.columns[column],
            float(effects.effect[row, column]), float(effects.se[row, column]),
            int(effects.holds[row]), int(effects.fails[row]), float(value),
        )
        for (row, column), value in zip(raw, p, strict=True)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: -abs(each.effect) if np.isfinite(each.effect) else 1.0))


def _p(effects: Effects, row: int, column: int) -> float:
    if min(effects.holds[row], effects.fails[row]) < FEW_A_SIDE:
        return 1.0
    larger = max(float(effects.se[row, column]), float(effects.null_se[row, column]))
    return two_sided(float(effects.effect[row, column]), larger)


def _by_noise(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Measures have units of their own: sorted by how far each effect stands out of its noise."""
    return tuple(sorted(findings, key=lambda each: -abs(each.effect) / each.se if each.se > 0 else 0.0))


def _moved(effects: Effects, table: WorldTable) -> dict[str, float]:
    """Half the sum of the absolute effects on all outcomes; 0 where no world tells."""
    sizes = np.nan_to_num(np.abs(effects.effect[:, : len(table.outcomes)]).sum(axis=1) / 2)
    return {claim: float(size) for claim, size in zip(effects.rows, sizes, strict=True)}
