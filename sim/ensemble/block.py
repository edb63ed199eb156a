"""One block of runs: played month by month, reduced to statistics and to the rows that are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.ensemble.memory import keep_freed_memory
from sim.inputs.scenario import Scenario
from sim.model.assumptions import Value
from sim.model.streams import BLOCK_RUNS

if TYPE_CHECKING:
    from sim.model.diplomacy import Diplomacy

COMPUTED_RUNS = 4 * BLOCK_RUNS  # runs computed at a time; part of a run's identity, since sums go in block order
BINS = 1000  # quantiles over runs come from histograms of this many bins


@dataclass(frozen=True)
class Names:
    """What the columns of a block's arrays are called, in order."""

    outcomes: tuple[str, ...]
    measures: tuple[str, ...]  # at the end of a run: the case's measures, then every variable that moves
    series: tuple[str, ...]  # month by month: every variable that moves, then the measures that decide the outcome
    dyads: tuple[tuple[str, str], ...]
    claims: tuple[str, ...]
    causes: tuple[str, ...]  # those that several claims restate
    beyond_one: frozenset[str] = frozenset()  # series that may grow past 1

    @classmethod
    def of(cls, scenario: Scenario) -> Names:
        case = scenario.case
        moving = tuple(name for name, variable in case.variables.items() if variable.kind != "exogenous")
        states = tuple(case.states)
        deciding = {condition.variable for rule in case.outcomes for condition in rule.when}
        unbounded = frozenset(name for name, variable in case.variables.items() if variable.unbounded)
        return cls(
            outcomes=tuple(rule.name for rule in case.outcomes),
            measures=tuple(case.measures) + tuple(name for name in moving if name not in case.measures),
            series=moving + tuple(name for name in case.measures if name in deciding),
            dyads=tuple((one, two) for one in states for two in states if one != two),
            claims=tuple(scenario.ledger.claims),
            causes=tuple(group for group, ids in scenario.ledger.groups.items() if len(ids) > 1),
            beyond_one=unbounded | {name for name, each in case.measures.items() if unbounded & each.value.names},
        )

    def top(self, name: str) -> float:
        """Upper end of a series' histogram; its lower end is 0."""
        return 2.0 if name in self.beyond_one else 1.0


@dataclass(frozen=True)
class Block:
    """Statistics of all runs of a block and, for those that are kept, one row a run and one a world.

    ``moments`` rows: sum of y, of y squared, of y over worlds with two plays, of the product of the two plays, and how
    many runs and worlds with two plays these rest on. A value is NaN, and counts nowhere, in a run to which a measure
    does not apply.
    """

    first_run: int
    runs: int
    counts: npt.NDArray[np.int64]  # (months + 1, outcomes)
    together: npt.NDArray[np.int64]  # (months + 1, outcomes): worlds whose two plays are both there
    moments: npt.NDArray[np.float64]  # (6, measures)
    series: npt.NDArray[np.float64]  # (months + 1, series): sums
    series_bins: npt.NDArray[np.uint16]  # (months + 1, series, BINS)
    leverage: npt.NDArray[np.float64]  # (months + 1, dyads): sums
    leverage_bins: npt.NDArray[np.uint16]  # (months + 1, dyads, BINS)
    classes: npt.NDArray[np.int8]  # (months + 1, kept runs)
    values: npt.NDArray[np.float32]  # (measures, kept runs)
    holds: npt.NDArray[np.bool_]  # (claims, kept worlds)
    caused: npt.NDArray[np.bool_]  # (causes, kept worlds)
    numbers: Mapping[str, npt.NDArray[np.float32]]  # every uncertain number as drawn, (kept worlds,)


def play_block(
    scenario: Scenario,
    seed: int,
    first_run: int,
    runs: int,
    keep_rows: bool = True,
    keep_numbers: bool = True,
    who_gained: bool = True,
) -> Block:
    """Play ``runs`` runs from ``first_run`` (a multiple of the draw block) to the scenario's last month.

    For ``who_gained`` the same worlds are also played without any summit, on the same chance; without it the measures
    gained.STATE and better.STATE are NaN.
    """
    keep_freed_memory()
    from sim.model.diplomacy import Diplomacy  # only here: a finished ensemble is read without Mesa, which is heavy

    names = Names.of(scenario)
    model = Diplomacy(scenario, runs=runs, seed=seed, first_block=first_run // BLOCK_RUNS)
    months = scenario.months + 1
    counts, together = (np.zeros((months, len(names.outcomes)), dtype=np.int64) for _ in range(2))
    series, series_bins = _room(months, len(names.series))
    leverage, leverage_bins = _room(months, len(names.dyads))
    classes = np.empty((months, runs), dtype=np.int8)
    while not model.finished:
        month = model.month
        model.step()
        classes[month] = model.outcomes()
        counts[month] = np.bincount(classes[month], minlength=len(names.outcomes))
        together[month] = _both(classes[month], len(names.outcomes))
        now = model.variables | model.last_measures
        _record(series[month], series_bins[month], [(now[name], names.top(name)) for name in names.series], runs)
        felt = [(model.leverage.get(dyad, 0.0), 1.0) for dyad in names.dyads]
        _record(leverage[month], leverage_bins[month], felt, runs)
    without = _without_summits(model, first_run // BLOCK_RUNS) if who_gained else None
    final = model.variables | model.measures(without)
    values = np.stack([np.broadcast_to(np.asarray(final[name], dtype=np.float32), runs) for name in names.measures])
    world = model.world
    kept = slice(None) if keep_rows else slice(0, 0)
    block = Block(
        first_run, runs, counts, together, _moments(values), series, series_bins,
        leverage, leverage_bins, classes[:, kept], values[:, kept],
        np.stack([world.holds[id] for id in names.claims])[:, kept],
        np.stack([world.causes[group] for group in names.causes] or [np.zeros(world.worlds, bool)])[:len(names.causes),
        kept], dict(world.drawn) if keep_rows and keep_numbers else {},
    )  # fmt: skip
    model.close()
    return block


def _without_summits(model: Diplomacy, first_block: int) -> Mapping[str, Value]:
    """Every state's gain, and the fatal steps, in a model's worlds played without any summit on the same chance."""
    from sim.model.diplomacy import Diplomacy

    alone = Diplomacy(replace(model.plan, summits=()), model.runs, model.streams.seed, first_block, world=model.world)
    while not alone.finished:
        alone.step()
    found = alone.variables | alone.measures()
    alone.close()
    return found


def _room(months: int, columns: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.uint16]]:
    return np.zeros((months, columns)), np.zeros((months, columns, BINS), dtype=np.uint16)


def _record(
    sums: npt.NDArray[np.float64], bins: npt.NDArray[np.uint16], values: list[tuple[Value, float]], runs: int
) -> None:
    """Add a month's values to their sums and histograms; a number shared by all runs is one bar."""
    for place, (value, top) in enumerate(values):
        if isinstance(value, np.ndarray):
            sums[place] = value.sum(dtype=np.float64)
            filled = np.bincount((value * np.float32(BINS / top)).astype(np.int32), minlength=BINS + 1)
            bins[place] = filled[:BINS]
            bins[place, -1] += filled[BINS:].sum()
        else:
            sums[place] = value * runs
            bins[place, min(int(value * (BINS / top)), BINS - 1)] = runs


def _both(classes: npt.NDArray[np.int8], outcomes: int) -> npt.NDArray[np.int64]:
    full = len(classes) // 2 * 2
    one, two = classes[0:full:2], classes[1:full:2]
    return np.bincount(one[one == two], minlength=outcomes)


def _moments(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    full = values.shape[1] // 2 * 2
    one, two = values[:, 0:full:2], values[:, 1:full:2]
    both = one + two  # NaN where one of them is
    terms = (values, values * values, both, one * two)
    counted = (~np.isnan(values), ~np.isnan(both))
    sums = [np.nansum(term, axis=1, dtype=np.float64) for term in terms]
    return np.stack([*sums, *(each.sum(axis=1, dtype=np.float64) for each in counted)])
