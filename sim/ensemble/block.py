"""Plays one block of runs month by month, and reduces it to statistics and the rows that are kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.ensemble.signals_and_memory import keep_freed_memory
from sim.inputs.scenario import Scenario
from sim.kernel.columns import BINS, Names
from sim.kernel.compiled import compiled, engine_of
from sim.kernel.instance import HISTOGRAMS, ROWS, WORLDS, Given, Played, written_calendar
from sim.model.assumptions import Value
from sim.model.satisfaction import against, is_better, satisfactions
from sim.model.streams import BLOCK_RUNS, RenamedStreams
from sim.vocabulary import better, gain, gained

COMPUTED_RUNS = 4 * BLOCK_RUNS  # runs computed at a time; part of a run's identity, since sums go in block order
ROWS_KEPT = 1_000_000  # runs of which a row is kept
NUMBERS_KEPT = 100_000  # runs of which the drawn numbers are kept
_KINDS = {"classes": "i", "holds": "b", "caused": "b"} | dict.fromkeys(  # of arrays that do not hold floats
    ("counts", "together", "series_bins", "leverage_bins"), "iu"
)
Play = Callable[[int, int, int, int], Played]  # by seed, first run, runs and what to keep


@dataclass(frozen=True)
class Tallies:
    """Statistics of all runs of a block or an ensemble and, for those that are kept, one row a run and one a world.

    ``moments`` rows: sum of y, of y squared, of y over worlds with two plays, of the product of the two plays, number
    of runs, number of worlds with two plays. Where a measure does not apply to a run its value is NaN and not counted.
    ``classes[m, r]`` is the place of run r's class in the names of outcomes if it had ended after month m.
    """

    counts: npt.NDArray[np.int64]  # (months + 1, outcomes)
    together: npt.NDArray[np.int64]  # (months + 1, outcomes): worlds whose two plays are both there
    moments: npt.NDArray[np.float64]  # (6, measures)
    series: npt.NDArray[np.float64]  # (months + 1, series): sums
    series_bins: npt.NDArray[np.integer[Any]]  # (months + 1, series, BINS)
    leverage: npt.NDArray[np.float64]  # (months + 1, dyads): sums
    leverage_bins: npt.NDArray[np.integer[Any]]  # (months + 1, dyads, BINS)
    classes: npt.NDArray[np.int8]  # (months + 1, kept runs)
    values: npt.NDArray[np.float32]  # (measures, kept runs): at the end
    holds: npt.NDArray[np.bool_]  # (claims, kept worlds)
    caused: npt.NDArray[np.bool_]  # (causes, kept worlds)
    numbers: Mapping[str, npt.NDArray[np.float32]]  # every uncertain number as drawn, (worlds with numbers kept,)
    names: Names
    runs: int


@dataclass(frozen=True)
class Block(Tallies):
    """The runs from ``first_run`` on that are computed at a time."""

    first_run: int


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
    names, (planned, without_summits, columns) = Names.of(scenario), _engine(scenario)
    keep = HISTOGRAMS | (ROWS if keep_rows or who_gained else 0) | (WORLDS if keep_rows else 0)
    found = planned(seed, first_run, runs, keep)
    rows = [names.finals.index(name) for name in names.measures]
    values, moments = found.values[rows], found.moments[:, rows]
    if who_gained:
        gain_names = [name for state in scenario.case.states for name in (gained(state), better(state))]
        at = [names.measures.index(name) for name in gain_names]
        values[at] = _gained(scenario, names, found, without_summits(seed, first_run, runs, ROWS))
        moments[:, at] = value_moments(values[at])
    kept, series = slice(None) if keep_rows else slice(0, 0), len(names.series)
    place = {name: row for row, name in enumerate(columns)}
    return Block(
        found.counts, found.pairs, moments, found.sums[:, :series], found.bins[:, :series],
        found.sums[:, series:], found.bins[:, series:], found.classes[:, kept], values[:, kept],
        holds=found.worlds[[place[f"holds {id}"] for id in names.claims]] != 0,
        caused=found.worlds[[place[f"cause {group}"] for group in names.causes]] != 0,
        numbers={
            name: found.worlds[place[f"drawn {name}"]] for name in names.drawn if keep_rows and keep_numbers
        },
        names=names, runs=runs, first_run=first_run,
    )  # fmt: skip


def check_tallies(
    found: Mapping[str, Any], names: Names, months: int, runs: int, kept: int | None = None, drawn: int = 0
) -> None:
    """Raises ValueError where arrays that were read are not as `Tallies` says, or of another number of runs.

    Rows are of ``kept`` runs, drawn numbers of the worlds of ``drawn``; without ``kept`` there are no rows.
    """
    by_outcome, by_series = (months + 1, len(names.outcomes)), (months + 1, len(names.series))
    by_dyad, worlds = (months + 1, len(names.dyads)), -(-(kept or 0) // 2)
    shapes = {
        "counts": by_outcome, "together": by_outcome, "moments": (6, len(names.measures)), "series": by_series,
        "series_bins": (*by_series, BINS), "leverage": by_dyad, "leverage_bins": (*by_dyad, BINS),
    }  # fmt: skip
    if kept is not None:
        shapes |= {"classes": (months + 1, kept), "values": (len(names.measures), kept)}
        shapes |= {"holds": (len(names.claims), worlds), "caused": (len(names.causes), worlds)}
    numbers = found.get("numbers", {})
    arrays = {**found, **numbers}
    shapes |= dict.fromkeys(numbers, (-(-drawn // 2),))
    wrong = [name for name, shape in shapes.items() if arrays[name].shape != shape]
    wrong += [name for name in shapes if arrays[name].dtype.kind not in _KINDS.get(name, "f")]
    if wrong or tuple(numbers) != (names.drawn if drawn else ()):
        raise ValueError(f"not the arrays of this scenario: {wrong}")
    places = found["classes"] if kept else np.zeros(1)
    if (found["counts"].sum(axis=1) != runs).any() or not 0 <= places.min() <= places.max() < len(names.outcomes):
        raise ValueError("not the endings of these runs")
    if not np.isfinite(found["moments"][4:]).all():
        raise ValueError("not numbers of runs")


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
    names, (planned, *_) = Names.of(scenario), _engine(scenario, renamed)
    found = planned(seed, first_run, runs, ROWS)
    return Ends(found.classes[-1], dict(zip(names.finals, found.values, strict=True)))


def prepare(scenario: Scenario) -> None:
    """Compile the model or import Mesa, once, before workers are started."""
    if engine_of(scenario) == "compiled":
        compiled(scenario)
    else:
        import sim.model.diplomacy  # noqa: F401


def _engine(scenario: Scenario, renamed: Callable[[str], str] | None = None) -> tuple[Play, Play, Sequence[str]]:
    """What plays a scenario, what plays the same worlds without any summit, and what ``Played.worlds`` holds."""
    alone = replace(scenario, summits=())
    if engine_of(scenario) != "compiled":
        return partial(_play_mesa, scenario, renamed), partial(_play_mesa, alone, renamed), Names.of(scenario).worlds
    model = compiled(scenario)
    given = Given.of(scenario, model.layout, renamed)

    def without_summits(*asked: int) -> Played:
        return model.play_given(replace(given, calendar=written_calendar(alone, model.layout)), *asked)

    return partial(model.play_given, given), without_summits, model.layout["worlds"]


def _gained(scenario: Scenario, names: Names, found: Played, alone: Played) -> npt.NDArray[np.float32]:
    """gained.STATE and better.STATE of every state, from the same worlds with and without summits."""
    hazard = scenario.case.month.hazard
    both = found.values, alone.values
    fatal = np.zeros(found.values.shape[1])
    if hazard is not None:
        fatal = np.maximum(*(values[names.finals.index(hazard.measure)] for values in both))
    rows = []
    for state in scenario.case.states:
        own, without = (values[names.finals.index(gain(state))] for values in both)
        more = against(own, without, fatal)
        rows += [more, is_better(more)]
    return np.stack(rows)


def _play_mesa(
    scenario: Scenario, renamed: Callable[[str], str] | None, seed: int, first_run: int, runs: int, keep: int
) -> Played:
    """What the compiled model returns, by the Mesa model itself; rows of runs always, sums only with histograms."""
    from sim.model.diplomacy import Diplomacy  # slow to import, and not needed to read a finished ensemble

    names, streams = Names.of(scenario), RenamedStreams(renamed or str, seed, runs, first_run // BLOCK_RUNS)
    model = Diplomacy(scenario, runs, seed, streams=streams)
    model.datacollector = None
    months, outcomes, columns = scenario.months + 1, len(names.outcomes), len(names.series) + len(names.dyads)
    counts, pairs = (np.zeros((months, outcomes), dtype=np.int64) for _ in range(2))
    sums, bins = np.zeros((months, columns)), np.zeros((months, columns, BINS), dtype=np.uint16)
    classes = np.empty((months, runs), dtype=np.int8)
    while not model.finished:
        month = model.month
        model.step()
        classes[month] = model.outcomes()
        counts[month] = np.bincount(classes[month], minlength=outcomes)
        pairs[month] = both_plays(classes[month], outcomes)
        if keep & HISTOGRAMS:
            now = model.variables | model.last_measures
            levels = [(now[name], names.top(name)) for name in names.series]
            levels += [(model.leverage.get(dyad, 0.0), 1.0) for dyad in names.dyads]
            _record(sums[month], bins[month], levels, runs)
    ends = model.variables | model.measures()
    ends |= {f"satisfaction.{name}": value for name, value in satisfactions(model).items()}
    values = np.stack([np.broadcast_to(np.asarray(ends[name], dtype=np.float32), runs) for name in names.finals])
    world = model.world
    drawn = {
        **{f"drawn {name}": value for name, value in world.drawn.items()},
        **{f"holds {id}": holds for id, holds in world.holds.items()},
        **{f"cause {group}": caused for group, caused in world.causes.items()},
    }
    worlds = np.stack([drawn[name] for name in names.worlds], dtype=np.float32)
    kept = slice(None) if keep & WORLDS else slice(0, 0)
    model.close()
    return Played(counts, pairs, sums, bins, value_moments(values), classes, values, worlds[:, kept])


def _record(
    sums: npt.NDArray[np.float64], bins: npt.NDArray[np.uint16], values: list[tuple[Value, float]], runs: int
) -> None:
    """Write a month's sums and histograms; what lies outside is counted in the first or last bar."""
    for place, (value, top) in enumerate(values):
        each = np.atleast_1d(np.asarray(value, dtype=np.float32))
        times = runs // len(each)  # a number that all runs share is looked at once
        bars = each * np.float32(BINS / top)
        bars.clip(0, BINS - 1, out=bars)
        sums[place] = each.sum(dtype=np.float64) * times
        bins[place] = np.bincount(bars.astype(np.int32), minlength=BINS) * times


def both_plays(classes: npt.NDArray[np.int8], outcomes: int) -> npt.NDArray[np.int64]:
    """In how many worlds both plays are in each class."""
    full = len(classes) // 2 * 2
    one, two = classes[0:full:2], classes[1:full:2]
    return np.bincount(one[one == two], minlength=outcomes)


def value_moments(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """The rows of `Block.moments` for values of shape (measures, runs); few at a time, so that the cache holds them."""
    pieces = [_moments(values[place : place + 8]) for place in range(0, len(values), 8)]
    return np.concatenate(pieces, axis=1)


def _moments(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    full = values.shape[1] // 2 * 2
    there = ~np.isnan(values)
    in_both = there[:, 0:full:2] & there[:, 1:full:2]
    known = values if there.all() else np.where(there, values, np.float32(0))
    one, two = known[:, 0:full:2], known[:, 1:full:2]
    both = one + two if in_both.all() else np.where(in_both, one + two, np.float32(0))
    terms = (known, known * known, both, one * two)
    counted = (there, in_both)
    sums = [term.sum(axis=1, dtype=np.float64) for term in terms]
    return np.stack([*sums, *(each.sum(axis=1, dtype=np.float64) for each in counted)])
