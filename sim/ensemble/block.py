"""Plays one block of runs month by month, and reduces it to statistics and the rows that are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.ensemble.process import keep_freed_memory
from sim.inputs.scenario import Scenario
from sim.kernel.columns import BINS, Names
from sim.kernel.compiled import compiled, engine_of
from sim.kernel.instance import HISTOGRAMS, ROWS, WORLDS, Given
from sim.model.assumptions import Value, ranges_drawn
from sim.model.satisfaction import against, is_better, satisfactions
from sim.model.streams import BLOCK_RUNS, RenamedStreams, Streams
from sim.vocabulary import better, gain, gained

if TYPE_CHECKING:
    from sim.model.diplomacy import Diplomacy

COMPUTED_RUNS = 4 * BLOCK_RUNS  # runs computed at a time; part of a run's identity, since sums go in block order
Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Block:
    """Statistics of all runs of a block and, for those that are kept, one row a run and one a world.

    ``moments`` rows: sum of y, of y squared, of y over worlds with two plays, of the product of the two plays, number
    of runs, number of worlds with two plays. Where a measure does not apply to a run its value is NaN and not counted.
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
    play = _play_compiled if engine_of(scenario) == "compiled" else _play_mesa
    return play(scenario, seed, first_run, runs, keep_rows, keep_numbers, who_gained)


@dataclass(frozen=True)
class Ends:
    """How runs end: place of each run's class, and every measure, gain and satisfaction by name; shape (runs,)."""

    classes: npt.NDArray[np.int8]
    values: Mapping[str, npt.NDArray[np.float32]]


def play_ends(
    scenario: Scenario, seed: int, first_run: int, runs: int, renamed: Callable[[str], str] | None = None
) -> Ends:
    """Play runs and keep only their ends. ``renamed`` maps the names of world streams to those they are drawn under."""
    keep_freed_memory()
    if engine_of(scenario) == "compiled":
        model = compiled(scenario)
        given = Given.of(scenario, model.layout, renamed)
        found = model.play_given(given, seed, first_run, runs, ROWS)
        return Ends(found.classes[-1], dict(zip(model.layout["finals"], found.values, strict=True)))
    return _ends_by_mesa(scenario, RenamedStreams(renamed or str, seed, runs, first_run // BLOCK_RUNS))


def _ends_by_mesa(scenario: Scenario, streams: Streams) -> Ends:
    from sim.model.diplomacy import Diplomacy

    model = Diplomacy(scenario, runs=streams.runs, seed=streams.seed, streams=streams)
    model.datacollector = None
    while not model.finished:
        model.step()
    values = (
        model.variables | model.measures() | {f"satisfaction.{name}": x for name, x in satisfactions(model).items()}
    )
    ends = {name: np.broadcast_to(np.asarray(value, dtype=np.float32), model.runs) for name, value in values.items()}
    classes = model.outcomes()
    model.close()
    return Ends(classes, ends)


def prepare(scenario: Scenario) -> None:
    """Compile the model or import Mesa, once, before workers are started."""
    if engine_of(scenario) == "compiled":
        compiled(scenario)
    else:
        import sim.model.diplomacy  # noqa: F401


def _play_compiled(
    scenario: Scenario, seed: int, first_run: int, runs: int, keep_rows: bool, keep_numbers: bool, who_gained: bool
) -> Block:
    """A block by the compiled model."""
    names, model = Names.of(scenario), compiled(scenario)
    place = {name: row for row, name in enumerate(model.layout["finals"])}
    keep = HISTOGRAMS | (ROWS if keep_rows or who_gained else 0) | (WORLDS if keep_rows else 0)
    given = Given.of(scenario, model.layout)
    found = model.play_given(given, seed, first_run, runs, keep)
    rows = [place[name] for name in names.measures]
    values, moments = found.values[rows], found.moments[:, rows]
    if who_gained:
        alone = model.play_given(given.without_summits(scenario, model.layout), seed, first_run, runs, ROWS)
        told = [name for state in scenario.case.states for name in (gained(state), better(state))]
        at = [names.measures.index(name) for name in told]
        values[at] = _gained(scenario, found.values, alone.values, place)
        moments[:, at] = value_moments(values[at])
    kept = slice(None) if keep_rows else slice(0, 0)
    series = len(names.series)
    holds, caused, numbers = _worlds(scenario, names, model.layout["worlds"], found.worlds)
    return Block(
        first_run, runs, found.counts, found.pairs, moments, found.sums[:, :series], found.bins[:, :series],
        found.sums[:, series:], found.bins[:, series:], found.classes[:, kept], values[:, kept], holds, caused,
        numbers if keep_numbers else {},
    )  # fmt: skip


def _gained(scenario: Scenario, values: Array, alone: Array, place: Mapping[str, int]) -> npt.NDArray[np.float32]:
    """gained.STATE and better.STATE of every state, from the same worlds with and without summits."""
    hazard = scenario.case.month.hazard
    fatal = (
        np.zeros(values.shape[1])
        if hazard is None
        else np.maximum(*(each[place[hazard.measure]] for each in (values, alone)))
    )
    found = []
    for state in scenario.case.states:
        more = against(values[place[gain(state)]], alone[place[gain(state)]], fatal)
        found += [more, is_better(more)]
    return np.stack(found)


def _worlds(
    scenario: Scenario, names: Names, columns: Sequence[str], worlds: Array
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_], dict[str, npt.NDArray[np.float32]]]:
    """Which claims and causes hold, and the numbers that were drawn, of the worlds that are kept."""
    place = {name: row for row, name in enumerate(columns)}
    drawn = [name for name, of in ranges_drawn(scenario.case).items() if not of.fixed]
    drawn += dict.fromkeys(f"mechanism/{claim.mechanism}" for claim in scenario.ledger.claims.values())
    return (
        worlds[[place[f"holds {id}"] for id in names.claims]] != 0,
        worlds[[place[f"cause {group}"] for group in names.causes]] != 0,
        {name: worlds[place[f"drawn {name}"]] for name in drawn if worlds.size},
    )


def _play_mesa(
    scenario: Scenario, seed: int, first_run: int, runs: int, keep_rows: bool, keep_numbers: bool, who_gained: bool
) -> Block:
    """A block by the Mesa model itself."""
    from sim.model.diplomacy import Diplomacy  # slow to import, and not needed to read a finished ensemble

    names = Names.of(scenario)
    model = Diplomacy(scenario, runs=runs, seed=seed, first_block=first_run // BLOCK_RUNS)
    model.datacollector = None
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
        together[month] = both_plays(classes[month], len(names.outcomes))
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
        first_run, runs, counts, together, value_moments(values), series, series_bins,
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
    alone.datacollector = None
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


def both_plays(classes: npt.NDArray[np.int8], outcomes: int) -> npt.NDArray[np.int64]:
    """In how many worlds both plays are in each class."""
    full = len(classes) // 2 * 2
    one, two = classes[0:full:2], classes[1:full:2]
    return np.bincount(one[one == two], minlength=outcomes)


def value_moments(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """The rows of `Block.moments` for values of shape (measures, runs)."""
    full = values.shape[1] // 2 * 2
    one, two = values[:, 0:full:2], values[:, 1:full:2]
    both = one + two  # NaN where one of them is
    terms = (values, values * values, both, one * two)
    counted = (~np.isnan(values), ~np.isnan(both))
    sums = [np.nansum(term, axis=1, dtype=np.float64) for term in terms]
    return np.stack([*sums, *(each.sum(axis=1, dtype=np.float64) for each in counted)])
